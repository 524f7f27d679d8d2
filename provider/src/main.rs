//! The plugin: reads the environment and serves.

use std::process::ExitCode;
use std::sync::Arc;

use terraform_provider_servicenow::{Environment, PREFIX, SOURCE_ADDRESS, ServiceNow, VERSION};
use tf_plugin::HostEnvironment;

#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

#[expect(clippy::print_stdout, reason = "asked for by hand, before anything is served")]
fn main() -> ExitCode {
    if std::env::args().skip(1).any(|it| it == "--version" || it == "-V") {
        println!("terraform-provider-servicenow {VERSION}");
        return ExitCode::SUCCESS;
    }
    let provider = Arc::new(ServiceNow::new(Environment::from_variables(variable)));
    let host = HostEnvironment::from_vars(variable).with_own_log(PREFIX, variable);
    tf_plugin::run(provider, &host, SOURCE_ADDRESS)
}
