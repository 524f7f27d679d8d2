//! Where a setting comes from, and what is said when it comes from nowhere.

mod methods;

use tf_core::Model;

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
    assert!(!text.contains("env-password") && !text.contains("planted"), "{text}");
}

/// The user name and the password of basic authentication.
fn basic(settings: &Settings) -> (String, String) {
    match &settings.authenticator {
        Authenticator::Basic { username, password } => {
            (username.clone(), password.as_given().map_or("elsewhere", |it| it.expose()).to_owned())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_environment_fills_what_the_block_leaves_out() {
    let settings = ready(&[], ALL);
    assert_eq!(settings.url.to_string(), "https://environment.example");
    assert_eq!(basic(&settings), ("env-user".to_owned(), "env-password".to_owned()));
    let settings = ready(&[("username", text("block-user"))], ALL);
    assert_eq!(basic(&settings), ("block-user".to_owned(), "env-password".to_owned()));
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
    wrong(&[], &ALL[..1], &["No way to sign in", "`username` and `password`", "SERVICENOW_PASSWORD"]);
    wrong(&[], &ALL[..2], &["`password` is missing", "SERVICENOW_PASSWORD"]);
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
    assert_eq!(environment(&[("SERVICENOW_USERNAME", "")]), Environment::default());
    let unknown = block(&[("password", Value::unknown())]);
    let Outcome::NotYet(names) = resolve(&unknown, &environment(ALL)) else {
        panic!("an unknown value is known")
    };
    assert_eq!(names, ["password"]);
}

#[test]
fn the_rule_of_the_instance_can_be_given() {
    for (word, belief) in [
        ("detect", None),
        ("cascade", Some(Belief::SwitchesSiblingsOff)),
        ("refuse", Some(Belief::RefusesSecond)),
        ("none", Some(Belief::DoesNothing)),
    ] {
        let found = ready(&[("one_active_rule", text(word))], ALL).beliefs;
        assert_eq!(found.get("one_active_rule").copied(), belief, "{word}");
    }
    assert!(ready(&[], ALL).beliefs.is_empty());
}

#[test]
fn hosts_are_given_by_environment_in_the_block_and_in_the_environment() {
    let hosts = |it: &[&str]| Value::List(it.iter().map(|it| text(it)).collect());
    let rules = Value::Map([("test".to_owned(), hosts(&["*.test.example", "localhost"]))].into());
    let given = ready(&[("environment", text("test")), ("environment_hosts", rules)], ALL);
    let json = r#"{"test": ["*.test.example", "localhost"]}"#;
    let variables =
        [&[("SERVICENOW_ENVIRONMENT", "test"), ("SERVICENOW_ENVIRONMENT_HOSTS", json)], ALL].concat();
    assert_eq!(ready(&[], &variables).environment_hosts, given.environment_hosts);
    assert_eq!(given.environment_hosts.environment.as_deref(), Some("test"));
    assert_eq!(given.environment_hosts.rules["test"], ["*.test.example", "localhost"]);
}

#[test]
fn settings_do_not_print_the_password() {
    let secrets = [
        ALL,
        &[("SERVICENOW_PROXY_URL", "http://u:planted@proxy"), ("SERVICENOW_HEADERS", r#"{"x-a":"planted"}"#)],
    ];
    let printed = format!("{:?} {:?}", ready(&[], &secrets.concat()), environment(&secrets.concat()));
    assert!(!printed.contains("env-password") && !printed.contains("planted"), "{printed}");
}

#[test]
fn every_setting_has_a_variable_of_its_own() {
    let names = variables();
    let unique: std::collections::BTreeSet<&String> = names.iter().collect();
    assert_eq!(names.len(), unique.len());
    for expected in
        ["SERVICENOW_INSTANCE_URL", "SERVICENOW_OAUTH_CLIENT_ID", "SERVICENOW_EXPECTED_INSTANCE_NAME"]
    {
        assert!(unique.contains(&expected.to_owned()), "{expected} is missing in {names:?}");
    }
}

#[test]
fn a_variable_may_hold_a_number_a_flag_a_list_or_an_object() {
    let more = [
        ("SERVICENOW_REQUEST_TIMEOUT_SECONDS", "30"),
        ("SERVICENOW_ALLOW_HTTP", "TRUE"),
        ("SERVICENOW_PROXY_URL", "http://proxy.example:3128"),
        ("SERVICENOW_PROXY_EXCEPTIONS", r#"["inside.example"]"#),
        ("SERVICENOW_HEADERS", r#"{"X-Gateway": "key"}"#),
        ("SERVICENOW_VALIDATE", "warn"),
        ("SERVICENOW_VALIDATE_TABLE", "incident"),
        ("SERVICENOW_EXPECTED_INSTANCE_NAME", "dev1"),
        ("SERVICENOW_READ_STRATEGY", "single"),
    ];
    let settings = ready(&[("instance_url", text("http://remote.example"))], &[ALL, &more].concat());
    assert_eq!(settings.request_timeout, Some(Duration::from_secs(30)));
    assert!(matches!(settings.proxy, ProxyChoice::Given(_)) && settings.headers.len() == 1);
    assert_eq!((settings.validate, settings.read_strategy), (Validate::Warn, ReadStrategy::Single));
    assert_eq!(settings.validate_table.unwrap().as_str(), "incident");
    let expected = Expectation { name: Some("dev1".to_owned()), id: None, allows_unreadable: false };
    assert_eq!(settings.expectation, Some(expected));
}

#[test]
fn a_variable_that_cannot_be_used_is_named_and_not_repeated() {
    for (name, value, part) in [
        ("SERVICENOW_REQUEST_TIMEOUT_SECONDS", "planted", "a whole number"),
        ("SERVICENOW_REQUEST_TIMEOUT_SECONDS", "0", "between 1 and 600"),
        ("SERVICENOW_ALLOW_HTTP", "planted", "`true` or `false`"),
        ("SERVICENOW_TOKEN_COMMAND", "planted", "a list of texts in JSON"),
        ("SERVICENOW_TOKEN_COMMAND", "[1]", "a list of texts in JSON"),
        ("SERVICENOW_HEADERS", "[]", "an object of texts in JSON"),
        ("SERVICENOW_VALIDATE", "never", "one of `off`, `warn`, `error`"),
        ("SERVICENOW_OAUTH_GRANT_TYPE", "magic", "one of `client_credentials`"),
    ] {
        wrong(&[], &[ALL, &[(name, value)]].concat(), &[name, part]);
    }
}

#[test]
fn a_setting_that_breaks_something_is_refused_before_anything_is_asked() {
    let header = Value::Map([("Authorization".to_owned(), text("planted"))].into());
    for (name, value, part) in [
        ("headers", header, "`Authorization` is set by the provider itself"),
        ("proxy_url", text("socks5://planted"), "begins with `http://`"),
        ("validate_table", text("incident^planted"), "letters, digits and underscores"),
        ("credentials", text("planted"), "no colon"),
    ] {
        wrong(&[(name, value)], &ALL[..1], &[name, part]);
    }
    let nothing = ExpectedInstanceBlock::default().to_object();
    wrong(
        &[("expected_instance", Value::Map(nothing))],
        ALL,
        &["`expected_instance`", "a `name`, an `id` or both"],
    );
}
