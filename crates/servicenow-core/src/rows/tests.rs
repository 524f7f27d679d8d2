//! The rows of an answer are those that the whole document has, in whatever form it comes.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::Method;

fn response(status: u16, body: impl Into<Vec<u8>>) -> Response {
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: body.into() }
}

fn request() -> Request {
    Request::new(Method::Get, "/api/now/table/sys_alias")
}

/// What reading through the whole document comes to.
fn whole(response: &Response) -> Result<Vec<Record>, Kind> {
    let result = answer::classify(&request(), response).map_err(|it| it.kind)?;
    let rows = result.as_array().ok_or(Kind::Inconsistent)?;
    Ok(rows.iter().map(Record::from_json).collect())
}

#[track_caller]
fn check(status: u16, body: &str, expected: Result<usize, Kind>) {
    let response = response(status, body);
    let read = read(&request(), &response).map_err(|it| it.kind);
    assert_eq!(read, whole(&response), "{body}");
    assert_eq!(read.map(|it| it.len()), expected, "{body}");
}

#[test]
fn rows_are_read_without_the_rest() {
    check(200, r#"{"result":[]}"#, Ok(0));
    check(200, r#"{"result":[{"a":"1"},{"a":"2","b":{"value":"x","link":"y"}}]}"#, Ok(2));
    check(200, r#"{"session":{"debug_logs":[{"line":"x"}]},"result":[{"a":null,"b":true,"c":4}]}"#, Ok(1));
    check(200, r#"{"result":[{"a":"\u00fc\ud83d\ude00"}],"error":null,"status":"success"}"#, Ok(1));
    check(200, r#"{"result":[{}]}"#, Ok(1));
    check(
        404,
        r#"{"error":{"message":"No Record found","detail":"Records matching query not found"}}"#,
        Ok(0),
    );
}

#[test]
fn what_is_no_whole_list_is_an_error_of_its_own_kind() {
    let cancelled = r#"{"result":[{"a":"1"}],"error":{"message":"Transaction cancelled: maximum execution time exceeded"},"status":"failure"}"#;
    check(200, cancelled, Err(Kind::Cancelled));
    check(200, r#"{"result":[{"a":"1"}],"status":"failure"}"#, Err(Kind::Server));
    check(200, r#"{"result":[{"a":"1"},{"a":"#, Err(Kind::Lost));
    check(200, r#"{"result":{"a":"1"}}"#, Err(Kind::Inconsistent));
    check(200, r#"{"rows":[]}"#, Err(Kind::NotServiceNow));
    check(200, "<html><title>Log in</title></html>", Err(Kind::NotServiceNow));
    check(200, "", Err(Kind::Lost));
    check(202, r#"{"result":[]}"#, Err(Kind::Throttled));
    check(503, "", Err(Kind::Unavailable));
    check(200, r#"{"result":[]} and more"#, Err(Kind::Lost));
}

proptest! {
    #[test]
    fn both_ways_of_reading_come_to_the_same(
        rows in proptest::collection::vec(
            proptest::collection::btree_map("[a-z_.]{1,8}", field(), 0..5), 0..5),
        cut in 0_usize..2_000,
        status in prop_oneof![Just(200_u16), Just(201), Just(202), Just(404), Just(500)],
    ) {
        let body = json!({ "result": rows }).to_string();
        let body = body.get(..cut.min(body.len())).unwrap_or(&body).to_owned();
        let response = response(status, body);
        prop_assert_eq!(read(&request(), &response).map_err(|it| it.kind), whole(&response));
    }
}

fn field() -> impl Strategy<Value = Value> {
    prop_oneof![
        ".{0,6}".prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!(["a"])),
        ".{0,6}".prop_map(|it| json!({"value": it, "display_value": "d"})),
        Just(json!({"display_value": "Fred", "link": "https://x/api/now/table/sys_user/ID"})),
    ]
}
