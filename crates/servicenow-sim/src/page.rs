//! A small page for people, which only shows: integrations, tables, records, the journal and the troubles to come.

mod journal;
mod overview;
mod records;
mod sheet;

use servicenow_core::{Method, Request, Response};

use self::sheet::Sheet;
use crate::answer::failures::failure;
use crate::answer::header;
use crate::simulator::State;
use crate::store::StoreError;

/// Where the page begins.
pub const PATH: &str = "/";
/// Where the others are.
const PREFIX: &str = "/_sim/page/";

const STYLE: &str = include_str!("page/style.css");
const LIVE: &str = include_str!("page/live.js");

/// Nothing from elsewhere, nothing inline, in nobody's frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// The page that a path asks for, if it is one of these.
pub fn answer(state: &State, request: &Request) -> Option<Response> {
    let rest = match request.path.as_str() {
        PATH => "",
        path => path.strip_prefix(PREFIX)?,
    };
    if !request.method.is_read() {
        return Some(failure(405, "These pages only show", None));
    }
    let mut response = match routed(state, request, rest) {
        Ok(Some((kind, text))) => document(200, kind, text),
        Ok(None) => document(404, HTML, missing(state)),
        Err(error) => failure(500, "The simulated instance failed", Some(&error.to_string())),
    };
    if request.method == Method::Head {
        response.body.clear();
    }
    Some(response)
}

const HTML: &str = "text/html;charset=UTF-8";

type Found = Option<(&'static str, String)>;

fn routed(state: &State, request: &Request, rest: &str) -> Result<Found, StoreError> {
    let segments: Vec<&str> = rest.split('/').collect();
    let page = match segments.as_slice() {
        [""] => Some(overview::page(state)?),
        ["style.css"] => return Ok(Some(("text/css;charset=UTF-8", STYLE.to_owned()))),
        ["live.js"] => return Ok(Some(("text/javascript;charset=UTF-8", LIVE.to_owned()))),
        ["journal"] => Some(journal::page(state)),
        ["tables"] => Some(records::tables(state)?),
        ["table", name] => records::table(state, name, request)?,
        ["record", table, sys_id] => records::record(state, table, sys_id)?,
        _ => None,
    };
    Ok(page.map(|it| (HTML, it)))
}

fn missing(state: &State) -> String {
    let mut sheet = Sheet::new("Nothing here");
    sheet.raw("<p class=\"empty\">There is no such table or record.</p>");
    sheet.finish(state, "")
}

fn document(status: u16, kind: &str, text: String) -> Response {
    let headers = vec![
        header("Content-Type", kind),
        header("Content-Security-Policy", POLICY),
        header("X-Content-Type-Options", "nosniff"),
        header("Referrer-Policy", "no-referrer"),
        header("Cache-Control", "no-store"),
    ];
    Response { status, headers, body: text.into_bytes() }
}

#[cfg(test)]
mod tests;
