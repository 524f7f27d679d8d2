//! How many requests many reads take, and what they are answered from.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::tests::script::{Play, Script, ok};
use super::*;
use crate::Transport;

const ALL: &str = "GET /api/now/table/sys_alias?sysparm_query=ORDERBYsys_id&";
const LIST: &str = "GET /api/now/table/sys_alias?sysparm_query=sys_idIN";
const ONE: &str = "GET /api/now/table/sys_alias/";

fn id(number: u64) -> SysId {
    SysId::from_bytes(u128::from(number).to_be_bytes())
}

fn row(number: u64) -> Value {
    json!({"sys_id": id(number).as_str(), "name": format!("n{number}")})
}

fn rows(numbers: impl IntoIterator<Item = u64>, total: &'static str) -> Play {
    let rows: Vec<Value> = numbers.into_iter().map(row).collect();
    Play::Answer(200, vec![("X-Total-Count", total)], json!({ "result": rows }).to_string())
}

fn one(number: u64) -> Play {
    ok(200, json!({ "result": row(number) }).to_string())
}

fn missing() -> Play {
    ok(404, json!({"error": {"message": "No Record found", "detail": null}, "status": "failure"}).to_string())
}

struct Scenario {
    script: Arc<Script>,
    client: Client,
}

impl Scenario {
    fn new(scenes: Vec<(&'static str, Play)>) -> Scenario {
        let script = Arc::new(Script::new(scenes));
        Scenario { client: Client::new(script.clone() as Arc<dyn Transport>), script }
    }

    /// Reads all of them at the same time. The answers are names, in order.
    async fn read(&self, numbers: impl IntoIterator<Item = u64>, freshness: Freshness) -> Vec<String> {
        let mut tasks = JoinSet::new();
        for number in numbers {
            let client = self.client.clone();
            tasks.spawn(async move {
                let table = "sys_alias".parse().unwrap();
                (number, client.read(&table, &id(number), &["name"], freshness).await)
            });
        }
        let answers: BTreeMap<_, _> = tasks.join_all().await.into_iter().collect();
        let name = |it: Result<Option<Record>, ServiceError>| match it {
            Ok(Some(row)) => row.text("name").to_owned(),
            Ok(None) => "none".to_owned(),
            Err(error) => format!("{:?}", error.kind),
        };
        answers.into_values().map(name).collect()
    }
}

fn names(numbers: impl IntoIterator<Item = u64>) -> Vec<String> {
    numbers.into_iter().map(|it| format!("n{it}")).collect()
}

#[tokio::test]
async fn one_read_is_one_plain_request() {
    let it = Scenario::new(vec![(ONE, one(1))]);
    assert_eq!(it.read([1], Freshness::Now).await, ["n1"]);
    it.script.finish();
}

#[tokio::test]
async fn reads_at_the_same_time_are_one_list_by_id() {
    let it = Scenario::new(vec![(LIST, rows(1..=10, "10"))]);
    assert_eq!(it.read(1..=10, Freshness::Now).await, names(1..=10));
    it.script.finish();
    assert!(it.script.asked()[0].contains("sysparm_limit=10&"), "{}", it.script.asked()[0]);
}

#[tokio::test]
async fn a_list_by_id_stays_below_what_an_address_holds() {
    let parts = [1..=45, 46..=90];
    let it = Scenario::new(parts.map(|part| (LIST, rows(part, "45"))).into());
    assert_eq!(it.read(1..=90, Freshness::Now).await, names(1..=90));
    let asked = it.script.asked();
    assert!(asked.iter().all(|it| it.len() < TARGET_MAX + ID_CHARACTERS), "{asked:?}");
}

const BATCH: &str = "POST /api/now/v1/batch";

/// What a batch of lists answers; parts without rows were not serviced.
fn batch(parts: impl IntoIterator<Item = Option<(u16, Vec<u64>)>>) -> Play {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    let mut serviced = Vec::new();
    for (number, part) in parts.into_iter().enumerate() {
        let Some((status, numbers)) = part else { continue };
        let rows: Vec<Value> = numbers.into_iter().map(row).collect();
        let body = BASE64_STANDARD.encode(json!({ "result": rows }).to_string());
        serviced.push(json!({"id": number.to_string(), "status_code": status, "body": body}));
    }
    ok(200, json!({"batch_request_id": "reads", "serviced_requests": serviced}).to_string())
}

#[tokio::test]
async fn lists_that_do_not_fit_into_one_address_travel_in_one_request() {
    let parts = [1..=45, 46..=90, 91..=100].map(|it| Some((200, it.collect())));
    let it = Scenario::new(vec![(BATCH, batch(parts))]);
    assert_eq!(it.read(1..=100, Freshness::Now).await, names(1..=100));
    it.script.finish();
}

#[tokio::test]
async fn a_part_of_a_batch_that_got_no_answer_is_asked_for_plainly() {
    for missing in [None, Some((500, vec![])), Some((200, vec![1, 2]))] {
        let parts = [Some((200, (1..=45).collect())), missing, Some((200, (91..=100).collect()))];
        let it = Scenario::new(vec![(BATCH, batch(parts)), (LIST, rows(46..=90, "45"))]);
        assert_eq!(it.read(1..=100, Freshness::Now).await, names(1..=100));
        it.script.finish();
    }
}

#[tokio::test]
async fn where_batches_do_not_work_none_is_tried_again() {
    let lists = || [1..=45, 46..=90, 91..=100].map(|part| (LIST, rows(part, "45")));
    let mut scenes = vec![(BATCH, ok(403, ""))];
    scenes.extend(lists());
    scenes.extend(lists());
    let it = Scenario::new(scenes);
    for _ in 0..2 {
        assert_eq!(it.read(1..=100, Freshness::Now).await, names(1..=100));
    }
    it.script.finish();
}

#[tokio::test]
async fn an_outage_of_a_batch_is_one_for_everybody() {
    let it = Scenario::new(vec![(BATCH, ok(401, ""))]);
    assert_eq!(it.read(1..=100, Freshness::Now).await, vec!["Unauthenticated".to_owned(); 100]);
    it.script.finish();
}

#[tokio::test]
async fn a_record_that_a_list_does_not_hold_is_asked_for_alone_before_it_is_called_missing() {
    let it = Scenario::new(vec![(LIST, rows([1, 2], "2")), (ONE, missing())]);
    assert_eq!(it.read([1, 2, 3], Freshness::Now).await, ["n1", "n2", "none"]);
    let it = Scenario::new(vec![(LIST, rows([1, 2], "2")), (ONE, one(3))]);
    assert_eq!(it.read([1, 2, 3], Freshness::Now).await, ["n1", "n2", "n3"]);
}

#[tokio::test]
async fn where_lists_do_not_work_records_are_read_one_by_one() {
    let whole_table = rows(1..=5, "5");
    for refusal in [ok(403, ""), ok(400, ""), ok(200, "<title>no</title>"), whole_table] {
        let it =
            Scenario::new(vec![(LIST, refusal), (ONE, one(1)), (ONE, one(2)), (ONE, one(1)), (ONE, one(2))]);
        assert_eq!(it.read([1, 2], Freshness::Now).await, ["n1", "n2"]);
        assert_eq!(it.read([1, 2], Freshness::Now).await, ["n1", "n2"], "and no list is tried again");
        it.script.finish();
    }
}

#[tokio::test]
async fn an_outage_is_not_asked_about_once_for_everybody() {
    let it = Scenario::new(vec![(LIST, ok(401, ""))]);
    assert_eq!(it.read([1, 2, 3], Freshness::Now).await, ["Unauthenticated"; 3]);
    it.script.finish();
}

#[tokio::test]
async fn a_refresh_that_keeps_asking_reads_the_table_once() {
    let it = Scenario::new(vec![
        (LIST, rows(1..=10, "10")),
        (ALL, rows([1], "90")),
        (ALL, rows(1..=90, "90")),
        (ONE, missing()),
    ]);
    for tens in 0..9 {
        let numbers = tens * 10 + 1..=tens * 10 + 10;
        assert_eq!(it.read(numbers.clone(), Freshness::ThisRun).await, names(numbers));
    }
    assert_eq!(it.read([91], Freshness::ThisRun).await, ["none"], "asked for alone");
    it.script.finish();
}

#[tokio::test]
async fn a_large_table_of_which_little_is_wanted_is_not_read_whole() {
    let it = Scenario::new(vec![
        (LIST, rows(1..=10, "10")),
        (ALL, rows([1], "1501")),
        (LIST, rows(11..=20, "10")),
        (LIST, rows(21..=30, "10")),
    ]);
    for tens in 0..3 {
        let numbers = tens * 10 + 1..=tens * 10 + 10;
        assert_eq!(it.read(numbers.clone(), Freshness::ThisRun).await, names(numbers));
    }
    it.script.finish();
}

/// A client that has read the whole table.
async fn surveyed(then: Vec<(&'static str, Play)>) -> Scenario {
    let mut scenes = vec![(ALL, rows([1], "20")), (ALL, rows(1..=20, "20"))];
    scenes.extend(then);
    let it = Scenario::new(scenes);
    assert_eq!(it.read(1..=20, Freshness::ThisRun).await, names(1..=20));
    it
}

#[tokio::test]
async fn what_must_be_true_now_is_never_answered_from_what_was_read_before() {
    let it = surveyed(vec![(ONE, one(1))]).await;
    assert_eq!(it.read([1], Freshness::Now).await, ["n1"]);
    it.script.finish();
}

#[tokio::test]
async fn from_the_first_write_on_nothing_is_answered_from_what_was_read_before() {
    let table: TableName = "sys_alias".parse().unwrap();
    let it = surveyed(vec![
        ("DELETE ", ok(204, "")),
        (ONE, missing()),
        (LIST, rows(2..=20, "20")),
        (ONE, missing()),
    ])
    .await;
    assert!(it.client.delete(&table, &id(1)).await.unwrap());
    assert_eq!(it.read([1], Freshness::ThisRun).await, ["none"]);
    // Nor does the table get read whole again.
    assert_eq!(it.read(1..=20, Freshness::ThisRun).await.len(), 20);
    it.script.finish();
}

#[tokio::test]
async fn what_was_read_serves_for_a_minute() {
    let it = surveyed(vec![(ALL, rows([1], "20")), (ALL, rows(1..=20, "20"))]).await;
    it.client.line.transport.sleep(Duration::from_secs(59)).await;
    assert_eq!(it.read([1], Freshness::ThisRun).await, ["n1"]);
    it.client.line.transport.sleep(Duration::from_secs(2)).await;
    assert_eq!(it.read([1], Freshness::ThisRun).await, ["n1"]);
    it.script.finish();
}

#[tokio::test]
async fn a_table_that_cannot_be_read_whole_is_read_by_id() {
    for refusal in [ok(403, ""), ok(200, r#"{"result":[]}"#)] {
        let it = Scenario::new(vec![(ALL, refusal), (LIST, rows(1..=20, "20")), (LIST, rows(1..=20, "20"))]);
        assert_eq!(it.read(1..=20, Freshness::ThisRun).await, names(1..=20));
        assert_eq!(it.read(1..=20, Freshness::ThisRun).await, names(1..=20));
        it.script.finish();
    }
}

#[tokio::test]
async fn one_by_one_means_one_by_one() {
    let it = Scenario::new((1..=20).map(|number| (ONE, one(number))).collect());
    let client = it.client.with_read_strategy(ReadStrategy::Single);
    let it = Scenario { client, ..it };
    for number in 1..=20 {
        assert_eq!(it.read([number], Freshness::ThisRun).await, names([number]));
    }
    it.script.finish();
}
