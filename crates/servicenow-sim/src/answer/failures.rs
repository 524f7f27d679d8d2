//! Failures in the platform's words.

use serde::Serialize;
use serde_json::{Value, json};
use servicenow_core::Response;

use super::{header, pages};

/// The message of every refused operation.
const OPERATION_FAILED: &str = "Operation Failed";
/// The message when a request cannot be read.
const UNREADABLE: &str = "Exception while reading request";
/// The message when a record is missing or hidden.
const NO_RECORD: &str = "No Record found";
/// The limit that a simulated rate-limit rule names.
const REQUESTS_PER_HOUR: &str = "100";
/// The simulated rate-limit rule.
const RATE_LIMIT_RULE: &str = "b1a5000000000000000000000000f001";

/// A failure with a message and maybe a detail.
pub fn failure(status: u16, message: &str, detail: Option<&str>) -> Response {
    let body = json!({"error": {"message": message, "detail": detail}, "status": "failure"});
    json_response(status, &body)
}

/// An answer with a JSON body.
pub fn json_response(status: u16, body: &Value) -> Response {
    Response { status, headers: Vec::new(), body: body.to_string().into_bytes() }
}

/// An answer whose body is written at once, without a document in between: lists are long.
pub fn answered(status: u16, body: &impl Serialize) -> Response {
    // Writing texts into memory cannot fail.
    Response { status, headers: Vec::new(), body: serde_json::to_vec(body).unwrap_or_default() }
}

/// An answer without a body.
pub fn empty(status: u16) -> Response {
    Response { status, headers: Vec::new(), body: Vec::new() }
}

/// No user, or a wrong password.
pub fn not_authenticated() -> Response {
    let detail = "Required to provide Auth information";
    let mut response = failure(401, "User Not Authenticated", Some(detail));
    response.headers.push(header("WWW-Authenticate", "BASIC realm=\"Service-now\""));
    response
}

/// A path that leads nowhere.
pub fn no_resource() -> Response {
    failure(400, "Requested URI does not represent any resource", None)
}

/// A table that does not exist.
pub fn invalid_table(table: &str) -> Response {
    failure(400, &format!("Invalid table {table}"), None)
}

/// A verb that the path does not take. The text is assumed.
pub fn method_not_allowed() -> Response {
    failure(405, "Method not supported", None)
}

/// Content that cannot be sent back. The text is assumed.
pub fn not_acceptable() -> Response {
    failure(406, "Requested media type is not supported", None)
}

/// Content that cannot be read. The text is assumed.
pub fn unsupported_media_type() -> Response {
    failure(415, "Unsupported media type", None)
}

/// A header that is missing where the rules are strict. The text is assumed.
pub fn headers_missing() -> Response {
    failure(400, "Bad Request", Some("The headers Accept and Content-Type are needed"))
}

/// A body beyond the limit.
pub fn body_too_large(length: usize, length_max: usize) -> Response {
    let detail = format!(
        "Rejected large REST payload with content-length = {length} bytes. Max allowed: {length_max} bytes."
    );
    failure(400, UNREADABLE, Some(&detail))
}

/// A body that is no JSON.
pub fn malformed_body(reason: &str) -> Response {
    failure(400, UNREADABLE, Some(reason))
}

/// A record that is missing, or that the user may not see.
pub fn no_record() -> Response {
    failure(404, NO_RECORD, Some("Record doesn't exist or ACL restricts the record retrieval"))
}

/// An empty list in the first version of the Table API.
pub fn no_records() -> Response {
    let detail = "Records matching query not found. Check query parameter or offset parameter";
    failure(404, NO_RECORD, Some(detail))
}

/// A write that a rule, a data policy or the database refused.
pub fn operation_failed(detail: &str) -> Response {
    failure(403, OPERATION_FAILED, Some(detail))
}

/// An API, or a whole table, that the user may not use.
pub fn not_authorized() -> Response {
    failure(403, "User Not Authorized", Some("Failed API level ACL Validation"))
}

/// A condition on a column that the user may not read. The text is assumed.
pub fn unreadable_query() -> Response {
    failure(
        403,
        "Insufficient rights to query records",
        Some("Field(s) present in the query do not have permission to be read"),
    )
}

/// A write that the user's roles do not allow: `Insert`, `Update` or `Delete`.
pub fn acl(operation: &str) -> Response {
    operation_failed(&format!("ACL Exception {operation} Failed due to security constraints"))
}

/// The simulator's own failure.
pub fn broken(reason: &str) -> Response {
    failure(500, "The simulated instance failed", Some(reason))
}

/// What the platform usually says with a status when it does not do the work.
pub fn usual(status: u16, retry_after_s: Option<u64>, now_s: u64) -> Response {
    let mut response = match (status, retry_after_s) {
        (202, _) => empty(202),
        (401, _) => not_authenticated(),
        (403, _) => not_authorized(),
        (404, _) => no_record(),
        (429, Some(seconds)) => rate_limited(now_s + seconds),
        (429, None) => empty(429),
        (502..=504, _) => pages::maintenance(status),
        _ => failure(status, "The request could not be processed", None),
    };
    if let Some(seconds) = retry_after_s {
        response.headers.push(header("Retry-After", &seconds.to_string()));
    }
    response
}

fn rate_limited(reset_s: u64) -> Response {
    let detail = format!("Rate limit of {REQUESTS_PER_HOUR} requests per hour for Table API exceeded");
    let mut response = failure(429, "Rate limit exceeded", Some(&detail));
    response.headers.extend([
        header("X-RateLimit-Limit", REQUESTS_PER_HOUR),
        header("X-RateLimit-Reset", &reset_s.to_string()),
        header("X-RateLimit-Rule", RATE_LIMIT_RULE),
    ]);
    response
}

/// A body to which the error of a cancelled transaction is appended, as it happens in the middle of an answer.
pub fn cancelled(response: Response) -> Response {
    let message = "Transaction cancelled: maximum execution time exceeded";
    let detail = "Transaction cancelled: maximum execution time exceeded Check logs for error trace or enable \
                  glide.rest.debug property to verify REST request processing";
    let error = json!({"detail": detail, "message": message});
    let body = String::from_utf8_lossy(&response.body).into_owned();
    let begin =
        body.strip_suffix('}').filter(|it| it.len() > 1).map_or("{".to_owned(), |it| format!("{it},"));
    let body = format!("{begin}\"error\":{error},\"status\":\"failure\"}}").into_bytes();
    Response { status: 200, headers: response.headers, body }
}
