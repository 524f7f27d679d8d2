//! Tests of what is read from the environment.

use super::*;

fn read(variables: &'static [(&'static str, &'static str)]) -> impl Fn(&str) -> Option<String> {
    move |name| variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned())
}

fn log(variables: &'static [(&'static str, &'static str)]) -> Option<Level> {
    HostEnvironment::from_vars(read(variables)).with_own_log("my-cloud", read(variables)).log
}

#[test]
fn an_empty_environment_asks_for_nothing() {
    let environment = HostEnvironment::from_vars(|_| None);
    assert_eq!(environment, HostEnvironment::from_vars(|_| Some(String::new())));
    assert_eq!(environment.cookie, None);
    assert_eq!(environment.log, None);
    assert_eq!(environment.ports, PortRange { first: 0, last: 0 });
}

#[test]
fn the_most_specific_log_level_wins() {
    assert_eq!(log(&[("TF_LOG", "warn")]), Some(Level::Warn));
    assert_eq!(log(&[("TF_LOG", "warn"), ("TF_LOG_PROVIDER", "DEBUG")]), Some(Level::Debug));
    assert_eq!(
        log(&[("TF_LOG_PROVIDER", "DEBUG"), ("TF_LOG_PROVIDER_MY_CLOUD", "error")]),
        Some(Level::Error)
    );
    assert_eq!(log(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "off")]), None);
    assert_eq!(log(&[("TF_LOG", "JSON")]), Some(Level::Trace));
    assert_eq!(log(&[("TF_LOG", "nonsense")]), Some(Level::Trace));
}

#[test]
fn the_ports_that_terraform_names_are_taken_over() {
    let environment =
        HostEnvironment::from_vars(read(&[("PLUGIN_MIN_PORT", "10000"), ("PLUGIN_MAX_PORT", "25000")]));
    assert_eq!(environment.ports, PortRange { first: 10_000, last: 25_000 });
}
