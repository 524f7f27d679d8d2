//! What a trouble makes of an answer.

use servicenow_core::Response;

use super::{FaultKind, Headers, Page};
use crate::answer::{self, failures, pages};

/// What a client meets when no answer came: no status code is 0.
pub const STATUS_LOST: u16 = 0;

/// What is answered instead of doing the work; nothing when the work is done.
pub fn instead(kind: &FaultKind, now_s: u64) -> Option<Response> {
    Some(match kind {
        FaultKind::RefusedBefore { status, body } => given(*status, &Headers::new(), body),
        FaultKind::Answer { status, headers, body } => given(*status, headers, body),
        FaultKind::LostBefore | FaultKind::ResetBefore | FaultKind::UnservicedBefore => {
            failures::empty(STATUS_LOST)
        }
        FaultKind::Status { status, retry_after_s } => failures::usual(*status, *retry_after_s, now_s),
        FaultKind::Html { status } => {
            pages::html(*status, "Unexpected page", "This page is not what was asked for.")
        }
        FaultKind::Page(page) => pages::of_state(state_of(*page))?,
        _ => return None,
    })
}

/// What becomes of an answer after the work was done.
pub fn spoiled(kind: Option<&FaultKind>, response: Response) -> Response {
    match kind {
        Some(FaultKind::TruncatedBody) => {
            let mut response = response;
            response.body.truncate(response.body.len() / 2);
            response
        }
        Some(FaultKind::ErrorInBody) => failures::cancelled(response),
        Some(FaultKind::Replaced { status, headers, body }) => given(*status, headers, body),
        _ => response,
    }
}

/// The value of the setting `state` under which a page comes for everything.
fn state_of(page: Page) -> &'static str {
    match page {
        Page::Hibernating => "hibernating",
        Page::Login => "login_page",
        Page::Maintenance => "maintenance",
    }
}

fn given(status: u16, headers: &Headers, body: &str) -> Response {
    let headers = headers.iter().map(|(name, value)| answer::header(name, value)).collect();
    Response { status, headers, body: body.as_bytes().to_vec() }
}
