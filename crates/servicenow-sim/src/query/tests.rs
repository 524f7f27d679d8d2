//! Encoded queries: which rows they select.

use serde_json::json;
use servicenow_core::Method;

use super::*;
use crate::Simulator;
use crate::answer::tests::{Asking, open_empty};

/// An instance with four aliases and four connections, and the ids of the aliases.
fn filled(settings: &[(&str, &str)]) -> (Simulator, Vec<String>) {
    let simulator = open_empty(settings);
    let admin = Asking::administrator(&simulator);
    let mut aliases = Vec::new();
    for (name, description) in
        [("Alpha", "first one"), ("Beta", "100% second"), ("Gamma", ""), ("Delta", "it's_4")]
    {
        let body = json!({"name": name, "description": description}).to_string();
        aliases.push(admin.create("sys_alias", &body));
    }
    for (name, alias, order, active) in [
        ("a", aliases[0].as_str(), "9", "true"),
        ("b", &aliases[1], "10", "false"),
        ("c", "", "100", "true"),
        ("d", &aliases[3], "", "false"),
    ] {
        let body = json!({"name": name, "connection_alias": alias, "order": order, "active": active});
        admin.create("http_connection", &body.to_string());
    }
    (simulator, aliases)
}

/// The names of the connections that each query selects, in order.
fn check_with(settings: &[(&str, &str)], table: &[(&str, &str)]) {
    let (simulator, aliases) = filled(settings);
    let admin = Asking::administrator(&simulator);
    for (query, names) in table {
        let query = query.replace("ALPHA", &aliases[0]).replace("BETA", &aliases[1]);
        let target = format!("/api/now/table/sys_connection?sysparm_query={query}");
        assert_eq!(admin.column(&target, "name").join(""), *names, "{query}");
    }
}

fn check(table: &[(&str, &str)]) {
    let ordered: Vec<(String, &str)> =
        table.iter().map(|(query, names)| (format!("{query}^ORDERBYname"), *names)).collect();
    let ordered: Vec<(&str, &str)> = ordered.iter().map(|(query, names)| (query.as_str(), *names)).collect();
    check_with(&[], &ordered);
}

#[test]
fn operators_select_by_value() {
    check(&[
        ("name=b", "b"),
        ("name=B", "b"),
        ("name!=b", "acd"),
        ("nameINa,c", "ac"),
        ("nameNOT INa,c", "bd"),
        ("active=true", "ac"),
        ("active=1", "ac"),
        ("active!=true", "bd"),
        ("order<10", "a"),
        ("order<=10", "ab"),
        ("order>10", "c"),
        ("order>=10", "bc"),
        ("orderBETWEEN9@10", "ab"),
        ("orderISEMPTY", "d"),
        ("order=", "d"),
        ("orderISNOTEMPTY", "abc"),
        ("order!=", "abc"),
        ("nameANYTHING", "abcd"),
        ("nameSAMEASsys_id", ""),
        ("nameNSAMEASsys_id", "abcd"),
        ("sys_class_nameINSTANCEOFsys_connection", "abcd"),
        ("sys_class_nameINSTANCEOFsys_alias", ""),
        ("name>b", "cd"),
        ("connection_alias=ALPHA", "a"),
        ("connection_aliasINALPHA,BETA", "ab"),
        ("connection_aliasISEMPTY", "c"),
    ]);
}

#[test]
fn dots_follow_references() {
    check(&[
        ("connection_alias.name=alpha", "a"),
        ("connection_alias.name!=alpha", "bcd"),
        ("connection_alias.nameSTARTSWITHb", "b"),
        ("connection_alias.nameENDSWITHTA", "bd"),
        ("connection_alias.name%ta", "bd"),
        ("connection_alias.nameLIKElph", "a"),
        ("connection_alias.name*lph", "a"),
        ("connection_alias.nameNOT LIKElph", "bcd"),
        ("connection_alias.name!*lph", "bcd"),
        ("connection_alias.descriptionLIKE%", "b"),
        ("connection_alias.descriptionLIKEs_4", "d"),
        ("connection_alias.descriptionLIKEt_s", ""),
        ("connection_alias.description=it's_4", "d"),
        ("connection_alias.sys_scope.name=Global", "abd"),
        ("connection_alias.nameISEMPTY", "c"),
    ]);
}

#[test]
fn conditions_combine_as_the_platform_combines_them() {
    check(&[
        ("active=true^name=a", "a"),
        ("name=a^ORname=b", "ab"),
        ("active=true^name=a^ORname=b", "a"),
        ("name=a^ORname=b^active=true", "a"),
        ("name=a^ORname=b^active=true^ORname=b", "ab"),
        ("name=a^NQname=b", "ab"),
        ("active=true^name=a^NQactive=false^name=b", "ab"),
        ("name=a^ORname=c^NQname=d^EQ", "acd"),
        ("name=a^GROUPBYname", "a"),
        ("", "abcd"),
    ]);
}

