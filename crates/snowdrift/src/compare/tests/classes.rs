//! Each class of findings, each made by hand.

use servicenow_sim::Person;

use super::*;
use crate::config::{Config, Unmanaged};
use crate::live::simulated::sign_in_as;
use crate::report::{Evidence, Values};

const CONNECTION: &str = "servicenow_http_connection.orders[\"test\"]";
const ACTIVATION: &str = "servicenow_connection_activation.orders";

#[tokio::test]
async fn what_was_applied_is_clean() {
    let world = World::applied(ORDERS).await;
    let report = world.report(&Options::default()).await;
    check(&report, &[]);
    assert_eq!(report.undecided, []);
    assert_eq!((report.counts.declared, report.counts.clean), (5, 5), "{:?}", report.counts);
    let [line] = report.integrations.as_slice() else { panic!("{:?}", report.integrations) };
    let active: Vec<(&str, bool)> = line.connections.iter().map(|it| (it.name.as_str(), it.active)).collect();
    assert_eq!(active, [("orders-prod", false), ("orders-test", true)]);
}

#[tokio::test]
async fn a_changed_value_is_told_with_both_sides_its_place_and_who_did_it() {
    let world = World::applied(ORDERS).await;
    let id = world.id("http_connection", "name", "orders-test");
    world.edit("http_connection", &id, r#"{"connection_url": "https://elsewhere.example"}"#);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::Changed, CONNECTION)]);
    let finding = &report.findings[0];
    let [difference] = finding.differences.as_slice() else { panic!("{finding:?}") };
    assert_eq!(difference.attribute, "connection_url");
    let expected =
        Values::Shown { declared: "https://test.example".into(), live: "https://elsewhere.example".into() };
    assert_eq!(difference.values, expected);
    assert_eq!(finding.place.as_ref().map(|it| (it.file.as_str(), it.line)), Some(("main.tf", 18)));
    assert_eq!(difference.place.as_ref().map(|it| it.line), Some(22));
    assert_eq!(finding.record.as_ref().map(|it| it.sys_id.as_str()), Some(id.as_str()));
    let change = finding.change.as_ref().unwrap();
    assert_eq!(change.by, "admin");
    assert!(change.on.ends_with('Z') && change.on.contains('T'), "{change:?}");
    assert_eq!(
        finding.remedy.apply.as_deref(),
        Some("terraform apply '-target=servicenow_http_connection.orders[\"test\"]'")
            .map(|it| it.replace("'-target=", "-target='"))
            .as_deref()
    );
    assert_eq!(report.counts.clean, 4);
    assert_eq!(finding.fingerprint, world.report(&Options::default()).await.findings[0].fingerprint);
}

#[tokio::test]
async fn the_audit_of_the_column_tells_more_than_the_last_write_of_the_record() {
    let world = World::applied(ORDERS).await;
    world.simulator.set("audit", "all").unwrap();
    let id = world.id("http_connection", "name", "orders-test");
    world.edit("http_connection", &id, r#"{"connection_url": "https://elsewhere.example"}"#);
    let report = world.report(&Options::default()).await;
    let change = report.findings[0].change.clone().unwrap();
    assert_eq!((change.by.as_str(), change.evidence), ("admin", Evidence::Audit));
}

#[tokio::test]
async fn what_is_gone_is_missing_and_what_refers_to_it_is_undecided() {
    let world = World::applied(ORDERS).await;
    let id = world.id("discovery_credentials", "name", "orders key");
    world.remove("discovery_credentials", &id);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::Missing, "servicenow_api_key_credential.orders")]);
    let undecided: Vec<_> = report.undecided.iter().map(|it| it.attribute.as_deref()).collect();
    assert_eq!(undecided, [Some("credential_id"), Some("credential_id")]);
}

