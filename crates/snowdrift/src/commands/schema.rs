//! `snowdrift schema`: the JSON Schemas of what this program writes.

use std::io::Write;
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;

use super::Failure;
use crate::schemas;

/// Prints the JSON Schema of what this version writes.
///
/// The schema tells other programs, editors and validators what `--format json` holds. It changes its version when a
/// reader of the version before could not understand it any more.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  snowdrift schema > drift-report.schema.json
  snowdrift schema drift-report | jq .title")]
pub struct Arguments {
    /// Which schema
    #[arg(default_value = "drift-report", value_parser = PossibleValuesParser::new(schemas::all().into_iter().map(|it| it.name)))]
    name: String,
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// The schema cannot be printed.
    pub fn run(&self, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let found = schemas::all().into_iter().find(|it| it.name == self.name);
        out.write_all(found.map(|it| it.text).unwrap_or_default().as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
