//! The companion at the command line, for jobs that watch drift and keep instances as declared.

use clap::Parser;

/// Shows drift between declared and live ServiceNow integrations.
///
/// This release knows only --help and --version; its commands come with a later one. To manage integrations now, use
/// the Terraform provider snowdrift/servicenow.
#[derive(Parser)]
#[command(name = "snowdrift", version, arg_required_else_help = true)]
struct Arguments {}

fn main() {
    let Arguments {} = Arguments::parse();
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_help_says_that_commands_come_later() {
        let help = Arguments::command().render_long_help().to_string();
        assert!(help.contains("its commands come with a later one"), "{help}");
    }

    #[test]
    fn the_version_is_the_packages() {
        assert!(Arguments::command().render_version().contains(env!("CARGO_PKG_VERSION")));
    }
}
