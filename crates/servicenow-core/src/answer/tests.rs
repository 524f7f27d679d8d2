//! Every row of the table of answers, as data.

use std::collections::BTreeMap;

use serde_json::json;

use super::*;
use crate::table_api::{Write, WriteStyle};
use crate::{SysId, TableName};

const ID: &str = "0123456789abcdef0123456789abcdef";

fn table() -> TableName {
    "http_connection".parse().unwrap()
}

fn id() -> SysId {
    ID.parse().unwrap()
}

fn read() -> Request {
    table_api::get(&table(), &id(), &["name"])
}

fn write() -> Request {
    let cells = BTreeMap::from([("name".to_owned(), "orders".to_owned())]);
    table_api::create(&table(), &id(), Write { cells: &cells, columns: &[], style: WriteStyle::ActualValues })
}

fn secret_write(secret: &str) -> Request {
    let cells = BTreeMap::from([("password".to_owned(), secret.to_owned())]);
    table_api::update(
        &table(),
        &id(),
        Write { cells: &cells, columns: &[], style: WriteStyle::DisplayValues },
    )
}

fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Response { status, headers, body: body.as_bytes().to_vec() }
}

fn failure(message: &str, detail: Option<&str>) -> String {
    json!({"error": {"detail": detail, "message": message}, "status": "failure"}).to_string()
}

fn check(request: &Request, response: &Response, kind: Kind, reason_part: &str) -> ServiceError {
    let error = classify(request, response).expect_err("a failure");
    assert_eq!(error.kind, kind, "{error}");
    assert!(error.reason.contains(reason_part), "{} lacks {reason_part:?}", error.reason);
    let status = (response.status != 0).then_some(response.status);
    assert_eq!(
        (error.status, error.method, error.path.as_str()),
        (status, request.method, request.path.as_str())
    );
    error
}