#[test]
fn what_cannot_be_understood_is_left_out() {
    check(&[
        ("bogus=1", "abcd"),
        ("bogus=1^name=b", "b"),
        ("name=b^ORbogus=1", "b"),
        ("bogus=1^ORname=b", "b"),
        ("bogus=1^NQname=b", "b"),
        ("Name=b", "abcd"),
        ("name", "abcd"),
        ("nameRESEMBLESb", "abcd"),
        ("connection_alias.bogus=1", "abcd"),
        ("name.name=1", "abcd"),
        ("=b", "abcd"),
        ("ORname=b", "abcd"),
        ("name=b^ORDERBYbogus", "b"),
        ("host=x", "abcd"),
    ]);
}

#[test]
fn a_script_in_a_query_is_never_run_and_known_calls_are_understood() {
    for (setting, query, names) in [
        ("known", "sys_created_by=javascript:gs.getUserName()^active=true", "ac"),
        ("known", "sys_created_on>=javascript:gs.beginningOfToday()", "abcd"),
        ("known", "sys_created_on<javascript:gs.beginningOfToday()", ""),
        ("known", "name=javascript:gs.getUserID()", ""),
        ("known", "name=javascript:new GlideRecord('sys_user').deleteMultiple()", "abcd"),
        ("known", "name=b^ORname=javascript:rm()", "b"),
        ("ignored", "name=javascript:gs.getUserID()", "abcd"),
        ("ignored", "name=b^name=javascript:gs.getUserID()", "b"),
        ("no_rows", "name=javascript:gs.getUserID()", ""),
        ("no_rows", "name=b^ORname=javascript:gs.getUserID()", "b"),
    ] {
        let query = format!("{query}^ORDERBYname");
        check_with(&[("query_scripts", setting)], &[(query.as_str(), names)]);
    }
}

#[test]
fn an_alternative_to_what_was_left_out_binds_to_nothing_else() {
    check(&[("active=true^bogus=1^ORname=b", "")]);
}

#[test]
fn with_the_setting_an_invalid_part_gives_no_rows() {
    check_with(
        &[("invalid_query_returns_no_rows", "true")],
        &[("name=b", "b"), ("bogus=1", ""), ("name=b^ORbogus=1", ""), ("name=b^ORDERBYbogus", "")],
    );
}

#[test]
fn rows_are_ordered_by_what_people_see() {
    check_with(
        &[],
        &[
            ("ORDERBYname", "abcd"),
            ("ORDERBYDESCname", "dcba"),
            ("ORDERBYorder", "dabc"),
            ("ORDERBYactive^ORDERBYDESCname", "dbca"),
            ("ORDERBYconnection_alias", "cabd"),
            ("active=true^ORDERBYDESCorder", "ca"),
        ],
    );
}

#[test]
fn pairs_of_column_and_value_select_by_what_is_stored_or_seen() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders","type":"credential"}"#);
    let body = json!({"name": "blue", "connection_alias": alias}).to_string();
    admin.create("http_connection", &body);
    for (target, count) in [
        ("sys_alias?name=orders", 1),
        ("sys_alias?type=credential", 1),
        ("sys_alias?type=Credential", 1),
        ("sys_alias?type=connection", 0),
        ("sys_alias?name=orders&type=connection", 0),
        ("http_connection?connection_alias=orders", 1),
        ("http_connection?connection_alias=payments", 0),
        ("http_connection?bogus=1", 1),
        ("http_connection?name=green&sysparm_query=name=blue", 1),
    ] {
        let answer = admin.json(Method::Get, &format!("/api/now/table/{target}"), "");
        assert_eq!(answer["result"].as_array().unwrap().len(), count, "{target}");
    }
}

#[test]
fn a_hostile_query_is_answered() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for query in [
        "name=a^OR".repeat(5000),
        "name=a^".repeat(5000),
        "parent.".repeat(5000) + "name=a",
        "^NQ".repeat(5000),
        format!("nameIN{}", "a,".repeat(30_000)),
        "name='; DROP TABLE sys_alias; --".to_owned(),
        "\u{1f600}=é^é".to_owned(),
        "parent.parent.parent.parent.parent.parent.parent.name=a".to_owned(),
    ] {
        simulator.set("url_length_max", "1000000").unwrap();
        let answer = admin.ask(Method::Get, &format!("/api/now/table/sys_alias?sysparm_query={query}"), "");
        assert_eq!(answer.status, 200);
    }
}

#[test]
fn an_empty_text_has_no_conditions() {
    assert_eq!(parse(""), Query::default());
    assert_eq!(parse("^^"), Query::default());
}
