//! How a simulated instance stands, in few requests, in every form.

use std::sync::Arc;

use serde_json::json;
use servicenow_core::Method;
use servicenow_sim::{Fixture, Options, Simulator};

use super::select::Wish;
use super::*;
use crate::compare::{Source, compare};
use crate::declared::{Folder, Inputs};
use crate::formats::style::Style;
use crate::live::simulated::{hand, sign_in};
use crate::progress::Unwatched;
use crate::progress::counted::Counted;

fn demo() -> Simulator {
    Simulator::open(Options {
        fixture: Fixture::Demo,
        applications: vec!["unifi".to_owned()],
        ..Options::default()
    })
    .unwrap()
}

fn line<'a>(report: &'a StatusReport, integration: &str, connection: &str) -> &'a ConnectionLine {
    let integration = report.integrations.iter().find(|it| it.name == integration).unwrap();
    integration.connections.iter().find(|it| it.name == connection).unwrap()
}

#[tokio::test]
async fn everything_stands_somehow_and_says_why() {
    let simulator = demo();
    let path = "/api/now/table/basic_auth_credentials/c4ed0000000000000000000000000003";
    assert_eq!(hand(&simulator, Method::Patch, path, r#"{"active":"false"}"#).status, 200);
    let live = sign_in(&simulator, &[]).await.unwrap();
    let report = look(&live, &Unwatched).await.unwrap();
    for (integration, connection, status, active, words) in [
        ("Jira", "Jira production", Status::Configured, true, "nothing proves"),
        ("Jira", "Jira sandbox", Status::Deactivated, false, "by admin at"),
        ("Orders", "Orders blue", Status::Deactivated, true, "\"Orders\" of the active connection"),
        ("Incident with Jira", "Incident with Jira - Production", Status::Connected, true, "heartbeats"),
        ("Incident with Jira", "Incident with Jira - Test", Status::Deactivated, false, "not active"),
    ] {
        let names: Vec<&str> =
            report.integrations.iter().flat_map(|it| &it.connections).map(|it| it.name.as_str()).collect();
        assert!(names.contains(&connection), "{names:?}");
        let line = line(&report, integration, connection);
        assert_eq!((line.status, line.active), (status, active), "{line:?}");
        assert!(line.status_reason.as_deref().unwrap().contains(words), "{line:?}");
        assert!(line.changed_by.is_some() && line.changed_on.as_deref().unwrap().ends_with('Z'));
    }
    assert_eq!(
        line(&report, "Incident with Jira", "Incident with Jira - Test").environment.as_deref(),
        Some("Test")
    );
    let orders = report.credentials.iter().find(|it| it.name == "Orders").unwrap();
    assert_eq!(
        (orders.status, orders.used_by.as_slice()),
        (Status::Deactivated, ["Orders blue".to_owned()].as_slice())
    );
    assert!(report.unseen.is_empty() && !report.inbound.is_empty(), "{report:?}");
    assert!(live.traffic.requests() < 14, "{} requests", live.traffic.requests());
    let again = inventory(&live, &Unwatched).await.unwrap();
    assert_eq!(again, report.integrations);
}

#[tokio::test]
async fn whoever_watches_sees_each_table_come() {
    let live = sign_in(&demo(), &[]).await.unwrap();
    let watch = Counted::default();
    look(&live, &watch).await.unwrap();
    let seen = watch.0.into_inner().unwrap();
    assert_eq!(
        seen,
        [(format!("tables of {}", live.name), TABLES_MAX, TABLES_MAX - 1)],
        "no OAuth, no tokens"
    );
}

#[tokio::test]
async fn colours_add_nothing_but_colours() {
    let live = sign_in(&demo(), &[]).await.unwrap();
    let report = look(&live, &Unwatched).await.unwrap();
    let written = |colour: bool| {
        let mut written = Vec::new();
        text::write(&report, &Style { colour, width: None }, &mut written).unwrap();
        String::from_utf8(written).unwrap()
    };
    let (plain, coloured) = (written(false), written(true));
    assert!(
        coloured.contains("\u{1b}[32mConfigured") && coloured.contains("\u{1b}[2mDeactivated"),
        "{coloured}"
    );
    assert_eq!(console::strip_ansi_codes(&coloured), plain);
}

#[tokio::test]
async fn filters_leave_what_is_asked_for() {
    let live = sign_in(&demo(), &[]).await.unwrap();
    let whole = look(&live, &Unwatched).await.unwrap();
    let check = |wish: Wish, expected: &[&str]| {
        let mut report = whole.clone();
        wish.narrow(&mut report);
        let names: Vec<&str> =
            report.integrations.iter().flat_map(|it| &it.connections).map(|it| it.name.as_str()).collect();
        assert_eq!(names, expected, "{wish:?}");
    };
    let texts = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    check(Wish { integrations: texts(&["ord*"]), ..Wish::default() }, &["Orders blue", "Orders green"]);
    check(Wish { environments: texts(&["test"]), ..Wish::default() }, &["Incident with Jira - Test"]);
    check(
        Wish { statuses: vec![Status::Connected], ..Wish::default() },
        &["Incident with Jira - Production"],
    );
    check(Wish { integrations: texts(&["orders"]), active: true, ..Wish::default() }, &["Orders blue"]);
    check(Wish { statuses: vec![Status::Expired], ..Wish::default() }, &[]);
}

#[test]
fn endpoints_are_shown_without_what_may_be_secret() {
    for (endpoint, expected) in [
        ("https://user:pass@a.example/b?key=1#c", Some("https://a.example/b")),
        ("https://a.example", Some("https://a.example")),
        ("jdbc:mysql://db:3306/x?password=y", Some("jdbc:mysql://db:3306/x")),
        ("", None),
    ] {
        assert_eq!(shown(endpoint).as_deref(), expected, "{endpoint}");
    }
}

#[tokio::test]
async fn every_form_shows_the_same_and_none_obeys_a_name() {
    let live = sign_in(&demo(), &[]).await.unwrap();
    let mut report = look(&live, &Unwatched).await.unwrap();
    report.looked_at = "2026-01-31T12:00:00Z".to_owned();
    Wish { integrations: vec!["orders".to_owned()], ..Wish::default() }.narrow(&mut report);
    let line = &mut report.integrations[0].connections[0];
    line.name = "<script>\u{1b}[31m".to_owned();
    let page = page::render(&report);
    assert!(
        page.contains("&lt;script&gt;") && !page.contains("<script>") && !page.contains('\u{1b}'),
        "{page}"
    );
    let mut written = Vec::new();
    text::write(&report, &Style::default(), &mut written).unwrap();
    let written = String::from_utf8(written).unwrap();
    assert!(written.contains("<script>\\u{1b}[31m") && !written.contains('\u{1b}'), "{written}");
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<StatusReport>(&json).unwrap(), report);
    for text in [&page, &written, &json] {
        assert!(!text.contains("demo-") && text.contains("Orders green"));
    }
    insta::assert_snapshot!("text", written);
    // How it looks is the stylesheet's matter, and looked at in a browser.
    insta::assert_snapshot!("page", page.split_once("</style>").unwrap().1);
}

/// Makes a row by hand and gives its id.
fn made(simulator: &Simulator, table: &str, row: &serde_json::Value) -> String {
    let path = format!("/api/now/table/{table}");
    let answer = hand(simulator, Method::Post, &path, &row.to_string());
    assert_eq!(answer.status, 201, "{table}: {}", String::from_utf8_lossy(&answer.body));
    let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    body["result"]["sys_id"].as_str().unwrap().to_owned()
}

/// An active connection of an alias of its own that signs in with a credential, and may have no address.
fn connected(simulator: &Simulator, name: &str, credential: &str, url: &str) {
    let alias = made(simulator, "sys_alias", &json!({"name": name, "type": "connection"}));
    let row = json!({"name": name, "connection_alias": alias, "active": "true", "credential": credential, "connection_url": url});
    made(simulator, "http_connection", &row);
}

#[tokio::test]
async fn a_comparison_says_of_each_connection_what_the_inventory_says() {
    let simulator = demo();
    let oauth = made(&simulator, "oauth_2_0_credentials", &json!({"name": "Tokens"}));
    let owner = made(&simulator, "oauth_requestor_profile", &json!({"requestor": oauth}));
    let token =
        json!({"type": "access_token", "expires": "2020-01-31 00:00:00", "oauth_requestor_profile": owner});
    made(&simulator, "oauth_credential", &token);
    connected(&simulator, "Run out", &oauth, "https://a.example");
    connected(&simulator, "Nowhere", "", "");
    let login = json!({"name": "Login", "user_name": "login", "active": "false"});
    let login = made(&simulator, "basic_auth_credentials", &login);
    connected(&simulator, "Switched off", &login, "https://b.example");
    let live = Arc::new(sign_in(&simulator, &[]).await.unwrap());
    let inventory = inventory(&live, &Unwatched).await.unwrap();
    let folder = tempfile::TempDir::new().unwrap();
    let blocks = |it: &IntegrationLine| {
        let type_name =
            if it.table == ALIASES { "servicenow_connection_alias" } else { "servicenow_unifi_integration" };
        let name = format!("it_{}", it.sys_id);
        let import = format!("import {{\n  to = {type_name}.{name}\n  id = \"{}\"\n}}\n", it.sys_id);
        format!("{import}resource \"{type_name}\" \"{name}\" {{\n  name = \"{}\"\n}}\n", it.name)
    };
    std::fs::write(folder.path().join("main.tf"), inventory.iter().map(blocks).collect::<String>()).unwrap();
    let mut seen = BTreeSet::new();
    // With one credential declared the comparison knows some from its own tables, and has to ask for the others.
    for more in ["", "resource \"servicenow_basic_auth_credential\" \"it\" {\n  name = \"Orders\"\n}\n"] {
        std::fs::write(folder.path().join("more.tf"), more).unwrap();
        let inputs = Inputs::collect(folder.path(), [], &[], &[]).unwrap();
        let source = Source::Folder(Box::new(Folder::load(folder.path()).unwrap()), inputs);
        let live = Arc::new(sign_in(&simulator, &[]).await.unwrap());
        let report = compare(&live, source, &crate::compare::Options::default(), ".").await;
        assert_eq!((report.problems.len(), report.integrations.len()), (0, inventory.len()), "{report:?}");
        for line in inventory.iter().flat_map(|it| &it.connections) {
            let all = report.integrations.iter().flat_map(|it| &it.connections);
            let same = all.into_iter().find(|it| it.sys_id == line.sys_id).unwrap();
            assert_eq!(
                (same.status, &same.status_reason),
                (line.status, &line.status_reason),
                "{}",
                line.name
            );
            seen.insert(line.status);
        }
    }
    let five =
        [Status::Configured, Status::Connected, Status::Expired, Status::NotConfigured, Status::Deactivated];
    assert_eq!(seen, BTreeSet::from(five));
}