#[test]
fn a_result_is_handed_over_whatever_stands_beside_it() {
    for (request, status, body, expected) in [
        (read(), 200, r#"{"result":{"name":"a"}}"#, json!({"name": "a"})),
        (read(), 200, r#"{"result":[]}"#, json!([])),
        (read(), 200, r#" {"session":{"debug_logs":[]},"result":{}} "#, json!({})),
        (read(), 200, r#"{"error":null,"result":{"status":"failure"}}"#, json!({"status": "failure"})),
        (write(), 201, r#"{"result":{"sys_id":"x"}}"#, json!({"sys_id": "x"})),
        (table_api::delete(&table(), &id()), 204, "", json!(null)),
        (Request::new(Method::Head, "/api/now/table/sys_user"), 200, "", json!(null)),
    ] {
        assert_eq!(classify(&request, &response(status, &[], body)), Ok(expected), "{body}");
    }
}

#[test]
fn json_counts_even_when_it_calls_itself_a_page() {
    let answer = response(200, &[("Content-Type", "text/html")], r#"{"result":{}}"#);
    assert_eq!(classify(&read(), &answer), Ok(json!({})));
}

#[test]
fn the_words_of_a_refusal_tell_what_the_status_does_not() {
    let acl = |verb: &str| format!("ACL Exception {verb} Failed due to security constraints");
    let rule = "Operation against file 'http_connection' was aborted by Business Rule 'One active^0f'. \
                Business Rule Stack:One active";
    let key = "Unique Key violation detected by database ((conn=1) Duplicate entry 'a' for key 'name')";
    let body_size = "Rejected large REST payload with content-length = 15105102 bytes.";
    for (status, message, detail, kind) in [
        (401, "User Not Authenticated", Some("Required to provide Auth information"), Kind::Unauthenticated),
        (401, "User is not authenticated", None, Kind::Unauthenticated),
        (403, "User Not Authorized", Some("Failed API level ACL Validation"), Kind::Forbidden),
        (403, "Operation Failed", Some(acl("Insert").as_str()), Kind::Forbidden),
        (403, "Operation Failed", Some(acl("Update").as_str()), Kind::Forbidden),
        (403, "Operation Failed", Some(acl("Delete").as_str()), Kind::Forbidden),
        (403, "Operation Failed", Some(rule), Kind::Refused),
        (403, "Operation Failed", Some("Data Policy Exception: Name is mandatory"), Kind::Refused),
        (403, "Operation Failed", Some(key), Kind::Conflict),
        (403, "Operation Failed", Some("Insert Aborted : Error during insert of x (y)"), Kind::Refused),
        (403, "Insufficient rights to query records", None, Kind::Forbidden),
        (403, "Something new", Some("never seen"), Kind::Forbidden),
        (
            404,
            "No Record found",
            Some("Record doesn't exist or ACL restricts the record retrieval"),
            Kind::NotFound,
        ),
        (404, "Kein Datensatz gefunden", None, Kind::NotFound),
        (400, "Invalid table x_nowhere", None, Kind::InvalidTable),
        (400, "Requested URI does not represent any resource", None, Kind::BadRequest),
        (400, "Exception while reading request", Some(body_size), Kind::BadRequest),
        (405, "Method not allowed", None, Kind::BadRequest),
        (406, "Not acceptable", None, Kind::BadRequest),
        (415, "Unsupported media type", None, Kind::BadRequest),
        (409, "Conflict", None, Kind::Conflict),
        (429, "Rate limit exceeded", Some("Rate limit of 100 requests per hour exceeded"), Kind::Throttled),
        (500, "Script exception", Some("No Record found"), Kind::Server),
        (500, "Transaction cancelled: maximum execution time exceeded", None, Kind::Cancelled),
        (503, "Down", None, Kind::Unavailable),
    ] {
        check(&write(), &response(status, &[], &failure(message, detail)), kind, message);
    }
}

#[test]
fn a_name_that_people_chose_is_not_taken_for_a_text_of_the_platform() {
    let rule = "Operation against file 'x' was aborted by Business Rule 'No record found: rate limit^0f'.";
    check(
        &write(),
        &response(403, &[], &failure("Operation Failed", Some(rule))),
        Kind::Refused,
        "rate limit",
    );
}

#[test]
fn a_status_alone_is_understood() {
    for (status, kind, reason) in [
        (0, Kind::Lost, "no complete answer"),
        (202, Kind::Throttled, "did not execute"),
        (401, Kind::Unauthenticated, "credentials"),
        (403, Kind::Forbidden, "IP access control"),
        (404, Kind::NotServiceNow, "address"),
        (407, Kind::Unreachable, "proxy"),
        (408, Kind::Lost, "unexpected status"),
        (413, Kind::BadRequest, "larger"),
        (414, Kind::BadRequest, "longer"),
        (429, Kind::Throttled, "too many requests"),
        (499, Kind::Lost, "unexpected status"),
        (500, Kind::Server, "failed"),
        (502, Kind::Unavailable, "not available"),
        (503, Kind::Unavailable, "not available"),
        (504, Kind::Unavailable, "not available"),
        (302, Kind::NotServiceNow, "elsewhere"),
        (700, Kind::NotServiceNow, "unexpected status"),
    ] {
        check(&read(), &response(status, &[], ""), kind, reason);
    }
}

#[test]
fn pages_are_told_apart_by_what_they_say() {
    let html = [("Content-Type", "text/html;charset=UTF-8")];
    let hibernating = "<html><title>Instance Hibernating page</title></html>";
    let login = "<html><head><title>ServiceNow</title></head><form action='login.do'></form></html>";
    let maintenance = "<!DOCTYPE html><html><title>Scheduled Maintenance</title></html>";
    for (status, body, kind, reason) in [
        (200, hibernating, Kind::Unavailable, "hibernates"),
        (503, hibernating, Kind::Unavailable, "hibernates"),
        (404, hibernating, Kind::Unavailable, "hibernates"),
        (200, login, Kind::NotServiceNow, "login page with the title \"ServiceNow\""),
        (401, login, Kind::Unauthenticated, "login page"),
        (200, maintenance, Kind::Unavailable, "maintenance page"),
        (503, maintenance, Kind::Unavailable, "\"Scheduled Maintenance\""),
        (200, "<html><title>It works!</title></html>", Kind::NotServiceNow, "\"It works!\""),
        (404, "<html><title>Not Found</title></html>", Kind::NotServiceNow, "\"Not Found\""),
        (403, "<html></html>", Kind::Forbidden, "without a title"),
        (414, "<h1>Request-URI Too Long</h1>", Kind::BadRequest, "web page"),
        (400, "<html><title>Bad Request</title></html>", Kind::BadRequest, "\"Bad Request\""),
        (429, "<html></html>", Kind::Throttled, "web page"),
        (502, "<html><title>502 Bad Gateway</title></html>", Kind::Unavailable, "502 Bad Gateway"),
        (500, "<html><title>Error</title></html>", Kind::Server, "\"Error\""),
    ] {
        check(&read(), &response(status, &html, body), kind, reason);
        check(&read(), &response(status, &[], body), kind, reason);
    }
}

#[test]
fn a_hibernating_instance_is_known_as_such() {
    let hibernating = response(200, &[], "<html><title>Instance Hibernating page</title></html>");
    assert!(classify(&read(), &hibernating).unwrap_err().is_hibernating());
    assert!(!classify(&read(), &response(503, &[], "")).unwrap_err().is_hibernating());
}

#[test]
fn failure_inside_success_is_failure() {
    let cancelled = r#"{"result":[{"sys_id":"a"}],"error":{"detail":"Check logs","message":"Transaction cancelled: maximum execution time exceeded"},"status":"failure"}"#;
    for (status, body, kind, reason) in [
        (200, cancelled, Kind::Cancelled, "maximum execution time"),
        (200, r#"{"result":{},"status":"failure"}"#, Kind::Server, "in the middle"),
        (200, r#"{"result":{},"error":{"message":"Odd","detail":null}}"#, Kind::Server, "\"Odd\""),
        (201, r#"{"error":"plain words"}"#, Kind::Server, "plain words"),
        (200, r#"{"result":[{"sys_id":"a"},{"sys_"#, Kind::Lost, "breaks off"),
        (200, r#"{"result":[{"sys_id":"a"},{"error":{}"#, Kind::Lost, "breaks off"),
        (201, "", Kind::Lost, "no body"),
        (200, " \n", Kind::Lost, "no body"),
        (204, "", Kind::Lost, "no body"),
        (200, r#"{"records":[]}"#, Kind::NotServiceNow, "without `result`"),
        (200, "[]", Kind::NotServiceNow, "without `result`"),
        (200, "pong", Kind::NotServiceNow, "no JSON"),
    ] {
        check(&write(), &response(status, &[], body), kind, reason);
    }
}

#[test]
fn the_error_of_another_kind_of_server_is_no_missing_record() {
    for body in [
        r#"{"message":"Not Found"}"#,
        r#"{"error":"Not Found","status":404}"#,
        r#"{"error":{"code":5}}"#,
        "nope",
    ] {
        check(&read(), &response(404, &[], body), Kind::NotServiceNow, "");
    }
}

#[test]
fn an_older_interface_says_that_a_list_is_empty_with_404() {
    let detail = "Records matching query not found. Check query parameter or offset parameter";
    let answer = response(404, &[], &failure("No Record found", Some(detail)));
    assert_eq!(classify(&read(), &answer), Ok(json!([])));
    check(&write(), &answer, Kind::NotFound, "No Record found");
}

#[test]
fn the_time_to_come_back_is_kept() {
    for (status, headers, expected) in [
        (429, vec![("Retry-After", "3412"), ("X-RateLimit-Limit", "100")], Some(3412)),
        (429, vec![("retry-after", " 5 ")], Some(5)),
        (503, vec![("Retry-After", "30")], Some(30)),
        (202, vec![("Retry-After", "1")], Some(1)),
        (429, vec![], None),
        (429, vec![("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT")], None),
    ] {
        let error = classify(&read(), &response(status, &headers, "")).unwrap_err();
        assert_eq!(error.retry_after_s, expected, "{status} {headers:?}");
    }
}

#[test]
fn a_redirect_names_its_target_without_query_and_credentials() {
    let headers = [("Location", "https://user:planted@sso.example.com/login?token=planted")];
    let error =
        check(&read(), &response(302, &headers, ""), Kind::NotServiceNow, "\"sso.example.com/login\"");
    assert!(!error.reason.contains("planted"), "{}", error.reason);
}

#[test]
fn a_reason_is_short_and_on_one_line() {
    let error = check(
        &read(),
        &response(500, &[], &failure("a\nb\u{7} c", Some(&"ü".repeat(9_000)))),
        Kind::Server,
        "\"a b c: ü",
    );
    assert!(error.reason.chars().count() <= WORDS_MAX + 3, "{}", error.reason);
    assert!(error.reason.ends_with("…\""), "{}", error.reason);
    let page = format!("<html><title>{}</title>", "x".repeat(9_000));
    let error = check(&read(), &response(200, &[], &page), Kind::NotServiceNow, "web page");
    assert!(error.reason.chars().count() < 2 * WORDS_MAX, "{}", error.reason);
}

#[test]
fn a_secret_that_the_instance_repeats_is_taken_out() {
    let secret = "pl\"anted";
    let body = failure("Operation Failed", Some("Duplicate entry 'pl\"anted' for key 'x'"));
    let error = check(&secret_write(secret), &response(403, &[], &body), Kind::Conflict, "'(sensitive)'");
    assert!(!error.reason.contains("anted"), "{}", error.reason);
    let body = failure("Exception while reading request", Some("Unexpected token pl\\\"ant"));
    let error = check(&secret_write(secret), &response(400, &[], &body), Kind::BadRequest, "reading request");
    assert!(!error.reason.contains("ant"), "{}", error.reason);
}

#[test]
fn the_total_of_a_list_is_read_from_its_header() {
    for (headers, expected) in [
        (vec![("x-total-count", "1234")], Some(1234)),
        (vec![("X-Total-Count", "many")], None),
        (vec![], None),
    ] {
        assert_eq!(total_count(&response(200, &headers, "")), expected, "{headers:?}");
    }
}

#[test]
fn a_missing_second_factor_is_told_apart_from_a_wrong_password() {
    let body = r#"{"error":{"message":"User Not Authenticated","detail":"x"},"status":"failure"}"#;
    for (headers, expected) in
        [(vec![("X-MFA_TOKEN".to_owned(), "invalid".to_owned())], true), (vec![], false)]
    {
        let response = Response { status: 401, headers, body: body.as_bytes().to_vec() };
        let request = Request::new(Method::Get, "/api/now/table/sys_user");
        let error = classify(&request, &response).unwrap_err();
        assert_eq!((error.kind, error.wants_second_factor()), (Kind::Unauthenticated, expected), "{error}");
        assert!(error.reason.contains("User Not Authenticated"), "{error}");
    }
}
