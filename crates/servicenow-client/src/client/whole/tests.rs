//! Whole tables against a script: what is asked, and what is answered without asking.

use serde_json::{Value, json};

use super::super::tests::script::{Play, Script};
use super::super::{Freshness, WriteStyle};
use super::*;
use crate::Transport;

fn table() -> TableName {
    "sys_alias".parse().unwrap()
}

fn id(number: u32) -> SysId {
    let spread = u128::from(number) << 96;
    SysId::from_bytes(spread.to_be_bytes())
}

fn page(numbers: impl IntoIterator<Item = u32>, total: &'static str) -> Play {
    let row =
        |it: u32| json!({"sys_id": id(it).as_str(), "name": format!("n{it}"), "group": (it % 2).to_string()});
    let rows: Vec<Value> = numbers.into_iter().map(row).collect();
    Play::Answer(200, vec![("X-Total-Count", total)], json!({ "result": rows }).to_string())
}

fn scenario(scenes: Vec<(&'static str, Play)>) -> (Arc<Script>, Client) {
    let script = Arc::new(Script::new(scenes));
    let client = Client::new(Arc::clone(&script) as Arc<dyn Transport>);
    (script, client)
}

const LIST: &str = "GET /api/now/table/sys_alias?sysparm_query=";

#[tokio::test]
async fn a_table_of_one_page_takes_one_request() {
    let (script, client) = scenario(vec![(LIST, page(1..=3, "4"))]);
    let whole = client.whole(&table(), &Query::new(), &["name"], 10).await.unwrap().unwrap();
    assert_eq!((whole.rows.len(), whole.total), (3, 4));
    script.finish();
}

#[tokio::test]
async fn a_table_with_more_rows_than_wanted_is_not_read_on() {
    let (script, client) = scenario(vec![(LIST, page(1..=3, "5000"))]);
    assert!(client.whole(&table(), &Query::new(), &["name"], 4_999).await.unwrap().is_none());
    script.finish();
}

#[test]
fn parts_lie_between_ids_and_leave_none_out() {
    let rendered = |after: &str, total: u64| -> Vec<String> {
        parts(&Query::new(), after, total).unwrap().iter().map(Query::render).collect()
    };
    let after = format!("{}{}", "40000000", "a".repeat(24));
    assert_eq!(rendered(&after, 4_750), [format!("sys_id>{after}")]);
    assert_eq!(
        rendered(&after, 8_000),
        [
            format!("sys_id>{after}^sys_id<80000000"),
            "sys_id>80000000^sys_id<c0000000".to_owned(),
            "sys_id>c0000000".to_owned()
        ]
    );
    assert_eq!(rendered(&after, 900_000).len(), 64);
    let end = "f".repeat(32);
    assert_eq!(rendered(&end, 9_000), [format!("sys_id>{end}")]);
    assert!(parts(&Query::new(), "not an id", 9_000).is_none());
}

/// A client that keeps the rows 1 to 4, of which even numbers are of the group 0 and odd ones of the group 1.
async fn keeping(is_complete: bool, scenes: Vec<(&'static str, Play)>) -> (Arc<Script>, Client) {
    let scenes = std::iter::once((LIST, page(1..=4, "4"))).chain(scenes).collect();
    let (script, client) = scenario(scenes);
    let whole = client.whole(&table(), &Query::new(), &["name", "group"], 10).await.unwrap().unwrap();
    client.keep(&table(), &["name", "group"], vec![whole.rows], is_complete);
    (script, client)
}

#[tokio::test]
async fn what_is_kept_answers_reads_and_lists_by_what_columns_hold() {
    let (script, client) = keeping(true, vec![]).await;
    let read = |number: u32| {
        let client = client.clone();
        async move { client.read(&table(), &id(number), &["name"], Freshness::Now).await.unwrap() }
    };
    assert_eq!(read(3).await.unwrap().text("name"), "n3");
    assert!(read(9).await.is_none());
    let list = |query: Query| {
        let client = client.clone();
        async move {
            let rows = client.list(&table(), &query, &["name"]).await.unwrap();
            rows.iter().map(|it| it.text("name").to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(list(Query::new().equals("group", "1").unwrap()).await, ["n1", "n3"]);
    assert_eq!(
        list(Query::new().equals("group", "true").unwrap()).await,
        ["n1", "n3"],
        "as the platform compares"
    );
    assert_eq!(
        list(Query::new().is_in("name", &["N2", "n3"]).unwrap().equals("group", "0").unwrap()).await,
        ["n2"]
    );
    assert_eq!(list(Query::new()).await, ["n1", "n2", "n3", "n4"]);
    script.finish();
}

#[tokio::test]
async fn what_is_not_kept_is_asked_of_the_instance() {
    let row = page([9], "1");
    let one =
        Play::Answer(200, vec![], json!({"result": {"sys_id": id(9).as_str(), "name": "n9"}}).to_string());
    let (script, client) = keeping(false, vec![(LIST, row), ("GET /api/now/table/sys_alias/", one)]).await;
    // A column that was not read, and a condition that only the instance understands as it is meant.
    let by_name = Query::new().contains("name", "9").unwrap();
    assert_eq!(client.list(&table(), &by_name, &["name"]).await.unwrap().len(), 1);
    let read = client.read(&table(), &id(9), &["name"], Freshness::Now).await.unwrap();
    assert_eq!(read.unwrap().text("name"), "n9");
    script.finish();
}

#[tokio::test]
async fn a_write_ends_what_is_kept() {
    let written = json!({"result": {"sys_id": id(1).as_str(), "name": "new"}}).to_string();
    let one = json!({"result": {"sys_id": id(1).as_str(), "name": "new"}}).to_string();
    let scenes = vec![
        ("PATCH /api/now/table/sys_alias/", Play::Answer(200, vec![], written)),
        ("GET /api/now/table/sys_alias/", Play::Answer(200, vec![], one)),
    ];
    let (script, client) = keeping(true, scenes).await;
    let cells = [("name".to_owned(), "new".to_owned())].into();
    client.update(&table(), &id(1), &cells, &["name"], WriteStyle::ActualValues).await.unwrap();
    let read = client.read(&table(), &id(1), &["name"], Freshness::Now).await.unwrap();
    assert_eq!(read.unwrap().text("name"), "new");
    script.finish();
}
