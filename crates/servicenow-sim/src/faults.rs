//! Trouble on demand: which request goes wrong, and how.

mod chance;
mod effect;
mod kind;
mod planned;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use servicenow_core::Request;

pub use self::chance::{Probability, below};
pub use self::effect::{STATUS_LOST, instead, spoiled};
pub use self::kind::{FaultKind, Page, WrongCertificate};
pub use self::planned::{Asker, Faults, Met, Place};

/// One planned trouble.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Text")]
pub struct Fault {
    /// Which matching request from now on, counted from 1.
    pub at: u32,
    /// Only requests with this verb, in capitals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only requests whose path, with or without its encoded query, contains this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// Only requests for this table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Only requests of this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Only requests with a query parameter, decoded and written `name=value`, that contains this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_contains: Option<String>,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many matching requests in a row.
    pub times: u32,
    /// Of those in a row, only so many, chosen by the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<Probability>,
    /// What the choice of a probability and the waits of a jitter follow from; chosen when it is absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// A fault as it is written in JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(default = "one")]
    at: u32,
    method: Option<String>,
    path_contains: Option<String>,
    table: Option<String>,
    user: Option<String>,
    query_contains: Option<String>,
    kind: FaultKind,
    times: Option<u32>,
    probability: Option<Probability>,
    seed: Option<u64>,
}

fn one() -> u32 {
    1
}

impl TryFrom<Text> for Fault {
    type Error = String;

    fn try_from(text: Text) -> Result<Fault, String> {
        let Text { at, method, path_contains, table, user, query_contains, kind, times, probability, seed } =
            text;
        // Chance without an end is what a drill wants; one certain trouble is what a test wants.
        let times = times.unwrap_or(if probability.is_some() { u32::MAX } else { 1 });
        if at == 0 || times == 0 {
            return Err("`at` and `times` count from 1".to_owned());
        }
        kind.check()?;
        Ok(Fault { at, method, path_contains, table, user, query_contains, kind, times, probability, seed })
    }
}

impl Fault {
    /// Trouble with the next request.
    pub fn next(kind: FaultKind) -> Fault {
        Fault {
            at: 1,
            method: None,
            path_contains: None,
            table: None,
            user: None,
            query_contains: None,
            kind,
            times: 1,
            probability: None,
            seed: None,
        }
    }

    /// Trouble with the n-th request from now on, counted from 1.
    pub fn nth(at: u32, kind: FaultKind) -> Fault {
        Fault { at, ..Fault::next(kind) }
    }

    /// Trouble with so many of all requests from now on, chosen by a seed.
    pub fn sometimes(probability: Probability, seed: u64, kind: FaultKind) -> Fault {
        Fault { times: u32::MAX, probability: Some(probability), seed: Some(seed), ..Fault::next(kind) }
    }

    /// Only with requests of this verb, in capitals.
    #[must_use]
    pub fn on_method(self, method: &str) -> Fault {
        Fault { method: Some(method.to_owned()), ..self }
    }

    /// Only with requests whose path contains this.
    #[must_use]
    pub fn on_path(self, path_contains: &str) -> Fault {
        Fault { path_contains: Some(path_contains.to_owned()), ..self }
    }

    /// Only with requests for this table.
    #[must_use]
    pub fn on_table(self, table: &str) -> Fault {
        Fault { table: Some(table.to_owned()), ..self }
    }

    /// Only with requests of this user.
    #[must_use]
    pub fn of_user(self, user: &str) -> Fault {
        Fault { user: Some(user.to_owned()), ..self }
    }

    /// Only with requests that have a query parameter, decoded and written `name=value`, that contains this.
    #[must_use]
    pub fn on_query(self, query_contains: &str) -> Fault {
        Fault { query_contains: Some(query_contains.to_owned()), ..self }
    }

    /// That many times in a row.
    #[must_use]
    pub fn times(self, times: u32) -> Fault {
        Fault { times, ..self }
    }

    /// Whether anything of it follows from a seed.
    pub(crate) fn is_random(&self) -> bool {
        self.probability.is_some() || matches!(self.kind, FaultKind::Delay { jitter_ms: 1.., .. })
    }

    /// Whether it says which requests it is about, and not only whose: then it is met by the parts of batches too.
    fn names_requests(&self) -> bool {
        [&self.method, &self.path_contains, &self.table, &self.query_contains].iter().any(|it| it.is_some())
    }

    fn concerns(&self, place: Place) -> bool {
        match place {
            Place::Alone => !self.kind.is_of_parts(),
            Place::InBatch => self.kind.is_of_parts() || self.names_requests(),
        }
    }

    fn matches(&self, asker: Asker<'_>) -> bool {
        let Asker { request, user, place } = asker;
        let wanted = |wish: &Option<String>, holds: &dyn Fn(&str) -> bool| wish.as_deref().is_none_or(holds);
        self.concerns(place)
            && wanted(&self.method, &|it| it.eq_ignore_ascii_case(request.method.as_str()))
            && wanted(&self.path_contains, &|it| request.path.contains(it) || request.target().contains(it))
            && wanted(&self.table, &|it| table_of(&request.path) == Some(it))
            && wanted(&self.user, &|it| user == it)
            && wanted(&self.query_contains, &|it| queries(request, it))
    }
}

fn queries(request: &Request, part: &str) -> bool {
    request.query.iter().any(|(name, value)| format!("{name}={value}").contains(part))
}

/// The table that a path of the Table API, of the Aggregate API or of the older processors names.
fn table_of(path: &str) -> Option<&str> {
    let mut segments =
        path.split('/').filter(|it| !it.is_empty()).skip_while(|it| matches!(*it, "api" | "now"));
    let first = segments.next()?;
    let api = if matches!(first, "v1" | "v2") { segments.next()? } else { first };
    match api {
        "table" | "stats" | "import" => segments.next(),
        _ => first.strip_suffix(".do"),
    }
}

/// Headers of an answer that a fault gives.
pub type Headers = BTreeMap<String, String>;

#[cfg(test)]
mod tests;
