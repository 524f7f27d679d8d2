//! What people and time do to an instance beside the requests.

use serde_json::json;
use servicenow_core::Method;

use super::later::Later;
use super::*;
use crate::answer::tests::{Asking, open_empty};
use crate::{Clock, Fixture, Options, SecretState, Simulator};

fn edit(value: &serde_json::Value) -> Edit {
    serde_json::from_value(value.clone()).unwrap()
}

fn later(value: &serde_json::Value) -> Later {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn an_operator_edits_under_the_rules_and_in_the_own_name() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    for name in ["blue", "green"] {
        admin.create(
            "http_connection",
            &json!({"name": name, "connection_alias": alias, "active": name == "blue"}).to_string(),
        );
    }
    let switch = edit(
        &json!({"user_name": "operator", "table": "sys_connection", "query": "name=green", "values": {"active": "true"}}),
    );
    let rows = simulator.operator(&switch).unwrap();
    assert_eq!((rows.len(), rows[0]["sys_updated_by"].as_str()), (1, "operator"));
    let stored = simulator.rows("sys_connection");
    let active: Vec<&str> =
        stored.iter().filter(|it| it["active"] == "true").map(|it| it["name"].as_str()).collect();
    assert_eq!(active, ["green"], "the rule cascades for people too");
    let created = edit(
        &json!({"table": "sys_connection", "action": "create", "values": {"name": "red", "connection_alias": "orders"}}),
    );
    assert_eq!(
        simulator.operator(&created).unwrap()[0]["connection_alias"],
        alias,
        "people name what they see"
    );
    let deleted = edit(&json!({"table": "sys_connection", "action": "delete", "query": "nameSTARTSWITHr"}));
    assert_eq!(simulator.operator(&deleted).unwrap().len(), 1);
    assert_eq!(simulator.rows("sys_connection").len(), 2);
}

#[test]
fn an_edit_without_rules_makes_states_that_rules_forbid() {
    let simulator = open_empty(&[("one_active_rule", "refuse")]);
    let create = |name: &str, without_rules: bool| {
        let values = json!({"name": name, "connection_alias": "deaddeaddeaddeaddeaddeaddeaddead"});
        simulator.operator(&edit(&json!({"table": "http_connection", "action": "create", "values": values, "without_rules": without_rules})))
    };
    create("a", false).unwrap();
    assert!(create("b", false).is_err());
    create("b", true).unwrap();
    assert_eq!(simulator.rows("http_connection").len(), 2);
}

