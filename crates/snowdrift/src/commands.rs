//! The commands, their arguments and their exit codes.

#[allow(clippy::disallowed_methods, reason = "writes the pages of the manual")]
pub mod completions;
pub mod declared;
#[allow(clippy::disallowed_methods, reason = "reads earlier reports")]
pub mod drift;
pub mod export;
#[allow(clippy::disallowed_methods, reason = "reads the reports that are merged")]
pub mod merge;
pub mod schema;
#[allow(clippy::disallowed_methods, reason = "writes the file that is asked for")]
pub mod status;
#[allow(clippy::disallowed_methods, reason = "reads a file of certificates")]
pub mod test;
pub mod version;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The command could not do its work.
pub const FAILED: u8 = 1;

/// Something could not be decided.
pub const UNDECIDED: u8 = 3;

/// Compares declared ServiceNow integrations with what is on an instance, and takes over what is there.
///
/// To manage integrations, use the Terraform provider snowdrift/servicenow.
#[derive(Debug, Parser)]
#[command(name = "snowdrift", version, arg_required_else_help = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Drift(Box<drift::Arguments>),
    Declared(declared::Arguments),
    Export(export::Arguments),
    Merge(merge::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Completions),
    Man(completions::Man),
    Version(version::Arguments),
    Status(status::Arguments),
    Test(test::Arguments),
}

/// Why a command could not do its work: a sentence, and the chain of its causes.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// For that reason.
    pub fn new(reason: impl Into<String>) -> Failure {
        Failure(reason.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Failure {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        Failure(text)
    }
}

/// Does work that waits for an instance.
///
/// # Errors
/// What the work says, or that the process cannot have threads.
pub fn wait_for<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

/// The environment of the process.
pub type Variables = BTreeMap<String, String>;

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// It could not do its work.
    pub fn run(&self, environment: Variables, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        match &self.command {
            Command::Declared(it) => it.run(environment, out),
            Command::Drift(it) => it.run(&environment, out),
            Command::Export(it) => it.run(&environment, out),
            Command::Merge(it) => it.run(&environment, out),
            Command::Schema(it) => it.run(out),
            Command::Completions(it) => it.run(out),
            Command::Man(it) => it.run(out),
            Command::Version(it) => it.run(out),
            Command::Status(it) => it.run(&environment, out),
            Command::Test(it) => it.run(&environment, out),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_free_of_contradictions() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_version_is_the_packages() {
        assert!(Arguments::command().render_version().contains(env!("CARGO_PKG_VERSION")));
    }
}
