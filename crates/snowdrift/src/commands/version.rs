//! `snowdrift version`: what this program is, and what it reads and writes.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use super::Failure;
use crate::report::FORMAT_VERSION;

/// Prints the version of this program and of the reports that it reads and writes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Prints JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// The version cannot be printed.
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let version = env!("CARGO_PKG_VERSION");
        if self.json {
            let text = json!({ "snowdrift": version, "report_format": FORMAT_VERSION });
            writeln!(out, "{text:#}")?;
        } else {
            writeln!(out, "snowdrift {version} (reports of format {FORMAT_VERSION})")?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
