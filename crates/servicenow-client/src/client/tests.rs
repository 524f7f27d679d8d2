//! Operations played against a script: what is asked, what is waited for, what comes out.

pub(super) mod script;
mod stop;

use std::sync::atomic::Ordering;

use serde_json::json;

use self::script::{Play, Script, ok};
use super::*;
use crate::{Cause, TlsFault};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn table() -> TableName {
    "sys_alias".parse().unwrap()
}

fn id() -> SysId {
    ID.parse().unwrap()
}

fn cells() -> BTreeMap<String, String> {
    BTreeMap::from([("name".to_owned(), "orders".to_owned())])
}

fn row(name: &str) -> String {
    json!({"result": {"sys_id": ID, "name": name}}).to_string()
}

fn missing() -> Play {
    ok(404, json!({"error": {"message": "No Record found", "detail": null}, "status": "failure"}).to_string())
}

fn refused(detail: &str) -> Play {
    ok(
        403,
        json!({"error": {"message": "Operation Failed", "detail": detail}, "status": "failure"}).to_string(),
    )
}

fn scenario(scenes: Vec<(&'static str, Play)>) -> (Arc<Script>, Client) {
    let script = Arc::new(Script::new(scenes));
    let client = Client::new(Arc::clone(&script) as Arc<dyn Transport>);
    (script, client)
}

/// What creating the record with the name `orders` ends with: the stored name, or the kind of the failure.
async fn create(scenes: Vec<(&'static str, Play)>) -> (Result<String, Kind>, Vec<u64>) {
    let (script, client) = scenario(scenes);
    let created = client.create(&table(), &id(), &cells(), &["name"]).await;
    script.finish();
    (created.map(|it| it.text("name").to_owned()).map_err(|it| it.kind), script.waits())
}

async fn update(style: WriteStyle, scenes: Vec<(&'static str, Play)>) -> (Result<String, Kind>, Vec<u64>) {
    let (script, client) = scenario(scenes);
    let updated = client.update(&table(), &id(), &cells(), &["name"], style).await;
    script.finish();
    (updated.map(|it| it.text("name").to_owned()).map_err(|it| it.kind), script.waits())
}

async fn delete(scenes: Vec<(&'static str, Play)>) -> (Result<bool, Kind>, Vec<u64>) {
    let (script, client) = scenario(scenes);
    let deleted = client.delete(&table(), &id()).await;
    script.finish();
    (deleted.map_err(|it| it.kind), script.waits())
}

async fn get(scenes: Vec<(&'static str, Play)>) -> (Result<Option<String>, Kind>, Vec<u64>) {
    let (script, client) = scenario(scenes);
    let read = client.get(&table(), &id(), &["name"]).await;
    script.finish();
    (read.map(|it| it.map(|it| it.text("name").to_owned())).map_err(|it| it.kind), script.waits())
}

fn orders() -> Result<String, Kind> {
    Ok("orders".to_owned())
}

const POST: &str = "POST /api/now/table/sys_alias?";
const GET: &str = "GET /api/now/table/sys_alias/0123456789abcdef0123456789abcdef?";
const PATCH: &str = "PATCH /api/now/table/sys_alias/0123456789abcdef0123456789abcdef?";
const DELETE: &str = "DELETE /api/now/table/sys_alias/0123456789abcdef0123456789abcdef";
const LIST: &str = "GET /api/now/table/sys_alias?sysparm_query=";

#[tokio::test]
async fn a_record_is_read_or_absent() {
    assert_eq!(get(vec![(GET, ok(200, row("a")))]).await, (Ok(Some("a".to_owned())), vec![]));
    assert_eq!(get(vec![(GET, missing())]).await, (Ok(None), vec![]));
}

#[tokio::test]
async fn another_record_than_the_one_asked_for_is_not_used() {
    let other = json!({"result": {"sys_id": "f".repeat(32), "name": "a"}}).to_string();
    assert_eq!(get(vec![(GET, ok(200, other))]).await.0, Err(Kind::Inconsistent));
    assert_eq!(get(vec![(GET, ok(200, r#"{"result":[]}"#))]).await.0, Err(Kind::Inconsistent));
}

#[tokio::test]
async fn reading_goes_on_until_a_passing_failure_has_passed() {
    let passing = vec![
        (GET, Play::Unreachable(Cause::Tcp)),
        (GET, Play::Lost),
        (GET, ok(503, "")),
        (GET, ok(200, r#"{"result":{"name""#)),
    ];
    assert_eq!(get(passing).await, (Err(Kind::Lost), vec![250, 500, 1_000]));
    let passing = vec![(GET, ok(503, "")), (GET, ok(202, "")), (GET, ok(200, row("a")))];
    assert_eq!(get(passing).await, (Ok(Some("a".to_owned())), vec![250, 500]));
}

#[tokio::test]
async fn what_does_not_pass_is_asked_once() {
    let html = "<html><title>Welcome</title></html>";
    for (play, kind) in [
        (ok(401, ""), Kind::Unauthenticated),
        (refused("ACL Exception"), Kind::Forbidden),
        (ok(400, ""), Kind::BadRequest),
        (ok(500, ""), Kind::Server),
        (ok(200, html), Kind::NotServiceNow),
        (ok(200, "<title>Instance Hibernating page</title>"), Kind::Unavailable),
        (Play::Unreachable(Cause::Tls(TlsFault::Other)), Kind::Unreachable),
        (Play::Unreachable(Cause::Url), Kind::Unreachable),
        (Play::Unreachable(Cause::Proxy), Kind::Unreachable),
    ] {
        assert_eq!(get(vec![(GET, play)]).await, (Err(kind), vec![]));
    }
}

#[tokio::test]
async fn throttling_is_waited_out_as_the_instance_asks() {
    let throttled = |after: &'static str| Play::Answer(429, vec![("Retry-After", after)], String::new());
    let scenes = vec![(GET, throttled("7")), (GET, ok(429, "")), (GET, ok(200, row("a")))];
    assert_eq!(get(scenes).await, (Ok(Some("a".to_owned())), vec![7_500, 500]));
}

#[tokio::test]
async fn an_hour_of_quota_passes_in_no_time_or_is_reported_at_once() {
    let throttled = || (POST, Play::Answer(429, vec![("Retry-After", "3600")], String::new()));
    let (script, client) = scenario(vec![throttled(), (POST, ok(201, row("orders")))]);
    let patient = client.with_budget_ms(2 * 3_600 * 1_000);
    assert!(patient.create(&table(), &id(), &cells(), &[]).await.is_ok());
    assert_eq!(script.waits(), [3_600_500]);

    let (script, client) = scenario(vec![throttled()]);
    let error = client.create(&table(), &id(), &cells(), &[]).await.unwrap_err();
    assert_eq!((error.kind, error.retry_after_s, script.waits()), (Kind::Throttled, Some(3_600), vec![]));
}

#[tokio::test]
async fn a_record_is_created_under_the_chosen_id() {
    let (script, client) = scenario(vec![(POST, ok(201, row("orders")))]);
    let record = client.create(&table(), &id(), &cells(), &["name"]).await.unwrap();
    assert_eq!((record.text("sys_id"), record.text("name")), (ID, "orders"));
    let body = script.asked.lock().unwrap().first().and_then(|it| it.body.clone()).unwrap();
    assert_eq!(body, format!(r#"{{"name":"orders","sys_id":"{ID}"}}"#));
}

#[tokio::test]
async fn a_create_whose_answer_is_lost_makes_one_record() {
    let broken = r#"{"result":{"sys_id":"#;
    for lost in [
        Play::Lost,
        ok(201, broken),
        ok(201, ""),
        ok(500, ""),
        ok(502, ""),
        ok(200, r#"{"result":{},"status":"failure"}"#),
    ] {
        assert_eq!(create(vec![(POST, lost), (GET, ok(200, row("orders")))]).await, (orders(), vec![]));
    }
}

#[tokio::test]
async fn a_create_that_was_lost_before_it_happened_is_sent_again() {
    let scenes = vec![(POST, Play::Lost), (GET, missing()), (POST, ok(201, row("orders")))];
    assert_eq!(create(scenes).await, (orders(), vec![250]));
}

#[tokio::test]
async fn a_create_that_happens_after_the_look_is_found_by_its_taken_id() {
    let scenes = vec![
        (POST, Play::Lost),
        (GET, missing()),
        (POST, refused("Unique Key violation detected by database")),
        (GET, ok(200, row("orders"))),
    ];
    assert_eq!(create(scenes).await, (orders(), vec![250]));
}

#[tokio::test]
async fn a_taken_key_without_a_lost_answer_is_a_conflict() {
    let scenes = vec![(POST, refused("Unique Key violation detected by database"))];
    assert_eq!(create(scenes).await, (Err(Kind::Conflict), vec![]));
}

#[tokio::test]
async fn a_create_that_is_refused_although_it_happened_counts_as_created() {
    let scenes = vec![(POST, refused("ACL Exception")), (GET, ok(200, row("orders")))];
    assert_eq!(create(scenes).await, (orders(), vec![]));
    let scenes = vec![(POST, refused("ACL Exception")), (GET, missing())];
    assert_eq!(create(scenes).await, (Err(Kind::Forbidden), vec![]));
    let scenes = vec![(POST, refused("ACL Exception")), (GET, refused("ACL Exception"))];
    assert_eq!(create(scenes).await, (Err(Kind::Forbidden), vec![]));
}

#[tokio::test]
async fn a_create_that_certainly_did_not_happen_is_not_looked_up() {
    assert_eq!(
        create(vec![(POST, refused("was aborted by Business Rule 'x^0'"))]).await.0,
        Err(Kind::Refused)
    );
    assert_eq!(create(vec![(POST, ok(401, ""))]).await.0, Err(Kind::Unauthenticated));
    let scenes =
        vec![(POST, Play::Unreachable(Cause::Tcp)), (POST, ok(202, "")), (POST, ok(201, row("orders")))];
    assert_eq!(create(scenes).await, (orders(), vec![250, 500]));
}

#[tokio::test]
async fn a_failing_script_is_not_run_again() {
    assert_eq!(create(vec![(POST, ok(500, "")), (GET, missing())]).await, (Err(Kind::Server), vec![]));
}

#[tokio::test]
async fn a_create_that_nobody_can_look_up_is_reported_as_unknown() {
    let (script, client) = scenario(vec![(POST, Play::Lost), (GET, ok(401, ""))]);
    let error = client.create(&table(), &id(), &cells(), &[]).await.unwrap_err();
    assert_eq!((error.kind, error.method.as_str()), (Kind::Lost, "POST"));
    assert!(error.reason.contains("unknown"), "{}", error.reason);
    script.finish();
    // A page from something else than the instance stays what it is.
    let page = || ok(200, "<title>Welcome</title>");
    assert_eq!(create(vec![(POST, page()), (GET, page())]).await.0, Err(Kind::NotServiceNow));
}

#[tokio::test]
async fn a_change_whose_answer_is_lost_is_looked_up() {
    let style = WriteStyle::ActualValues;
    assert_eq!(update(style, vec![(PATCH, ok(200, row("orders")))]).await, (orders(), vec![]));
    assert_eq!(
        update(style, vec![(PATCH, Play::Lost), (GET, ok(200, row("orders")))]).await,
        (orders(), vec![])
    );
    let again = vec![(PATCH, Play::Lost), (GET, ok(200, row("old"))), (PATCH, ok(200, row("orders")))];
    assert_eq!(update(style, again).await, (orders(), vec![250]));
    assert_eq!(update(style, vec![(PATCH, Play::Lost), (GET, missing())]).await.0, Err(Kind::NotFound));
    assert_eq!(update(style, vec![(PATCH, missing())]).await.0, Err(Kind::NotFound));
}

#[tokio::test]
async fn a_secret_whose_answer_is_lost_is_sent_again_because_it_never_reads_back() {
    let scenes = vec![(PATCH, Play::Lost), (PATCH, ok(200, row("orders")))];
    assert_eq!(update(WriteStyle::DisplayValues, scenes).await, (orders(), vec![250]));
}

#[tokio::test]
async fn a_lost_answer_is_not_forgotten_when_the_repetition_is_not_executed() {
    let throttled = || Play::Answer(429, vec![("Retry-After", "3600")], String::new());
    let scenes = vec![(PATCH, Play::Lost), (PATCH, throttled())];
    assert_eq!(update(WriteStyle::DisplayValues, scenes).await.0, Err(Kind::Lost));
    let scenes = vec![(POST, Play::Lost), (GET, missing()), (POST, throttled())];
    assert_eq!(create(scenes).await.0, Err(Kind::Lost));
}

#[tokio::test]
async fn a_delete_says_whether_the_record_was_there() {
    assert_eq!(delete(vec![(DELETE, ok(204, ""))]).await, (Ok(true), vec![]));
    assert_eq!(delete(vec![(DELETE, missing())]).await, (Ok(false), vec![]));
    assert_eq!(delete(vec![(DELETE, refused("ACL Exception"))]).await, (Err(Kind::Forbidden), vec![]));
}

#[tokio::test]
async fn a_delete_whose_answer_is_lost_is_looked_up() {
    assert_eq!(delete(vec![(DELETE, Play::Lost), (GET, missing())]).await, (Ok(true), vec![]));
    let again = vec![(DELETE, Play::Lost), (GET, ok(200, row("a"))), (DELETE, ok(204, ""))];
    assert_eq!(delete(again).await, (Ok(true), vec![250]));
    let late = vec![(DELETE, Play::Lost), (GET, ok(200, row("a"))), (DELETE, missing())];
    assert_eq!(delete(late).await, (Ok(true), vec![250]));
    assert_eq!(delete(vec![(DELETE, Play::Lost), (GET, ok(401, ""))]).await.0, Err(Kind::Lost));
}

fn page(ids: std::ops::Range<u64>, total: &'static str) -> Play {
    let rows: Vec<Value> =
        ids.map(|it| json!({"sys_id": format!("{it:032x}"), "type": "connection"})).collect();
    let headers = if total.is_empty() { vec![] } else { vec![("X-Total-Count", total)] };
    Play::Answer(200, headers, json!({ "result": rows }).to_string())
}

async fn list(scenes: Vec<(&'static str, Play)>) -> (Result<usize, Kind>, Vec<String>) {
    let (script, client) = scenario(scenes);
    let query = Query::new().equals("type", "connection").unwrap();
    let listed = client.list(&table(), &query, &["name"]).await;
    script.finish();
    (listed.map(|it| it.len()).map_err(|it| it.kind), script.asked())
}

#[tokio::test]
async fn a_list_is_read_page_by_page_to_the_total_that_the_instance_names() {
    // The second page is short because rows were hidden from it, which is not the end; the third shows none at all.
    let scenes = vec![
        (LIST, page(0..1_000, "4500")),
        (LIST, page(1_000..1_010, "3500")),
        (LIST, page(0..0, "3490")),
        (LIST, page(3_000..4_000, "3490")),
        (LIST, page(4_000..4_500, "500")),
    ];
    let (listed, asked) = list(scenes).await;
    assert_eq!(listed, Ok(2_510));
    let after = |id: u64| format!("%5Esys_id%3E{id:032x}%5EORDERBYsys_id&");
    let expected = [
        ("%5EORDERBYsys_id&".to_owned(), 0),
        (after(999), 0),
        (after(1_009), 0),
        (after(1_009), 1_000),
        (after(3_999), 0),
    ];
    for (request, (conditions, offset)) in asked.iter().zip(expected) {
        let part = format!("type%3Dconnection{conditions}sysparm_limit=1000&sysparm_offset={offset}&");
        assert!(request.contains(&part), "{part} is missing in {request}");
    }
    assert_eq!(list(vec![(LIST, page(0..0, "0"))]).await.0, Ok(0));
}

#[tokio::test]
async fn a_list_without_a_total_ends_with_an_empty_page() {
    assert_eq!(list(vec![(LIST, page(0..3, "")), (LIST, page(0..0, ""))]).await.0, Ok(3));
}

#[tokio::test]
async fn a_list_with_an_end_asks_for_no_more_rows_than_are_wanted() {
    let scenes = vec![(LIST, page(0..1_000, "4500")), (LIST, page(1_000..1_005, "3500"))];
    let (script, client) = scenario(scenes);
    let query = Query::new().equals("type", "connection").unwrap();
    let (table, mut counts) = (table(), Vec::new());
    let mut pages = client.pages(&table, &query, &["name"], Some(1_003));
    while let Some(rows) = pages.next().await.unwrap() {
        counts.push(rows.len());
    }
    assert_eq!(counts, [1_000, 3]);
    script.finish();
    assert!(script.asked()[1].contains("sysparm_limit=3&"), "{}", script.asked()[1]);
}

#[tokio::test]
async fn a_list_goes_on_after_the_last_row_that_was_seen() {
    // Nobody may read the ids, so that the pages can only be counted off.
    let scenes = vec![(LIST, page(0..1_000, "1001")), (LIST, page(1_000..1_001, "1"))];
    assert_eq!(list(scenes).await.0, Ok(1_001));
    let hidden = |count: usize, total| {
        let rows: Vec<Value> = (0..count).map(|_| json!({"type": "connection"})).collect();
        Play::Answer(200, vec![("X-Total-Count", total)], json!({ "result": rows }).to_string())
    };
    let (listed, asked) = list(vec![(LIST, hidden(1_000, "1001")), (LIST, hidden(1, "1001"))]).await;
    assert_eq!(listed, Ok(1_001));
    assert!(asked[1].contains("sysparm_offset=1000&"), "{}", asked[1]);
}

#[tokio::test]
async fn a_list_whose_condition_was_left_out_is_not_used() {
    for stray in [json!({"sys_id": ID, "type": "credential"}), json!({"sys_id": ID})] {
        let rows = json!({"result": [{"sys_id": "a", "type": "connection"}, stray]}).to_string();
        let (script, client) = scenario(vec![(LIST, ok(200, rows))]);
        let query = Query::new().equals("type", "connection").unwrap();
        let error = client.list(&table(), &query, &[]).await.unwrap_err();
        assert_eq!((error.kind, error.path.as_str()), (Kind::Inconsistent, "/api/now/table/sys_alias"));
        assert!(error.reason.contains("`type`"), "{}", error.reason);
        script.finish();
    }
    assert_eq!(list(vec![(LIST, ok(200, r#"{"result":{}}"#))]).await.0, Err(Kind::Inconsistent));
}

#[tokio::test]
async fn a_missing_record_is_hidden_when_it_is_counted_or_nothing_can_be_seen() {
    let itself = "GET /api/now/table/sys_alias?sysparm_query=sys_id%3D0123456789abcdef0123456789abcdef%5EORDERBYsys_id&";
    let all = "GET /api/now/table/sys_alias?sysparm_query=ORDERBYsys_id&";
    for (scenes, expected) in [
        (vec![(itself, page(0..0, "1"))], Ok(true)),
        (vec![(itself, ok(200, json!({"result": [{"sys_id": ID}]}).to_string()))], Ok(true)),
        (vec![(itself, refused("ACL Exception"))], Ok(true)),
        (vec![(itself, page(0..0, "0")), (all, page(0..0, "7"))], Ok(true)),
        (vec![(itself, page(0..0, "0")), (all, page(0..5, "7"))], Ok(false)),
        (vec![(itself, page(0..0, "0")), (all, page(0..0, "0"))], Ok(false)),
        (vec![(itself, ok(401, ""))], Err(Kind::Unauthenticated)),
    ] {
        let (script, client) = scenario(scenes);
        assert_eq!(client.is_hidden(&table(), &id()).await.map_err(|it| it.kind), expected);
        script.finish();
    }
}

#[tokio::test]
async fn at_most_four_requests_are_under_way() {
    let scenes = (0..20).map(|_| (GET, ok(200, row("a")))).collect();
    let (script, client) = scenario(scenes);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        tasks.spawn(async move { client.get(&table(), &id(), &[]).await.is_ok() });
    }
    assert!(tasks.join_all().await.into_iter().all(|it| it));
    script.finish();
    assert_eq!(script.in_flight_max.load(Ordering::SeqCst), 4);
}
