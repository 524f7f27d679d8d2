//! Lists and single rows.

use servicenow_core::{Method, Request, Response};

use super::failures::{self, answered};
use super::shape::{Answered, Record};
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

/// What stands around the records of a list.
const RESULT_BEGIN: &[u8] = b"{\"result\":[";
const RESULT_END: &[u8] = b"]}";

/// A page of rows as it goes out.
#[derive(Default)]
struct Listed {
    records: Vec<u8>,
    /// Rows that the query selected for the page.
    selected: u64,
    /// Those of them that the user sees.
    visible: u64,
}

impl Listed {
    fn add(&mut self, record: &Record<'_>) {
        if self.visible > 0 {
            self.records.push(b',');
        }
        self.visible += 1;
        // Writing texts into memory cannot fail.
        let _ = serde_json::to_writer(&mut self.records, record);
    }
}

impl Call<'_> {
    /// A page of rows.
    pub fn list(&self) -> Result<Response, StoreError> {
        if !self.rights.table(self.table, Operation::Read)
            && self.instance.settings.text(UNREADABLE_TABLE) == "forbidden"
        {
            return Ok(failures::not_authorized());
        }
        let Some(query) = self.readable_query()? else {
            return Ok(failures::unreadable_query());
        };
        let compiled = self.selected(&query)?;
        let nothing = compiled.invalid && self.instance.ruled_flag(INVALID_QUERY_RETURNS_NO_ROWS)?;
        let listed = if nothing { Listed::default() } else { self.listed_rows(&compiled)? };
        let total = match (nothing, self.parameters.no_count) {
            (true, _) => 0,
            (_, true) => listed.selected,
            _ => self.total(&compiled)?,
        };
        let mut response = match (listed.visible, self.version) {
            (0, Version::First) => failures::no_records(),
            _ => {
                let body = [RESULT_BEGIN, &listed.records, RESULT_END].concat();
                Response { status: 200, headers: Vec::new(), body }
            }
        };
        response.headers.push(header("X-Total-Count", &total.to_string()));
        if !self.parameters.suppress_pagination_header {
            response.headers.push(header("Link", &self.links(total)));
        }
        Ok(response)
    }

    /// The rows of a page, written as they are read: lists are long.
    fn listed_rows(&self, compiled: &Compiled) -> Result<Listed, StoreError> {
        let shape = self.shape();
        let mut listed = Listed::default();
        if self.rights.all_rows(self.table, Operation::Read) {
            let selection = Selection { order: compiled.order.clone(), ..compiled.rows.clone() };
            let page = Page { limit: self.parameters.limit, offset: self.parameters.offset };
            let store = &self.instance.store;
            store.each(&self.instance.dictionary, self.table, &selection, page, |row| {
                listed.selected += 1;
                listed.add(&shape.record_of(row)?);
                Ok::<(), StoreError>(())
            })?;
            return Ok(listed);
        }
        // The page is cut before rows are hidden, so that it may be short although the count says more.
        let rows = self.page(compiled)?;
        listed.selected = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        for row in self.rights.rows(self.table, rows, Operation::Read)? {
            listed.add(&shape.record(&row)?);
        }
        Ok(listed)
    }

    /// All readable rows of the query, or nothing when the query is refused.
    pub fn matching_rows(&self) -> Result<Option<Vec<Row>>, StoreError> {
        let Some(query) = self.readable_query()? else {
            return Ok(None);
        };
        let compiled = self.selected(&query)?;
        if compiled.invalid && self.instance.ruled_flag(INVALID_QUERY_RETURNS_NO_ROWS)? {
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
            Some((_, row)) => self.shown(200, &row),
            None => Ok(failures::no_record()),
        }
    }

    /// An answer with one row.
    pub fn shown(&self, status: u16, row: &Row) -> Result<Response, StoreError> {
        Ok(answered(status, &Answered { result: self.shape().record(row)? }))
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
    fn readable_query(&self) -> Result<Option<Query>, StoreError> {
        let mut query = self.query()?;
        if !self.rights.has_any_column_controls() {
            return Ok(Some(query));
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
        Ok((!refused).then_some(query))
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
    fn query(&self) -> Result<Query, StoreError> {
        match &self.parameters.query {
            Some(text) => Ok(self.instance.read_query(text)),
            None => {
                let pairs = self.parameters.pairs.iter();
                let group: Result<Group, StoreError> =
                    pairs.map(|(name, value)| self.clause(name, value)).collect();
                Ok(Query { groups: vec![group?], ..Query::default() })
            }
        }
    }

    /// A pair takes the value that is stored, or the one that people see.
    fn clause(&self, name: &str, value: &str) -> Result<Clause, StoreError> {
        let is =
            |field: String, value: &str| Condition { field, operator: Operator::Is, value: value.to_owned() };
        let mut clause = vec![is(name.to_owned(), value)];
        if let Some(column) = self.table.column(name) {
            clause.extend(self.shown_field(column).map(|it| is(format!("{name}.{it}"), value)));
            let choices = self.instance.choices(self.table, column)?;
            let labelled = choices.iter().filter(|(_, label)| label.eq_ignore_ascii_case(value));
            clause.extend(labelled.map(|(stored, _)| is(name.to_owned(), stored)));
        }
        Ok(clause)
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
        format!("<{}{}>;rel=\"{relation}\"", self.base, page.target())
    }

    /// The address of a row.
    pub fn location(&self, row: &Row) -> String {
        let path = self.request.path.trim_end_matches('/');
        format!("{}{path}/{}", self.base, text(row, "sys_id"))
    }
}
