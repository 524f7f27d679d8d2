//! The companion at the command line, for jobs that watch drift and keep instances as declared.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser;
use snowdrift::commands::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    match arguments.run(environment.collect(), &mut std::io::stdout().lock()) {
        Ok(code) => code,
        Err(failure) => {
            // Nobody listens any more if this cannot be written.
            let _ = writeln!(std::io::stderr(), "Error: {failure:#}");
            ExitCode::from(snowdrift::commands::FAILED)
        }
    }
}
