//! Lists and single rows.

use serde_json::{Value, json};
use servicenow_core::{Method, Request, Response};

use super::failures::{self, json_response};
use super::{Call, Version, header};
use crate::dictionary::{Column, ColumnKind};
use crate::instance::text;
use crate::query::sql::{Compiled, compile};
use crate::query::{Clause, Condition, Group, Operator, Query, parse};
use crate::settings::INVALID_QUERY_RETURNS_NO_ROWS;
use crate::store::{Page, Row, Selection, StoreError};

impl Call<'_> {
    /// A page of rows.
    pub fn list(&self) -> Result<Response, StoreError> {
        let compiled = compile(&self.instance.dictionary, self.table, &self.query());
        let nothing = compiled.invalid && self.instance.settings.flag(INVALID_QUERY_RETURNS_NO_ROWS);
        let rows = if nothing { Vec::new() } else { self.page(&compiled)? };
        let total = match (nothing, self.parameters.no_count) {
            (true, _) => 0,
            (_, true) => u64::try_from(rows.len()).unwrap_or(u64::MAX),
            _ => self.instance.store.count(&self.instance.dictionary, self.table, &compiled.rows)?,
        };
        // The page was cut before rows are hidden, so that it may be short although the count says more.
        let visible = if self.user.reads(self.instance, self.table) { rows } else { Vec::new() };
        let mut response = if visible.is_empty() && self.version == Version::First {
            failures::no_records()
        } else {
            let records: Result<Vec<Value>, StoreError> = visible.iter().map(|it| self.record(it)).collect();
            json_response(200, &json!({"result": records?}))
        };
        response.headers.push(header("X-Total-Count", &total.to_string()));
        if !self.parameters.suppress_pagination_header {
            response.headers.push(header("Link", &self.links(total)));
        }
        Ok(response)
    }

    /// A single row.
    pub fn one(&self, sys_id: &str) -> Result<Response, StoreError> {
        let found = self.instance.store.find(&self.instance.dictionary, &self.table.name, sys_id)?;
        match found.filter(|_| self.user.reads(self.instance, self.table)) {
            Some((_, row)) => Ok(json_response(200, &json!({"result": self.record(&row)?}))),
            None => Ok(failures::no_record()),
        }
    }

    fn page(&self, compiled: &Compiled) -> Result<Vec<Row>, StoreError> {
        let selection = Selection { order: compiled.order.clone(), ..compiled.rows.clone() };
        let page = Page { limit: self.parameters.limit, offset: self.parameters.offset };
        self.instance.store.select(&self.instance.dictionary, self.table, &selection, page)
    }

    /// The encoded query; without one, the pairs of column and value.
    fn query(&self) -> Query {
        match &self.parameters.query {
            Some(text) => parse(text),
            None => {
                let pairs = self.parameters.pairs.iter();
                let group: Group = pairs.map(|(name, value)| self.clause(name, value)).collect();
                Query { groups: vec![group], ..Query::default() }
            }
        }
    }

    /// A pair takes the value that is stored, or the one that people see.
    fn clause(&self, name: &str, value: &str) -> Clause {
        let is =
            |field: String, value: &str| Condition { field, operator: Operator::Is, value: value.to_owned() };
        let mut clause = vec![is(name.to_owned(), value)];
        if let Some(column) = self.table.column(name) {
            clause.extend(self.shown_field(column).map(|it| is(format!("{name}.{it}"), value)));
            let labelled = column.choices.iter().filter(|(_, label)| label.eq_ignore_ascii_case(value));
            clause.extend(labelled.map(|(stored, _)| is(name.to_owned(), stored)));
        }
        clause
    }

    fn shown_field(&self, column: &Column) -> Option<&str> {
        let target = column.reference.as_ref().filter(|_| column.kind == ColumnKind::Reference)?;
        let display = self.instance.dictionary.table(target)?.display_column()?;
        Some(&display.name)
    }

    /// The links to the first, previous, next and last page.
    fn links(&self, total: u64) -> String {
        let (limit, offset) = (u64::from(self.parameters.limit.max(1)), u64::from(self.parameters.offset));
        let last = total.saturating_sub(1) / limit * limit;
        let mut links = vec![self.link("first", 0)];
        if offset > 0 {
            links.push(self.link("prev", offset.saturating_sub(limit)));
        }
        if offset + limit < total {
            links.push(self.link("next", offset + limit));
        }
        links.push(self.link("last", last));
        links.join(",")
    }

    fn link(&self, relation: &str, offset: u64) -> String {
        let mut page = Request::new(Method::Get, self.request.path.clone());
        let moved = |it: &&(String, String)| it.0 != "sysparm_offset" && it.0 != "sysparm_limit";
        page.query = self.request.query.iter().filter(moved).cloned().collect();
        page.query.push(header("sysparm_limit", &self.parameters.limit.to_string()));
        page.query.push(header("sysparm_offset", &offset.to_string()));
        format!("<{}{}>;rel=\"{relation}\"", self.instance.base_url, page.target())
    }

    /// The address of a row.
    pub fn location(&self, row: &Row) -> String {
        let path = self.request.path.trim_end_matches('/');
        format!("{}{path}/{}", self.instance.base_url, text(row, "sys_id"))
    }
}
