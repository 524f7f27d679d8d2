//! Reads from the instance what the state of something is derived from.

mod inbound;
pub mod native;
pub mod unifi;

use std::time::Duration;

use servicenow_core::{Kind, Method, Query, Record, Request, ServiceError, SysId};
use tf_core::Diagnostics;

use super::derive::{Freshness, Probe, Seen, Standing};
use crate::errors::{self, Doing};
use crate::outside::Outside;
use crate::session::Session;
use crate::tables::Table;
use crate::target::{self, Strictness};

/// How long the other system may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Questions about one alias, integration or endpoint.
pub struct Looking<'a> {
    pub session: &'a Session,
    pub outside: &'a Outside,
    /// What it is about.
    pub id: &'a SysId,
    /// Whether the other system is asked as well.
    pub tests: bool,
    /// How old a proof may be.
    pub freshness: Option<Span>,
}

/// A span of time.
#[derive(Clone, Debug)]
pub struct Span {
    /// In seconds.
    pub seconds: u64,
    /// As somebody wrote it.
    pub written: String,
}

/// What was found.
pub struct Found {
    pub standing: Standing,
    /// The active connection.
    pub connection: Option<Record>,
    /// When the newest access token runs out.
    pub token_expires: Option<String>,
}

/// What something is called in messages, and where it lives.
#[derive(Clone, Copy)]
struct Place {
    noun: &'static str,
    table: &'static str,
    attribute: &'static str,
}

impl Looking<'_> {
    fn failed(&self, place: Place, error: &ServiceError) -> Diagnostics {
        let doing = Doing { verb: "find out the status of", noun: place.noun, name: self.id.as_str() };
        errors::service(&doing, error, "Nothing was changed.").into()
    }

    /// The record that it is about.
    async fn itself(&self, place: Place, columns: &[&str]) -> Result<Record, Diagnostics> {
        let rows = self.rows(place, place.table, ("sys_id", self.id.as_str()), columns).await?;
        let conditions = [format!("`{}` is `{}`", place.attribute, self.id)];
        let nothing = || errors::nothing_found(place.noun, place.table, &conditions, &[]).into();
        rows.into_iter().next().ok_or_else(nothing)
    }

    /// The rows that hold a value in a column.
    async fn rows(
        &self,
        place: Place,
        table: &str,
        condition: (&str, &str),
        columns: &[&str],
    ) -> Result<Vec<Record>, Diagnostics> {
        self.rows_if_open(table, condition, columns)
            .await
            .and_then(|it| it)
            .map_err(|error| self.failed(place, &error))
    }

    /// The same; the inner error says why the table is not for this user, or not there. A table of which a user sees no row
    /// may be empty or hidden: rows are counted before access rules hide them.
    async fn rows_if_open(
        &self,
        table: &str,
        (column, value): (&str, &str),
        columns: &[&str],
    ) -> Result<Result<Vec<Record>, ServiceError>, ServiceError> {
        // Names and ids of ours are legal: tests of the registry and the type of an id see to it.
        let Ok(table) = Table::of(self.session, table) else { return Ok(Ok(Vec::new())) };
        let Ok(query) = Query::new().equals(&table.column(column), value) else { return Ok(Ok(Vec::new())) };
        match open(table.list(&query, columns).await)? {
            Ok(rows) if rows.is_empty() => Ok(self.hidden(&table).await?.map_or(Ok(rows), Err)),
            answer => Ok(answer),
        }
    }

    /// Why a table shows nothing that has rows.
    async fn hidden(&self, table: &Table<'_>) -> Result<Option<ServiceError>, ServiceError> {
        let name = table.name();
        Ok(match open(self.session.client.sees(name).await)? {
            Ok((0, total @ 1..)) => {
                let request = Request::new(Method::Get, format!("/api/now/table/{name}"));
                let reason =
                    format!("`{name}` has {total} rows, and the user that signs in sees none of them");
                Some(ServiceError::new(Kind::Forbidden, &request, reason))
            }
            Ok(_) => None,
            Err(error) => Some(error),
        })
    }

    /// What the other system of a URL answers, where that is asked.
    async fn probe(&self, url: &str) -> Option<Probe> {
        if !self.tests {
            return None;
        }
        let seen = target::look(self.outside, url, TIMEOUT, Strictness::Strict).await;
        Some(Probe { passed: seen.passed, reason: seen.reason })
    }

    /// The earliest moment of a span that ends now.
    fn since(&self, span: &Span) -> String {
        self.outside.ago(span.seconds)
    }

    /// The newest moment at which a row of a log was written in a span that is a proof; `query` brings the newest first.
    async fn newest(
        &self,
        table: &str,
        query: Query,
        columns: &[&str],
        span: &Span,
        proves: impl Fn(&Record) -> bool,
    ) -> Result<Freshness, ServiceError> {
        let found = |seen| Freshness { since: self.since(span), within: span.written.clone(), seen };
        let Ok(table) = Table::of(self.session, table) else { return Ok(found(Seen::Never)) };
        let rows = match open(table.pages(&query, columns, Some(PROOFS_MAX)).next().await)? {
            Err(error) => return Ok(found(Seen::Closed(error.reason))),
            Ok(rows) => rows.unwrap_or_default(),
        };
        let newest = rows.iter().find(|it| proves(it)).map(|it| it.text("sys_created_on").to_owned());
        let seen = match newest {
            Some(moment) => Seen::At(moment),
            None if rows.is_empty() => match self.hidden(&table).await? {
                Some(error) => Seen::Closed(error.reason),
                None => Seen::Never,
            },
            None => Seen::Never,
        };
        Ok(found(seen))
    }
}

/// Rows of a log that are looked through for a proof: the newest ones.
const PROOFS_MAX: u64 = 100;

/// An answer, apart from why a table is closed.
fn open<T>(answer: Result<T, ServiceError>) -> Result<Result<T, ServiceError>, ServiceError> {
    match answer {
        Err(error) if !is_closed(&error) => Err(error),
        answer => Ok(answer),
    }
}

/// Whether a table is not for this user, or not there at all.
pub fn is_closed(error: &ServiceError) -> bool {
    matches!(error.kind, Kind::Forbidden | Kind::InvalidTable | Kind::NotFound)
}
