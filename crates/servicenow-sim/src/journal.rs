//! The journal: what was asked of the instance, in order, without secrets.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::{Value, json};
use servicenow_core::Request;

use crate::answer::around::Part;

/// Entries kept; older ones are dropped, so that a long campaign does not fill the memory.
const ENTRIES_MAX: usize = 100_000;

/// Parameters that hold a secret wherever they come: of the token endpoints, and keys.
const SECRET_PARAMETERS: &[&str] = &[
    "token",
    "access_token",
    "refresh_token",
    "client_secret",
    "assertion",
    "code",
    "code_verifier",
    "x-sn-apikey",
];

/// Stands for a value that may be a secret.
const HIDDEN: &str = "(hidden)";

/// A request and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Its number, counted from 1.
    pub n: u64,
    /// Milliseconds after 1970.
    pub at_ms: u64,
    /// The user that signed in, or nothing.
    pub user: String,
    /// The verb.
    pub method: &'static str,
    /// The path and the query, without secrets.
    pub path: String,
    /// The status code; 0 when the answer was lost.
    pub status: u16,
    /// The name of the trouble that it met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
    /// The parts of a batch that were carried out or met a trouble, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartEntry>,
}

/// A part of a batch and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct PartEntry {
    /// What the batch calls it.
    pub id: String,
    /// The verb.
    pub method: &'static str,
    /// The path and the query, without secrets.
    pub path: String,
    /// The status code; 0 when there was no answer to it.
    pub status: u16,
    /// The name of the trouble that it met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<&'static str>,
}

/// The requests so far.
#[derive(Debug, Default)]
pub struct Journal {
    entries: VecDeque<Entry>,
    count: u64,
}

/// Who asked, when, and what the answer's status was: 0 when the answer was lost.
#[derive(Debug)]
pub struct Asked<'a> {
    /// Milliseconds after 1970.
    pub at_ms: u64,
    /// The user that signed in, or nothing.
    pub user: String,
    /// The request.
    pub request: &'a Request,
    /// The status code.
    pub status: u16,
    /// The name of the trouble that it met.
    pub fault: Option<&'static str>,
    /// The parts of a batch.
    pub parts: Vec<Part>,
}

impl Journal {
    /// Adds an entry. `secret_columns` are the columns whose values stay out of it.
    pub fn add(&mut self, asked: Asked<'_>, secret_columns: &[String]) {
        self.count += 1;
        if self.entries.len() == ENTRIES_MAX {
            self.entries.pop_front();
        }
        let part = |it: Part| PartEntry {
            path: target(&it.request, secret_columns),
            method: it.request.method.as_str(),
            id: it.id,
            status: it.status,
            fault: it.fault,
        };
        self.entries.push_back(Entry {
            n: self.count,
            at_ms: asked.at_ms,
            user: asked.user,
            method: asked.request.method.as_str(),
            path: target(asked.request, secret_columns),
            status: asked.status,
            fault: asked.fault,
            parts: asked.parts.into_iter().map(part).collect(),
        });
    }

    /// How many requests there were, with those that are no longer kept.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Empties it; counting begins again.
    pub fn clear(&mut self) {
        *self = Journal::default();
    }

    /// The entries after that number.
    pub fn after(&self, n: u64) -> Value {
        let later: Vec<&Entry> = self.entries.iter().skip_while(|it| it.n <= n).collect();
        json!(later)
    }

    /// The last entries, newest first.
    pub fn newest(&self, count: usize) -> impl Iterator<Item = &Entry> {
        self.entries.iter().rev().take(count)
    }

    /// As `GET /_sim/journal` answers it.
    pub fn to_json(&self) -> Value {
        json!(self.entries)
    }
}

fn target(request: &Request, secret_columns: &[String]) -> String {
    let mut shown = Request::new(request.method, request.path.clone());
    shown.query = request
        .query
        .iter()
        .map(|(name, value)| (name.clone(), shown_value(name, value, secret_columns)))
        .collect();
    shown.target()
}

fn shown_value(name: &str, value: &str, secret_columns: &[String]) -> String {
    let secret = |field: &str| secret_columns.iter().any(|it| field.ends_with(it.as_str()));
    if name == "sysparm_query" {
        let conditions = value.split('^').map(|it| shown_condition(it, &secret));
        return conditions.collect::<Vec<String>>().join("^");
    }
    let known = SECRET_PARAMETERS.iter().any(|it| it.eq_ignore_ascii_case(name));
    if known || secret(name) { HIDDEN.to_owned() } else { value.to_owned() }
}

fn shown_condition(condition: &str, secret: &dyn Fn(&str) -> bool) -> String {
    let text = condition.strip_prefix("OR").or_else(|| condition.strip_prefix("NQ")).unwrap_or(condition);
    let length = text.bytes().take_while(|it| crate::query::is_field_byte(*it)).count();
    let (field, rest) = text.split_at(length);
    if secret(field) && !rest.is_empty() { format!("{field}={HIDDEN}") } else { condition.to_owned() }
}

#[cfg(test)]
mod tests {
    use servicenow_core::Method;

    use super::*;

    #[test]
    fn a_secret_in_a_query_stays_out_of_the_journal() {
        let secret_columns = ["password".to_owned(), "user_password".to_owned()];
        for (name, value, shown) in [
            ("password", "hunter2", "password=%28hidden%29"),
            ("sysparm_query", "passwordSTARTSWITHhunter2", "sysparm_query=password%3D%28hidden%29"),
            ("sysparm_query", "a=1^ORcredential.password=hunter2", "a%3D1%5Ecredential.password%3D%28hidden"),
            ("sysparm_query", "name=orders", "sysparm_query=name%3Dorders"),
            ("token", "hunter2", "token=%28hidden%29"),
            ("X-SN-apikey", "hunter2", "X-SN-apikey=%28hidden%29"),
            ("refresh_token", "hunter2", "refresh_token=%28hidden%29"),
        ] {
            let mut request = Request::new(Method::Get, "/api/now/table/basic_auth_credentials");
            request.query.push((name.to_owned(), value.to_owned()));
            let mut journal = Journal::default();
            let asked = Asked {
                at_ms: 1,
                user: String::new(),
                request: &request,
                status: 200,
                fault: None,
                parts: vec![],
            };
            journal.add(asked, &secret_columns);
            let text = journal.to_json().to_string();
            assert!(text.contains(shown) && !text.contains("hunter2"), "{text}");
        }
    }
}
