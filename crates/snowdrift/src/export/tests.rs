//! Exports of simulated instances: what the files hold, what is told of the rest, and that a plan would be empty.

mod plain;
mod random;
mod shipped;

use std::collections::BTreeSet;
use std::fs;

use servicenow_core::Method;
use servicenow_sim::{Fixture, Options as Simulated, Simulator};
use tempfile::TempDir;

use super::*;
use crate::live::simulated::{hand, sign_in, sign_in_as};
use crate::progress::Unwatched;

fn instance(fixture: Fixture) -> Simulator {
    let applications = vec!["unifi".to_owned()];
    Simulator::open(Simulated { fixture, applications, ..Simulated::default() }).unwrap()
}

fn with_rows(rows: &str) -> Simulator {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("rows.json");
    fs::write(&path, rows).unwrap();
    instance(Fixture::Path(path))
}

fn demo() -> Simulator {
    instance(Fixture::Demo)
}

fn of(folder: &TempDir) -> Options {
    Options { folder: folder.path().to_owned(), ..Options::default() }
}

async fn run(simulator: &Simulator, options: &Options) -> ExportReport {
    let live = Arc::new(sign_in(simulator, &[]).await.unwrap());
    export(&live, options, &Unwatched).await.unwrap()
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn files(folder: &TempDir) -> BTreeSet<String> {
    fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect()
}

fn skipped(report: &ExportReport) -> Vec<(Reason, &str, Option<&str>, u64)> {
    report.skipped.iter().map(|it| (it.reason, it.table.as_str(), it.name.as_deref(), it.count)).collect()
}

#[tokio::test]
async fn an_integration_is_one_file_with_all_that_it_has_and_a_plan_would_be_empty() {
    let folder = TempDir::new().unwrap();
    let report = run(&demo(), &of(&folder)).await;
    assert_eq!(report.proof.differences, []);
    assert_eq!(report.proof.failures, []);
    assert_eq!(report.proof.unchanged, report.written.len() as u64);
    assert!(!report.is_incomplete(), "{:?}", report.skipped);
    insta::assert_snapshot!("orders", read(&folder, "integration_orders.tf"));
    insta::assert_snapshot!("unifi", read(&folder, "integration_incident_with_jira.tf"));
    insta::assert_snapshot!("versions", read(&folder, "versions.tf"));
    insta::assert_snapshot!("files", files(&folder).into_iter().collect::<Vec<_>>().join("\n"));
    // A credential that serves an alias of credentials alone, and a connection, is shared by two.
    assert!(read(&folder, "shared_credentials.tf").contains("\"jira_production\""));
    let payments = read(&folder, "integration_payments.tf");
    let several = "  connection_ids = [\n    servicenow_http_connection.";
    assert!(
        payments.contains(several) || payments.contains("connection_ids      = [servicenow_http_connection."),
        "{payments}"
    );
    assert!(!payments.contains("active ") && payments.contains("create_before_destroy = true"), "{payments}");
    let report: ExportReport = serde_json::from_str(&read(&folder, document::FILE_NAME)).unwrap();
    assert!(report.proof.is_empty_plan());
}

#[tokio::test]
async fn several_active_connections_are_named_in_their_order_and_none_needs_no_pointer() {
    let alias = |id: &str, name: &str| {
        format!(r#"{{"sys_id": "{id}", "name": "{name}", "multiple_connections": true}}"#)
    };
    let connection = |id: &str, alias: &str, active: bool, order: u32| {
        format!(
            r#"{{"sys_id": "{id}", "name": "c-{id}", "connection_alias": "{alias}", "active": {active}, "order": {order}, "connection_url": "https://a.example"}}"#
        )
    };
    let [many, dark] = ["a11a5000000000000000000000000f01", "a11a5000000000000000000000000f02"];
    let ids = ["0a", "0b", "0c", "0d"].map(|it| format!("{it:0<32}"));
    let rows = format!(
        r#"{{"sys_alias": [{}, {}], "http_connection": [{}, {}, {}, {}]}}"#,
        alias(many, "Many"),
        alias(dark, "Dark"),
        connection(&ids[0], many, true, 300),
        connection(&ids[1], many, true, 100),
        connection(&ids[2], many, false, 200),
        connection(&ids[3], dark, false, 100),
    );
    let folder = TempDir::new().unwrap();
    let report = run(&with_rows(&rows), &of(&folder)).await;
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
    let text = read(&folder, "integration_many.tf");
    let named: Vec<usize> = [1, 0]
        .map(|it| text.rfind(&format!("servicenow_http_connection.c_{}.id", ids[it])).unwrap())
        .to_vec();
    assert!(text.contains("connection_ids") && named[0] < named[1], "{text}");
    assert!(!text.contains("active "), "{text}");
    let dark = read(&folder, "integration_dark.tf");
    assert!(dark.contains("active              = false") && !dark.contains("connection_ids"), "{dark}");
}

#[tokio::test]
async fn an_export_goes_on_where_it_was_interrupted_and_leaves_what_is_there() {
    let (folder, simulator) = (TempDir::new().unwrap(), demo());
    let first = run(&simulator, &of(&folder)).await;
    let edited = read(&folder, "integration_orders.tf").replace("Order intake", "Order intake (ours)");
    fs::write(folder.path().join("integration_orders.tf"), &edited).unwrap();
    fs::remove_file(folder.path().join("integration_jira.tf")).unwrap();
    let row = r#"{"name":"Orders red","connection_alias":"a11a5000000000000000000000000002","connection_url":"https://red.example","active":"false"}"#;
    assert_eq!(hand(&simulator, Method::Post, "/api/now/table/http_connection", row).status, 201);
    let second = run(&simulator, &of(&folder)).await;
    let written: BTreeSet<&str> = second.written.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(written, BTreeSet::from(["integration_jira.tf", "integration_orders_2.tf"]));
    assert_eq!(second.written.len() + second.already_declared.len(), first.written.len() + 1);
    assert_eq!(read(&folder, "integration_orders.tf"), edited);
    let more = read(&folder, "integration_orders_2.tf");
    assert!(more.contains("connection_alias_id = servicenow_connection_alias.orders.id"), "{more}");
    // What somebody changed by hand is what the plan would change.
    let changed: Vec<&str> = second.proof.differences.iter().map(|it| it.attribute.as_str()).collect();
    assert_eq!(changed, ["description"]);
    let third = run(&simulator, &Options { force: true, ..of(&folder) }).await;
    assert!(third.proof.is_empty_plan() && third.already_declared.is_empty());
    assert!(!files(&folder).contains("integration_orders_2.tf"), "{:?}", files(&folder));
}

#[tokio::test]
async fn filters_take_what_is_wanted_and_what_it_refers_to() {
    for (selection, expected) in [
        (
            Selection { integrations: vec!["ord*".to_owned()], ..Selection::default() },
            vec!["export-report.json", "integration_orders.tf", "versions.tf"],
        ),
        (
            Selection { types: vec!["basic_auth_credential".to_owned()], ..Selection::default() },
            vec!["export-report.json", "shared_credentials.tf", "versions.tf"],
        ),
        (
            Selection {
                types: vec!["http_connection".to_owned()],
                queries: [("servicenow_http_connection".to_owned(), "nameSTARTSWITHOrders".to_owned())]
                    .into(),
                ..Selection::default()
            },
            vec!["export-report.json", "shared_connections.tf", "versions.tf"],
        ),
    ] {
        let folder = TempDir::new().unwrap();
        let report = run(&demo(), &Options { selection: selection.clone(), ..of(&folder) }).await;
        assert_eq!(files(&folder).into_iter().collect::<Vec<_>>(), expected, "{selection:?}");
        assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
        assert!(report.proof.unchanged > 0);
    }
    let folder = TempDir::new().unwrap();
    let selection = Selection { unifi: true, ..Selection::default() };
    let report = run(&demo(), &Options { selection, ..of(&folder) }).await;
    let others: Vec<&Exported> =
        report.written.iter().filter(|it| !it.address.starts_with("servicenow_unifi")).collect();
    assert_eq!(others.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["unifi.jira"]);
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
}

#[tokio::test]
async fn what_is_declared_beside_is_left_to_it() {
    let (folder, beside) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let hcl = r#"
resource "servicenow_connection_alias" "mine" {
  for_each = toset(["Orders"])
  name     = each.key
}
resource "servicenow_connection_alias" "jira" {
  name = "Jira"
}
resource "servicenow_http_connection" "mine" {
  name                = "Jira production"
  connection_alias_id = servicenow_connection_alias.jira.id
}
resource "servicenow_connection_activation" "jira" {
  connection_alias_id = servicenow_connection_alias.jira.id
  connection_id       = servicenow_http_connection.mine.id
}
"#;
    fs::write(beside.path().join("main.tf"), hcl).unwrap();
    let inputs = Inputs::collect(beside.path(), [], &[], &[]).unwrap();
    let options = Options { beside: Some((beside.path().to_owned(), inputs)), ..of(&folder) };
    let report = run(&demo(), &options).await;
    let addresses: Vec<&str> = report.already_declared.iter().map(|it| it.address.as_str()).collect();
    assert_eq!(
        addresses,
        [
            "servicenow_connection_activation.jira",
            "servicenow_connection_alias.jira",
            "servicenow_connection_alias.mine[\"Orders\"]",
            "servicenow_http_connection.mine",
        ]
    );
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
    let orders = report.unresolved.iter().filter(|it| it.id == "a11a5000000000000000000000000002").count();
    assert!(orders > 0, "{:?}", report.unresolved);
}

#[tokio::test]
async fn nothing_is_hidden_in_silence() {
    let simulator = demo();
    let jira = "a11a5000000000000000000000000001";
    for (table, row) in [
        ("sys_connection", format!(r#"{{"name":"Queue","connection_alias":"{jira}"}}"#)),
        (
            "http_connection",
            r#"{"name":"Nowhere","active":"false","connection_alias":"a11a5000000000000000000000000002"}"#
                .to_owned(),
        ),
        ("oauth_entity", r#"{"name":"Caller","type":"client","client_id":"x"}"#.to_owned()),
    ] {
        let answer = hand(&simulator, Method::Post, &format!("/api/now/table/{table}"), &row);
        assert_eq!(answer.status, 201, "{table} {answer:?}");
    }
    simulator.set("one_active_rule", "none").unwrap();
    let path = "/api/now/table/http_connection/c0e00000000000000000000000000004";
    assert_eq!(hand(&simulator, Method::Patch, path, r#"{"active":"true"}"#).status, 200);
    let folder = TempDir::new().unwrap();
    let report = run(&simulator, &of(&folder)).await;
    let told = skipped(&report);
    for expected in [
        (Reason::Unsupported, "sys_connection", Some("Queue"), 1),
        (Reason::Invalid, "http_connection", Some("Nowhere"), 1),
        (Reason::AnotherKind, "oauth_entity", None, 1),
        (Reason::SeveralActive, "sys_alias", Some("Orders"), 1),
    ] {
        assert!(told.contains(&expected), "{expected:?} in {told:?}");
    }
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
    assert!(!read(&folder, "integration_orders.tf").contains("servicenow_connection_activation"));
}

#[tokio::test]
async fn what_the_user_may_not_see_is_told_and_its_ids_stay() {
    let rows = r#"{
      "sys_user": [{"sys_id": "05e40000000000000000000000000f01", "user_name": "half.blind",
        "user_password": "half-blind-password", "active": true}],
      "sys_user_has_role": [{"user": "05e40000000000000000000000000f01", "role": "connection_admin"}],
      "sys_alias": [{"sys_id": "a11a5000000000000000000000000f01", "name": "Orders"}],
      "basic_auth_credentials": [{"sys_id": "c4ed0000000000000000000000000f01", "name": "Secret", "user_name": "s"}],
      "http_connection": [{"sys_id": "c0e00000000000000000000000000f01", "name": "Orders", "active": true,
        "connection_alias": "a11a5000000000000000000000000f01", "credential": "c4ed0000000000000000000000000f01",
        "connection_url": "https://orders.example"}]}"#;
    let simulator = with_rows(rows);
    let live = Arc::new(sign_in_as(&simulator, "half.blind", "half-blind-password", &[]).await.unwrap());
    let folder = TempDir::new().unwrap();
    let report = export(&live, &of(&folder), &Unwatched).await.unwrap();
    assert!(report.is_incomplete());
    let hidden: BTreeSet<&str> =
        report.skipped.iter().filter(|it| it.reason == Reason::Hidden).map(|it| it.table.as_str()).collect();
    assert!(hidden.contains("basic_auth_credentials"), "{hidden:?}");
    assert!(report.unresolved.iter().any(|it| it.attribute == "credential_id"), "{:?}", report.unresolved);
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
}

#[tokio::test]
async fn secrets_are_variables_that_write_nothing_until_they_get_a_value() {
    let folder = TempDir::new().unwrap();
    let report = run(&demo(), &Options { secrets: Secrets::Variables, ..of(&folder) }).await;
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
    let variables = read(&folder, "variables.tf");
    assert!(variables.contains("variable \"basic_auth_credential_orders_password_wo\" {"), "{variables}");
    assert!(
        variables.contains("variable \"basic_auth_credential_orders_password_wo_version\" {"),
        "{variables}"
    );
    let orders = read(&folder, "integration_orders.tf");
    assert!(orders.contains("= var.basic_auth_credential_orders_password_wo\n"), "{orders}");
    for name in files(&folder) {
        assert!(!read(&folder, &name).contains("demo-"), "a secret in {name}");
    }
}

#[tokio::test]
async fn references_that_go_in_a_circle_are_cut() {
    let simulator = with_rows(
        r#"{"sys_alias": [
          {"sys_id": "a11a5000000000000000000000000f01", "name": "One", "parent": "a11a5000000000000000000000000f02"},
          {"sys_id": "a11a5000000000000000000000000f02", "name": "Two", "parent": "a11a5000000000000000000000000f01"}]}"#,
    );
    let folder = TempDir::new().unwrap();
    let report = run(&simulator, &of(&folder)).await;
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
    assert!(report.unresolved.iter().any(|it| it.detail.contains("circles")), "{:?}", report.unresolved);
}

/// Instances in an ordinary run, and in a long one.
const SEEDS: (u64, u64) = (12, 200);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_would_be_empty_whatever_the_instance_holds() {
    let count = if std::env::var_os("SNOWDRIFT_LONG").is_some() { SEEDS.1 } else { SEEDS.0 };
    for seed in 1..=count {
        let folder = TempDir::new().unwrap();
        let fixture = folder.path().join("fixture.json");
        fs::write(&fixture, serde_json::to_string(&random::rows(seed, 5)).unwrap()).unwrap();
        let simulator = instance(Fixture::Path(fixture));
        let options = Options { folder: folder.path().join("out"), ..Options::default() };
        let report = run(&simulator, &options).await;
        assert!(report.proof.is_empty_plan(), "seed {seed}: {:#?}", report.proof);
        assert_eq!(report.proof.unchanged, report.written.len() as u64, "seed {seed}");
        let invalid: Vec<&Skipped> =
            report.skipped.iter().filter(|it| it.reason == Reason::Invalid).collect();
        assert!(invalid.is_empty(), "seed {seed}: {invalid:#?}");
        assert!(report.written.len() > 6, "seed {seed}");
    }
}

#[tokio::test]
async fn the_proof_finds_what_a_plan_would_change() {
    let (folder, simulator) = (TempDir::new().unwrap(), demo());
    run(&simulator, &of(&folder)).await;
    let live = Arc::new(sign_in(&simulator, &[]).await.unwrap());
    for (from, to, expected) in [
        ("https://orders-blue.acme.example/api", "https://elsewhere.example", "connection_url"),
        (
            "servicenow_http_connection.orders_blue.id",
            "servicenow_http_connection.orders_green.id",
            "connection_id",
        ),
    ] {
        let path = folder.path().join("integration_orders.tf");
        let before = fs::read_to_string(&path).unwrap();
        fs::write(&path, before.replace(from, to)).unwrap();
        let proof = prove::prove(&live, folder.path(), &Unwatched).await.unwrap();
        assert!(proof.differences.iter().any(|it| it.attribute == expected), "{expected}: {proof:?}");
        fs::write(&path, before).unwrap();
    }
}