#[tokio::test]
async fn a_switch_by_hand_is_one_finding_about_the_activation() {
    let world = World::applied(ORDERS).await;
    let (test, prod) = (
        world.id("http_connection", "name", "orders-test"),
        world.id("http_connection", "name", "orders-prod"),
    );
    world.edit("http_connection", &test, r#"{"active": "false"}"#);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::NoneActive, ACTIVATION)]);
    world.edit("http_connection", &prod, r#"{"active": "true"}"#);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::ActivationMoved, ACTIVATION)]);
    assert_eq!(
        report.findings[0].summary,
        "`servicenow_connection_activation.orders` declares \"orders-test\" to be active, and \"orders-prod\" is."
    );
    assert_eq!(
        report.findings[0].record.as_ref().unwrap().name,
        "orders",
        "the pointer is known by its alias"
    );
}

/// Switches by hand, hour by hour, and looks each time: who did it is told by the connections, never by the alias, which
/// nobody wrote.
async fn check_who_switched(audit: &str, evidence: Evidence) {
    let world = World::applied(ORDERS).await;
    world.simulator.set("audit", audit).unwrap();
    let id = |name| world.id("http_connection", "name", name);
    let written = |name| world.text("http_connection", &id(name), "sys_updated_on").replace(' ', "T") + "Z";
    let steps =
        [("orders-test", "false", Class::NoneActive), ("orders-prod", "true", Class::ActivationMoved)];
    for (name, active, class) in steps {
        world.wait_s(3600);
        world.edit("http_connection", &id(name), &format!(r#"{{"active": "{active}"}}"#));
        let report = world.report(&Options::default()).await;
        check(&report, &[(class, ACTIVATION)]);
        let change = report.findings[0].change.clone().unwrap();
        assert_eq!((change.on, change.evidence), (written(name), evidence), "{name}");
    }
}

#[tokio::test]
async fn who_switched_is_told_by_the_audit_of_the_connections() {
    check_who_switched("all", Evidence::Audit).await;
}

#[tokio::test]
async fn two_active_connections_are_told_once() {
    let world = World::applied(ORDERS).await;
    world.simulator.set("one_active_rule", "none").unwrap();
    world.simulator.set("credential_once_rule", "none").unwrap();
    let prod = world.id("http_connection", "name", "orders-prod");
    world.edit("http_connection", &prod, r#"{"active": "true"}"#);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::SeveralActive, ACTIVATION)]);
}

#[tokio::test]
async fn two_that_are_active_in_two_domains_are_as_they_may_be() {
    let world = World::applied(ORDERS).await;
    world.simulator.set("credential_once_rule", "none").unwrap();
    let prod = world.id("http_connection", "name", "orders-prod");
    let elsewhere = "d".repeat(32);
    world.edit("http_connection", &prod, &format!(r#"{{"sys_domain": "{elsewhere}", "active": "true"}}"#));
    let declared = world.id("http_connection", "name", "orders-test");
    assert_eq!(world.text("http_connection", &declared, "active"), "true", "the rule is one for each domain");
    let report = world.report(&Options::default()).await;
    let classes: Vec<Class> = report.findings.iter().map(|it| it.class).collect();
    assert!(
        !classes.contains(&Class::SeveralActive) && !classes.contains(&Class::ActivationMoved),
        "{classes:?}"
    );
}

#[tokio::test]
async fn a_connection_that_nothing_declares_is_unmanaged_within_a_declared_integration() {
    let world = World::applied(ORDERS).await;
    let alias = world.id("sys_alias", "name", "orders");
    let body = |name: &str, alias: &str| {
        format!(
            r#"{{"name": "{name}", "connection_alias": "{alias}", "connection_url": "https://x.example", "active": "false"}}"#
        )
    };
    world.add("http_connection", &body("stranger", &alias));
    world.add("http_connection", &body("far away", ""));
    check(&world.report(&Options::default()).await, &[(Class::Unmanaged, "stranger")]);
    let none = Options { unmanaged: Unmanaged::None, ..Options::default() };
    check(&world.report(&none).await, &[]);
    world.add("api_key_credentials", r#"{"name": "left over"}"#);
    let all = Options { unmanaged: Unmanaged::All, ..Options::default() };
    let report = world.report(&all).await;
    let ours = |it: &(Class, String)| ["stranger", "far away", "left over"].contains(&it.1.as_str());
    let ours: Vec<(Class, String)> = found(&report).into_iter().filter(ours).collect();
    let expected = [
        (Class::Unmanaged, "far away".to_owned()),
        (Class::OrphanedCredential, "left over".to_owned()),
        (Class::Unmanaged, "stranger".to_owned()),
    ];
    assert_eq!(ours, expected);
}

fn looker() -> Person {
    Person { user_name: "looker".to_owned(), password: "looker".to_owned(), roles: Vec::new() }
}

#[tokio::test]
async fn what_this_user_may_not_see_is_hidden_and_not_missing() {
    let world = World::applied_by(ORDERS, vec![looker()]).await;
    let looker = sign_in_as(&world.simulator, "looker", "looker", &[]).await;
    let Ok(looker) = looker else { panic!("{}", looker.err().unwrap()) };
    let report = world.report_of(&Arc::new(looker), &Options::default()).await;
    assert!(report.findings.iter().all(|it| it.class == Class::Hidden), "{:#?}", report.findings);
    assert!(report.findings.len() >= 3 && report.counts.clean == 0, "{:#?}", report.findings);
}

#[tokio::test]
async fn an_endpoint_of_another_environment_is_told_while_it_is_active() {
    let world = World::applied(ORDERS).await;
    let hosts = |host: &str| Value::List(vec![Value::string(host)]);
    let rules =
        [("test".to_owned(), hosts("test.example")), ("production".to_owned(), hosts("prod.example"))];
    let settings = [("environment", Value::string("test")), ("environment_hosts", Value::Map(rules.into()))];
    let live = Arc::new(sign_in(&world.simulator, &settings).await.unwrap());
    check(&world.report_of(&live, &Options::default()).await, &[]);
    let id = world.id("http_connection", "name", "orders-test");
    world.edit("http_connection", &id, r#"{"connection_url": "https://prod.example"}"#);
    let live = Arc::new(sign_in(&world.simulator, &settings).await.unwrap());
    let report = world.report_of(&live, &Options::default()).await;
    check(&report, &[(Class::EnvironmentMismatch, CONNECTION), (Class::Changed, CONNECTION)]);
    assert!(report.findings[0].summary.contains("`prod.example`, which belongs to production"));
}

#[tokio::test]
async fn a_credential_that_somebody_else_wrote_last_may_have_another_secret() {
    let world = World::applied(ORDERS).await;
    let options = |who: &str| Options { written_by: vec![who.to_owned()], ..Options::default() };
    check(&world.report(&options("admin")).await, &[]);
    let report = world.report(&options("svc.terraform")).await;
    check(&report, &[(Class::SecretPossiblyChanged, "servicenow_api_key_credential.orders")]);
    assert_eq!(report.findings[0].change.as_ref().map(|it| it.by.as_str()), Some("admin"));
    check(&world.report(&Options::default()).await, &[]);
}

#[tokio::test]
async fn another_instance_than_the_expected_one_is_a_clone() {
    let world = World::applied(ORDERS).await;
    let property = world.id("sys_properties", "name", "instance_name");
    world.edit("sys_properties", &property, r#"{"value": "simulated-clone"}"#);
    let expected = |name: &str| {
        let members = [("name", Value::string(name)), ("id", Value::Null), ("when_unreadable", Value::Null)];
        Value::Map(members.map(|(name, it)| (name.to_owned(), it)).into())
    };
    for (name, clones) in [("simulated-clone", 0), ("acme", 1)] {
        let settings = [("expected_instance", expected(name))];
        let live = Arc::new(sign_in(&world.simulator, &settings).await.unwrap());
        let report = world.report_of(&live, &Options::default()).await;
        let found = report.findings.iter().filter(|it| it.class == Class::CloneDetected).count();
        assert_eq!((found, report.findings.len()), (clones, clones), "{name}: {:#?}", report.findings);
    }
}

#[tokio::test]
async fn a_rule_lets_an_attribute_be_until_its_day() {
    let world = World::applied(ORDERS).await;
    let id = world.id("http_connection", "name", "orders-test");
    world.edit(
        "http_connection",
        &id,
        r#"{"connection_url": "https://elsewhere.example", "connection_timeout": "7"}"#,
    );
    let toml = "[[ignore]]\nreason = \"moves next week\"\naddress = \"*.orders[*\"\nattribute = \"connection_url\"\nuntil = 2027-01-31";
    let rules = Config::parse(toml, Path::new("snowdrift.toml")).unwrap().rules;
    for (day, left, words) in [("2027-01-31", 1, ""), ("2027-02-01", 2, "ran out after 2027-01-31")] {
        let mut report = world.report(&Options::default()).await;
        ignored::apply(&mut report, &rules, day.parse().unwrap());
        check(&report, &[(Class::Changed, CONNECTION)]);
        assert_eq!(report.findings[0].differences.len(), left);
        assert_eq!(report.ignored.len(), 2 - left);
        assert!(report.findings[0].summary.contains(words), "{}", report.findings[0].summary);
    }
}

#[tokio::test]
async fn ignored_changes_and_other_spellings_are_no_drift() {
    let written = ORDERS.replace(
        "  credential_id       =",
        "  connection_timeout_ms = 5000\n  lifecycle {\n    ignore_changes = [connection_timeout_ms]\n  }\n  credential_id       =",
    );
    let world = World::applied(&written).await;
    let id = world.id("http_connection", "name", "orders-test");
    world.edit("http_connection", &id, r#"{"connection_timeout": "7"}"#);
    check(&world.report(&Options::default()).await, &[]);
}

#[tokio::test]
async fn records_of_one_name_are_told_apart_or_undecided() {
    let text = "resource \"servicenow_api_key_credential\" \"a\" {\n  name = \"twice\"\n}\n";
    let world = World::applied(text).await;
    let first = world.id("discovery_credentials", "name", "twice");
    world.add("api_key_credentials", r#"{"name": "twice"}"#);
    let report = world.report(&Options::default()).await;
    check(&report, &[]);
    assert!(
        report.undecided[0].reasons[0].contains("Several records are called `twice`"),
        "{:?}",
        report.undecided
    );
    world.declare(&format!(
        "{text}import {{\n  to = servicenow_api_key_credential.a\n  id = \"{first}\"\n}}\n"
    ));
    let report = world.report(&Options::default()).await;
    assert_eq!((report.findings.len(), report.undecided.len()), (0, 0), "{report:?}");
}

#[tokio::test]
async fn only_what_was_written_since_is_told() {
    let world = World::applied(ORDERS).await;
    let id = world.id("http_connection", "name", "orders-test");
    world.edit("http_connection", &id, r#"{"connection_url": "https://elsewhere.example"}"#);
    for (since, expected) in [("2000-01-01 00:00:00", 1), ("2999-01-01 00:00:00", 0)] {
        let options = Options { since: Some(since.to_owned()), ..Options::default() };
        let report = world.report(&options).await;
        assert_eq!(report.findings.len(), expected, "{since}");
        let nothing_new = expected == 0;
        assert_eq!(report.since.as_ref().map(|it| it.nothing_new), Some(nothing_new));
        assert_eq!(report.clean.is_empty(), nothing_new, "what was not compared is not called clean");
        if nothing_new {
            // The sign-in, and one look at each table.
            assert!(report.counts.requests <= 6, "{}", report.counts.requests);
            assert_eq!((report.counts.declared, report.undecided.len()), (5, 0));
        }
    }
}

#[tokio::test]
async fn an_application_file_tells_the_update_set_that_caught_the_change() {
    let world = World::applied(ORDERS).await;
    let alias = world.id("sys_alias", "name", "orders");
    world.edit("sys_alias", &alias, r#"{"description": "By hand."}"#);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::Changed, "servicenow_connection_alias.orders")]);
    let change = report.findings[0].change.as_ref().unwrap();
    assert!(change.update_set.as_deref().is_some_and(|it| it.starts_with("Default")), "{change:?}");
}

#[tokio::test]
async fn a_state_remembers_how_often_the_record_of_a_secret_had_been_changed() {
    const KEY: &str = "servicenow_api_key_credential";
    let world = World::with(ORDERS, Vec::new()).await;
    let states = world.apply().await;
    let file = catalogue::state_file(&world.live, KEY, &states["servicenow_api_key_credential.orders"]);
    let report = async || {
        let live = Arc::new(sign_in(&world.simulator, &[]).await.unwrap());
        let source = Source::Objects(declared::stored::state(&file, live.schemas()).unwrap());
        compare(&live, source, &Options::default(), "a state").await
    };
    check(&report().await, &[]);
    let id = world.id("discovery_credentials", "name", "orders key");
    world.edit("api_key_credentials", &id, r#"{"api_key": "another", "order": "77"}"#);
    let it = "servicenow_api_key_credential.it";
    check(&report().await, &[(Class::Changed, it), (Class::SecretPossiblyChanged, it)]);
}
