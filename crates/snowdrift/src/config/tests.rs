//! What `snowdrift.toml` may say.

use super::*;
use crate::commands::Variables;

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, Path::new("snowdrift.toml"))
}

#[track_caller]
fn check_wrong(text: &str, reason: &str) {
    let variables: Variables = [("EMPTY".to_owned(), String::new())].into();
    let error = match parse(text) {
        Err(error) => error.to_string(),
        Ok(config) => {
            let read = config.instances.iter().map(|it| settings::read(it, &variables));
            read.filter_map(Result::err).map(|it| it.to_string()).collect()
        }
    };
    assert!(error.contains(reason) && error.contains("snowdrift.toml"), "{text}: {error}");
    assert!(!error.contains("4711"), "{error}");
}

#[test]
fn what_means_nothing_is_named_with_what_to_write_instead() {
    check_wrong("instances = 1", "it has no `instances`");
    check_wrong("[drift]\nfail = 1", "unknown field `fail`");
    check_wrong("[drift]\nunmanaged = \"some\"", "unknown variant `some`");
    check_wrong(
        "[instance.a]\ninstance_ulr = \"x\"",
        "there is no setting `instance_ulr`. Similar are `instance_url`",
    );
    check_wrong(
        "[instance.a]\npassword = \"planted 4711\"",
        "Write `password_env` with the name of a variable",
    );
    check_wrong("[instance.a.oauth]\nclient_secret = \"planted 4711\"", "`oauth.client_secret_env`");
    check_wrong("[instance.a]\nheaders = { X-Key = \"planted 4711\" }", "`headers` is a secret");
    check_wrong("[instance.a]\npassword_env = \"MISSING\"", "`MISSING` of the environment, which is not set");
    check_wrong("[instance.a]\npassword_env = \"EMPTY\"", "`EMPTY` of the environment, which is not set");
    check_wrong("[instance.a]\nconcurrency = \"many\"", "`concurrency` is not a number");
    check_wrong("[instance.a]\nenvironment = 2027-01-31", "cannot be a date");
    check_wrong("[[instance]]\ninstance = \"a\"", "needs a `name`");
    check_wrong("[[instance]]\nname = \"a\"\n[[instance]]\nname = \"a\"", "the instance `a` is there twice");
    check_wrong("instance = 1", "neither `[instance.NAME]` nor `[[instance]]`");
    check_wrong("[instance]\na = 1", "an instance is a table");
    check_wrong("[[ignore]]\nclass = \"changed\"", "in the 1. `[[ignore]]`: missing field `reason`");
    check_wrong("[[ignore]]\nclass = \"changed\"\nreason = \" \"", "its `reason` is empty");
    check_wrong("[[ignore]]\nreason = \"r\"", "it would let everything be");
    check_wrong("[[ignore]]\nreason = \"r\"\naddress = \"a\"\nuntil = \"soon\"", "`soon`, which is no day");
    check_wrong("[[ignore]]\nreason = \"r\"\naddress = \"a\"\nwho = \"me\"", "unknown field `who`");
    check_wrong("ignore = 1", "`ignore` is written as `[[ignore]]`");
}

#[test]
fn instances_are_tables_by_name_or_a_list() {
    for text in ["[instance.b]\n[instance.a]", "[[instance]]\nname = \"b\"\n[[instance]]\nname = \"a\""] {
        let config = parse(text).unwrap();
        let names: Vec<&str> = config.instances.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(config.chosen(&["b".to_owned()]).unwrap().len(), 1);
        let error = config.chosen(&["c".to_owned()]).unwrap_err().to_string();
        assert_eq!(error, "there is no instance `c`; `snowdrift.toml` names a, b");
    }
}

#[test]
fn paths_of_an_instance_begin_where_the_file_lies() {
    let text = "[instance.a]\nfolder = \"live/a\"\nvar_files = [\"a.tfvars\"]\nvariables = { x = \"1\" }\nprovider = \"eu\"";
    let config = Config::parse(text, Path::new("jobs/snowdrift.toml")).unwrap();
    let [instance] = config.instances.as_slice() else { panic!("{config:?}") };
    assert_eq!(instance.folder.as_deref(), Some(Path::new("jobs/live/a")));
    assert_eq!(instance.var_files, [Path::new("jobs/a.tfvars")]);
    assert!(instance.settings.is_empty());
}

#[test]
fn a_pattern_has_stars_for_anything() {
    for (pattern, text, expected) in [
        ("a", "a", true),
        ("a", "ab", false),
        ("a*", "ab", true),
        ("*", "", true),
        ("*b", "ab", true),
        ("*b", "ba", false),
        ("a*c*e", "abcde", true),
        ("a*c*e", "abde", false),
        ("a*a", "a", false),
        ("module.*.servicenow_*", "module.x[\"ä\"].servicenow_http_connection.y", true),
        ("**", "x", true),
    ] {
        assert_eq!(rules::matches(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn a_rule_ends_after_its_day() {
    let config = parse("[[ignore]]\nreason = \"r\"\naddress = \"a\"\nuntil = 2027-01-31").unwrap();
    let [rule] = config.rules.as_slice() else { panic!("{config:?}") };
    for (day, expected) in [("2027-01-30", true), ("2027-01-31", true), ("2027-02-01", false)] {
        assert_eq!(rule.holds_on(day.parse().unwrap()), expected, "{day}");
    }
    assert!(rule.names("headers[\"X\"].value") && rule.names("name"));
    let headers = Rule { attribute: Some("headers".to_owned()), ..rule.clone() };
    assert!(headers.names("headers[\"X\"].value") && !headers.names("header"));
}
