//! Where a setting comes from, and what is said when it comes from nowhere.

use super::*;

fn block(members: &[(&str, Value)]) -> Object {
    let mut object = ProviderBlock::default().to_object();
    for (name, value) in members {
        assert!(object.insert((*name).to_owned(), value.clone()).is_some(), "{name}");
    }
    object
}

fn text(it: &str) -> Value {
    Value::string(it)
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment::from_variables(|name| pairs.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()))
}

const ALL: &[(&str, &str)] = &[
    ("SERVICENOW_INSTANCE_URL", "https://environment.example"),
    ("SERVICENOW_USERNAME", "env-user"),
    ("SERVICENOW_PASSWORD", "env-password"),
];

fn ready(members: &[(&str, Value)], pairs: &[(&str, &str)]) -> Settings {
    match resolve(&block(members), &environment(pairs)) {
        Outcome::Ready(settings) => *settings,
        other => panic!("{other:?}"),
    }
}

fn wrong(members: &[(&str, Value)], pairs: &[(&str, &str)], parts: &[&str]) {
    let Outcome::Wrong(problems) = resolve(&block(members), &environment(pairs)) else { panic!("{parts:?}") };
    let text: Vec<String> = problems.0.iter().map(|it| format!("{}: {}", it.summary, it.detail)).collect();
    let text = text.join("\n");
    for part in parts.iter().chain(&["othing was"]) {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
    assert!(!text.contains("env-password"), "{text}");
}

#[test]
fn the_environment_fills_what_the_block_leaves_out() {
    let settings = ready(&[], ALL);
    assert_eq!(settings.url.to_string(), "https://environment.example");
    assert_eq!((settings.username.as_str(), settings.password.expose()), ("env-user", "env-password"));
    let settings = ready(&[("username", text("block-user"))], ALL);
    assert_eq!((settings.username.as_str(), settings.password.expose()), ("block-user", "env-password"));
}

#[test]
fn an_instance_in_the_block_silences_both_of_the_environment() {
    let both = [ALL, &[("SERVICENOW_INSTANCE", "dev2")]].concat();
    let settings = ready(&[("instance", text("dev1"))], &both);
    assert_eq!(settings.url.to_string(), "https://dev1.service-now.com");
    let settings = ready(&[("instance_url", text("https://block.example"))], &both);
    assert_eq!(settings.url.to_string(), "https://block.example");
    wrong(&[], &both, &["Two instances are named"]);
}

#[test]
fn what_is_missing_or_wrong_is_named_with_the_way_out() {
    wrong(&[], &ALL[1..], &["`instance_url` is missing", "SERVICENOW_INSTANCE_URL"]);
    wrong(&[], &ALL[..1], &["`username` is missing", "`password` is missing", "SERVICENOW_PASSWORD"]);
    wrong(
        &[("instance_url", text("http://remote.example"))],
        ALL,
        &["`instance_url` is not usable", "allow_http"],
    );
    wrong(&[("instance", text("a b"))], ALL, &["`instance` is not usable"]);
}

#[test]
fn plain_http_is_for_this_machine_or_on_request() {
    assert_eq!(
        ready(&[("instance_url", text("http://127.0.0.1:8080"))], ALL).url.to_string(),
        "http://127.0.0.1:8080"
    );
    let allowed = [("instance_url", text("http://remote.example")), ("allow_http", Value::Bool(true))];
    assert_eq!(ready(&allowed, ALL).url.to_string(), "http://remote.example");
}

#[test]
fn an_empty_variable_is_no_value_and_an_unknown_value_is_no_error() {
    let empty = environment(&[("SERVICENOW_USERNAME", "")]);
    assert_eq!(empty.username, None);
    let unknown = block(&[("password", Value::unknown())]);
    assert!(matches!(resolve(&unknown, &environment(ALL)), Outcome::NotYet));
}

#[test]
fn the_rule_of_the_instance_can_be_given() {
    for (word, belief) in [
        ("detect", Belief::Unknown),
        ("cascade", Belief::SwitchesSiblingsOff),
        ("refuse", Belief::RefusesSecond),
        ("none", Belief::DoesNothing),
    ] {
        assert_eq!(ready(&[("one_active_rule", text(word))], ALL).one_active_rule, belief);
    }
    assert_eq!(ready(&[], ALL).one_active_rule, Belief::Unknown);
}

#[test]
fn settings_do_not_print_the_password() {
    let printed = format!("{:?} {:?}", ready(&[], ALL), environment(ALL));
    assert!(!printed.contains("env-password"), "{printed}");
}
