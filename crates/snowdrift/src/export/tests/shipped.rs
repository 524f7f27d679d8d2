//! What came with the platform: left out of an export of everything, unless somebody changed it or something needs it.

use servicenow_sim::{Fault, FaultKind};

use super::*;

/// An application of ServiceNow's, a plugin of the platform, an application of a partner, and what came with each.
const ROWS: &str = r#"{
  "sys_scope": [
    {"sys_id": "5c0e0000000000000000000000000f01", "name": "Jira Spoke", "scope": "sn_jira_spoke"},
    {"sys_id": "5c0e0000000000000000000000000f02", "name": "Acme", "scope": "x_acme"}],
  "sys_retry_policy": [
    {"sys_id": "4e740000000000000000000000000f01", "name": "Needed", "sys_scope": "5c0e0000000000000000000000000f01"},
    {"sys_id": "4e740000000000000000000000000f02", "name": "Idle", "sys_scope": "5c0e0000000000000000000000000f01"}],
  "sys_alias": [
    {"sys_id": "a11a5000000000000000000000000f01", "name": "Shipped", "sys_scope": "5c0e0000000000000000000000000f01"},
    {"sys_id": "a11a5000000000000000000000000f02", "name": "Used", "sys_scope": "5c0e0000000000000000000000000f01",
      "retry_policy": "4e740000000000000000000000000f01"},
    {"sys_id": "a11a5000000000000000000000000f03", "name": "Changed", "sys_scope": "5c0e0000000000000000000000000f01"},
    {"sys_id": "a11a5000000000000000000000000f04", "name": "Partner", "sys_scope": "5c0e0000000000000000000000000f02"},
    {"sys_id": "a11a5000000000000000000000000f05", "name": "Global"}],
  "oauth_entity": [
    {"sys_id": "0a070000000000000000000000000f01", "name": "Jira", "type": "consumer", "client_id": "x",
      "default_grant_type": "client_credentials", "token_url": "https://jira.example/token",
      "sys_scope": "5c0e0000000000000000000000000f01"},
    {"sys_id": "0a070000000000000000000000000f03", "name": "Unfinished", "type": "consumer",
      "sys_scope": "5c0e0000000000000000000000000f01"}],
  "oauth_entity_profile": [
    {"sys_id": "0a070000000000000000000000000f02", "name": "Jira default", "oauth_entity": "0a070000000000000000000000000f01"}],
  "sys_ws_definition": [
    {"sys_id": "d0040000000000000000000000000f01", "name": "Hook", "service_id": "hook",
      "sys_scope": "5c0e0000000000000000000000000f01"}],
  "http_connection": [
    {"sys_id": "c0e00000000000000000000000000f01", "name": "Used", "active": true,
      "connection_alias": "a11a5000000000000000000000000f02", "connection_url": "https://jira.example"}]}"#;

/// What was written, without what every simulated instance has: policies in the scope `global`, environments of Unifi.
fn names(report: &ExportReport) -> Vec<String> {
    let of_rows =
        |it: &&Exported| !it.name.starts_with("Default ") && !it.address.starts_with("servicenow_unifi");
    report.written.iter().filter(of_rows).map(|it| it.name.clone()).collect()
}

async fn exported(include_platform: bool) -> (Vec<String>, Vec<String>) {
    let simulator = with_rows(ROWS);
    let path = "/api/now/table/sys_alias/a11a5000000000000000000000000f03";
    assert_eq!(hand(&simulator, Method::Patch, path, r#"{"description":"Ours now."}"#).status, 200);
    let folder = TempDir::new().unwrap();
    let selection = Selection { include_platform, ..Selection::default() };
    let report = run(&simulator, &Options { selection, ..of(&folder) }).await;
    assert!(report.proof.is_empty_plan(), "{:?}", report.proof);
    let invalid = report.skipped.iter().filter(|it| it.reason == Reason::Invalid).count();
    assert_eq!(invalid, usize::from(include_platform), "{:?}", report.skipped);
    let mut written: Vec<String> = names(&report);
    written.sort();
    written.dedup();
    let shipped = report.skipped.iter().filter(|it| it.reason == Reason::Platform);
    assert!(shipped.clone().all(|it| it.detail.contains("`sn_jira_spoke`")));
    let mut left_out: Vec<String> = shipped.filter_map(|it| it.name.clone()).collect();
    left_out.sort();
    (written, left_out)
}

#[tokio::test]
async fn what_came_with_the_platform_is_left_out_and_told() {
    let (written, left_out) = exported(false).await;
    assert_eq!(written, ["Changed", "Global", "Needed", "Partner", "Used"]);
    assert_eq!(left_out, ["Hook", "Idle", "Jira", "Jira default", "Shipped", "Unfinished"]);
}

#[tokio::test]
async fn whoever_asks_gets_it_as_well() {
    let (written, left_out) = exported(true).await;
    for name in ["Hook", "Idle", "Jira", "Jira default", "Shipped", "Used"] {
        assert!(written.iter().any(|it| it == name), "{name} in {written:?}");
    }
    assert_eq!(left_out, Vec::<String>::new());
}

#[tokio::test]
async fn a_filter_says_already_what_is_wanted() {
    let folder = TempDir::new().unwrap();
    let selection = Selection { types: vec!["retry_policy".to_owned()], ..Selection::default() };
    let report = run(&with_rows(ROWS), &Options { selection, ..of(&folder) }).await;
    assert_eq!(names(&report).len(), 2, "{:?}", report.written);
}

#[tokio::test]
async fn nothing_is_left_out_where_nobody_can_tell_what_was_changed() {
    let simulator = with_rows(ROWS);
    let path = "/api/now/table/sys_alias/a11a5000000000000000000000000f03";
    assert_eq!(hand(&simulator, Method::Patch, path, r#"{"description":"Ours now."}"#).status, 200);
    let closed = FaultKind::Status { status: 403, retry_after_s: None };
    let of_table = Some("sys_update_xml".to_owned());
    simulator.fault(Fault { table: of_table, times: u32::MAX, ..Fault::next(closed) });
    let folder = TempDir::new().unwrap();
    let report = run(&simulator, &of(&folder)).await;
    assert!(report.skipped.iter().all(|it| it.reason != Reason::Platform), "{:?}", report.skipped);
    assert!(report.written.iter().any(|it| it.name == "Shipped"), "{:?}", report.written);
}
