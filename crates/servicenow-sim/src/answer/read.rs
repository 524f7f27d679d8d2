//! Lists and single rows.

use serde_json::{Value, json};
use servicenow_core::{Method, Request, Response};

use super::failures::{self, json_response};
use super::{Call, Version, header};
use crate::access::Operation;
use crate::dictionary::{Column, ColumnKind, Table};
use crate::instance::text;
use crate::query::sql::{Compiled, compile};
use crate::query::{Clause, Condition, Group, Operator, Query};
use crate::settings::{
    DOMAIN_SEPARATION, INVALID_QUERY_RETURNS_NO_ROWS, TOTAL_COUNT, UNREADABLE_COLUMN_IN_QUERY,
    UNREADABLE_TABLE,
};
use crate::store::{Page, Row, Selection, StoreError};

/// The domain that everybody sees.
const GLOBAL: &str = "global";
/// The role that lifts the bounds of domains from a query.
const QUERIES_ALL_DOMAINS: &str = "query_no_domain_table_api";

impl Call<'_> {
    /// A page of rows.
    pub fn list(&self) -> Result<Response, StoreError> {
        if !self.rights.table(self.table, Operation::Read)
            && self.instance.settings.text(UNREADABLE_TABLE) == "forbidden"
        {
            return Ok(failures::not_authorized());
        }
        let Some(query) = self.readable_query() else {
            return Ok(failures::unreadable_query());
        };
        let compiled = self.selected(&query)?;
        let nothing = compiled.invalid && self.instance.settings.flag(INVALID_QUERY_RETURNS_NO_ROWS);
        let rows = if nothing { Vec::new() } else { self.page(&compiled)? };
        let total = match (nothing, self.parameters.no_count) {
            (true, _) => 0,
            (_, true) => u64::try_from(rows.len()).unwrap_or(u64::MAX),
            _ => self.total(&compiled)?,
        };
        // The page was cut before rows are hidden, so that it may be short although the count says more.
        let visible = self.rights.rows(self.table, rows, Operation::Read)?;
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

    /// All readable rows of the query, or nothing when the query is refused.
    pub fn matching_rows(&self) -> Result<Option<Vec<Row>>, StoreError> {
        let Some(query) = self.readable_query() else {
            return Ok(None);
        };
        let compiled = self.selected(&query)?;
        if compiled.invalid && self.instance.settings.flag(INVALID_QUERY_RETURNS_NO_ROWS) {
            return Ok(Some(Vec::new()));
        }
        let selection = Selection { order: compiled.order.clone(), ..compiled.rows };
        let all = Page { limit: u32::MAX, offset: 0 };
        let rows = self.instance.store.select(&self.instance.dictionary, self.table, &selection, all)?;
        self.rights.rows(self.table, rows, Operation::Read).map(Some)
    }

    /// A single row.
    pub fn one(&self, sys_id: &str) -> Result<Response, StoreError> {
        match self.seen(sys_id)? {
            Some((_, row)) => Ok(json_response(200, &json!({"result": self.record(&row)?}))),
            None => Ok(failures::no_record()),
        }
    }

    /// A row that the user may read, with the table that it really is of.
    pub fn seen(&self, sys_id: &str) -> Result<Option<(&Table, Row)>, StoreError> {
        let found = self.instance.store.find(&self.instance.dictionary, &self.table.name, sys_id)?;
        let Some((class, row)) = found.filter(|(_, row)| self.in_sight(row)) else {
            return Ok(None);
        };
        let readable = self.rights.row(self.table, &row, Operation::Read)?;
        Ok(readable.then_some((class, row)))
    }

    /// Whether a row is of a domain that the user sees.
    fn in_sight(&self, row: &Row) -> bool {
        let domain = text(row, "sys_domain");
        !self.bound_to_domain() || domain.is_empty() || domain == GLOBAL || domain == self.user.domain
    }

    fn bound_to_domain(&self) -> bool {
        let lifted = self.parameters.query_no_domain
            && (self.user.is_administrator() || self.user.has(QUERIES_ALL_DOMAINS));
        self.instance.settings.flag(DOMAIN_SEPARATION) && !lifted
    }

    /// The rows of the query that are of a domain which the user sees.
    fn selected(&self, query: &Query) -> Result<Compiled, StoreError> {
        let mut compiled = compile(self.instance, &self.user.user_name, self.table, query)?;
        if self.bound_to_domain() && self.table.column("sys_domain").is_some() {
            let asked = match compiled.rows.condition.as_str() {
                "" => String::new(),
                condition => format!("({condition}) AND "),
            };
            compiled.rows.condition = format!("{asked}t0.\"sys_domain\" IN ('', ?, ?)");
            compiled.rows.parameters.extend([GLOBAL.to_owned(), self.user.domain.clone()]);
        }
        Ok(compiled)
    }

    fn total(&self, compiled: &Compiled) -> Result<u64, StoreError> {
        let dictionary = &self.instance.dictionary;
        if self.instance.settings.text(TOTAL_COUNT) == "before_access" {
            return self.instance.store.count(dictionary, self.table, &compiled.rows);
        }
        let all = Page { limit: u32::MAX, offset: 0 };
        let rows = self.instance.store.select(dictionary, self.table, &compiled.rows, all)?;
        let visible = self.rights.rows(self.table, rows, Operation::Read)?;
        Ok(u64::try_from(visible.len()).unwrap_or(u64::MAX))
    }

    /// The query without conditions on columns that the user may not read, or nothing when they are refused.
    fn readable_query(&self) -> Option<Query> {
        let mut query = self.query();
        if !self.rights.has_any_column_controls() {
            return Some(query);
        }
        let readable = |field: &str| self.readable(self.table, field);
        let conditions = query.groups.iter_mut().flatten();
        let mut hidden = false;
        for clause in conditions {
            let asked = clause.len();
            clause.retain(|it| readable(&it.field));
            hidden |= clause.len() < asked;
        }
        query.order.retain(|it| readable(&it.field));
        query.malformed |= hidden;
        let refused = hidden && self.instance.settings.text(UNREADABLE_COLUMN_IN_QUERY) == "forbidden";
        (!refused).then_some(query)
    }

    /// Whether the user may read every column on a path.
    pub fn readable(&self, table: &Table, path: &str) -> bool {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let here = self.rights.column(table, first, Operation::Read);
        let target =
            table.column(first).and_then(|it| self.instance.dictionary.table(it.reference.as_ref()?));
        here && match (rest, target) {
            (Some(rest), Some(target)) => self.readable(target, rest),
            _ => true,
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
            Some(text) => self.instance.read_query(text),
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