#[test]
fn an_edit_that_cannot_be_understood_says_why_and_changes_nothing() {
    let simulator = open_empty(&[]);
    for (value, reason) in [
        (json!({"table": "nothing", "query": "a=b"}), "has no table `nothing`"),
        (json!({"table": "sys_alias", "query": "name=a", "values": {"nome": "b"}}), "no column `nome`"),
        (json!({"table": "sys_alias", "query": "nome=a"}), "names what this table does not have"),
        (json!({"table": "sys_alias", "values": {"name": "b"}}), "needs a query"),
        (json!({"table": "sys_alias", "action": "delete", "query": ""}), "needs a query"),
    ] {
        let error = simulator.operator(&edit(&value)).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_change_follows_a_write_when_the_clock_says_so() {
    let now = Clock::manual(1_767_323_045_000);
    let simulator =
        Simulator::open(Options { fixture: Fixture::Empty, now: now.clone(), ..Options::default() }).unwrap();
    simulator.later(later(&json!({"table": "sys_connection", "when": {"active": "true"}, "after_ms": 2000, "values": {"connection_timeout": "30"}})));
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.create("http_connection", r#"{"name":"blue"}"#);
    admin.create("http_connection", r#"{"name":"green","active":"false"}"#);
    let read = || admin.json(Method::Get, &format!("/api/now/table/http_connection/{sys_id}"), "");
    now.advance_ms(1999);
    assert_eq!(read()["result"]["connection_timeout"], "");
    now.advance_ms(1);
    let after = read();
    assert_eq!(after["result"]["connection_timeout"], "30");
    assert_eq!(after["result"]["sys_updated_by"], "system");
    now.advance_ms(10_000);
    assert_eq!(read(), after, "it does not cause itself again");
}

#[test]
fn a_snapshot_brings_everything_back_secrets_too() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let path = "/api/now/table/basic_auth_credentials?sysparm_input_display_value=true";
    let created = admin.json(Method::Post, path, r#"{"name":"orders","password":"first"}"#);
    let sys_id = created["result"]["sys_id"].as_str().unwrap().to_owned();
    let proves = |secret: &str| simulator.proves("discovery_credentials", &sys_id, "password", secret);
    simulator.snapshot("before").unwrap();
    let one = format!("/api/now/table/basic_auth_credentials/{sys_id}?sysparm_input_display_value=true");
    admin.json(Method::Patch, &one, r#"{"password":"second"}"#);
    admin.create("sys_alias", r#"{"name":"late"}"#);
    assert!(proves("second") && !proves("first"));
    simulator.restore("before").unwrap();
    assert!(proves("first") && !proves("second"));
    assert!(simulator.rows("sys_alias").is_empty());
    admin.create("sys_alias", r#"{"name":"later"}"#);
    assert!(!admin.column("/api/now/table/sys_dictionary?name=sys_alias", "element").is_empty());
    assert_eq!(simulator.restore("never").unwrap_err().to_string(), "there is no snapshot `never`");
}

#[test]
fn a_reset_makes_the_instance_new_and_keeps_the_password() {
    let simulator = open_empty(&[("one_active_rule", "refuse")]);
    let admin = Asking::administrator(&simulator);
    admin.create("sys_alias", r#"{"name":"orders"}"#);
    simulator.set("one_active_rule", "none").unwrap();
    let users = simulator.rows("sys_user").len();
    simulator.reset().unwrap();
    assert!(simulator.rows("sys_alias").is_empty());
    assert_eq!(simulator.rows("sys_user").len(), users);
    assert_eq!(admin.status(Method::Get, "/api/now/table/sys_alias", ""), 200);
    let refused = |name: &str| {
        let body = json!({"name": name, "connection_alias": "deaddeaddeaddeaddeaddeaddeaddead"});
        admin.status(Method::Post, "/api/now/table/http_connection", &body.to_string())
    };
    assert_eq!((refused("a"), refused("b")), (201, 403), "settings are those it was opened with");
}

#[test]
fn a_clone_brings_the_rows_of_a_data_file_and_leaves_out_what_is_excluded() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("production.db");
    let options = || Options { fixture: Fixture::Empty, password: Some("same".into()), ..Options::default() };
    let production = Simulator::open(Options { data: Some(file.clone()), ..options() }).unwrap();
    let admin = Asking::administrator(&production);
    admin.create("sys_alias", r#"{"name":"orders"}"#);
    admin.create("http_connection", r#"{"name":"production"}"#);
    drop(production);
    for (preserve, exclude, names) in [
        (json!([]), json!([]), "production"),
        (json!(["sys_connection"]), json!([]), "test"),
        (json!([]), json!(["sys_connection"]), ""),
    ] {
        let test = Simulator::open(options()).unwrap();
        Asking::administrator(&test).create("http_connection", r#"{"name":"test"}"#);
        let profile = json!({"source": {"file": file}, "preserve": preserve, "exclude": exclude});
        test.clone_over(&serde_json::from_value(profile).unwrap()).unwrap();
        let found: Vec<String> = test.rows("sys_connection").iter().map(|it| it["name"].clone()).collect();
        assert_eq!(found.join(" "), names, "{preserve} {exclude}");
        assert_eq!(test.rows("sys_alias").len(), 1);
    }
}

#[test]
fn a_stored_secret_is_usable_or_not() {
    let simulator = open_empty(&[("password2_write", "raw_unless_display_value")]);
    let admin = Asking::administrator(&simulator);
    for (meaning, body, state, proven) in [
        ("true", r#"{"password":"secret"}"#, SecretState::Usable, true),
        ("false", r#"{"password":"secret"}"#, SecretState::Unusable, false),
        ("true", r#"{"password":""}"#, SecretState::Empty, false),
    ] {
        let path = format!("/api/now/table/basic_auth_credentials?sysparm_input_display_value={meaning}");
        let created = admin.json(Method::Post, &path, body);
        let sys_id = created["result"]["sys_id"].as_str().unwrap();
        let table = "discovery_credentials";
        assert_eq!(simulator.secret_state(table, sys_id, "password"), state, "{meaning} {body}");
        assert_eq!(simulator.proves(table, sys_id, "password", "secret"), proven, "{meaning} {body}");
        assert_eq!(simulator.secret_state(table, sys_id, "name"), SecretState::Missing);
    }
}
