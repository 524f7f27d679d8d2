//! How many requests a comparison takes: a few for each table, however many objects there are.

use super::*;
use crate::live::simulated::sign_in;

/// Objects of each type: enough to tell a request for each from a request for all.
const COUNT: usize = 120;

fn declared() -> String {
    format!(
        r#"
resource "servicenow_connection_alias" "it" {{
  count = {COUNT}
  name  = "alias_${{count.index}}"
}}

resource "servicenow_api_key_credential" "it" {{
  count = {COUNT}
  name  = "credential ${{count.index}}"
}}

resource "servicenow_http_connection" "it" {{
  count               = {COUNT}
  name                = "connection-${{count.index}}"
  connection_alias_id = servicenow_connection_alias.it[count.index].id
  connection_url      = "https://${{count.index}}.example"
  credential_id       = servicenow_api_key_credential.it[count.index].id
  active              = true
}}
"#
    )
}

#[tokio::test]
async fn a_comparison_takes_a_few_requests_for_each_table_and_none_for_each_object() {
    let world = World::applied(&declared()).await;
    let live = Arc::new(sign_in(&world.simulator, &[]).await.unwrap());
    let report = world.report_of(&live, &Options::default()).await;
    check(&report, &[]);
    assert_eq!((report.counts.clean, report.undecided.len()), (3 * COUNT as u64, 0));
    // The sign-in, a count and a page for each of the four tables, and what the dictionary says of columns.
    assert!(report.counts.requests <= 18, "{}", report.counts.requests);
}

#[tokio::test]
async fn of_more_findings_than_a_list_has_room_for_each_is_told_who_made_it() {
    let world = World::applied(&declared()).await;
    for row in world.simulator.rows("http_connection") {
        world.edit("http_connection", &row["sys_id"], r#"{"connection_url": "https://elsewhere.example"}"#);
    }
    let report = world.report(&Options::default()).await;
    let who: Vec<bool> = report.findings.iter().map(|it| it.change.is_some()).collect();
    assert_eq!(who, [true; COUNT], "{:#?}", report.findings.first());
}
