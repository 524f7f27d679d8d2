//! Tables, the rows of one, and one record with all its columns. Secrets are not shown.

use servicenow_core::Request;

use super::sheet::{Sheet, harmless, record_link, segment};
use crate::dictionary::{Column, ColumnKind, Table};
use crate::instance::{Instance, text};
use crate::simulator::State;
use crate::store::{Page, Row, Selection, StoreError, quoted};

/// Rows on one page.
const ROWS_MAX: u32 = 50;
/// Columns of a row on a page of many rows.
const COLUMNS_MAX: usize = 6;
/// Characters of a value on a page of many rows.
const CHARACTERS_MAX: usize = 60;
/// Columns whose name says that they hold a secret, whatever their kind.
const SECRET_WORDS: &[&str] = &["password", "secret", "token", "private_key", "passphrase", "api_key"];
/// Stands for a secret that is there.
const HIDDEN: &str = "<em>(hidden)</em>";

/// All tables.
pub fn tables(state: &State) -> Result<String, StoreError> {
    let instance = &state.instance;
    let mut sheet = Sheet::new("Tables");
    let mut rows = Vec::new();
    for table in instance.dictionary.tables() {
        let count = instance.store.count(&instance.dictionary, table, &Selection::default())?;
        let extends = table.extends.as_deref().map(link_to_table).unwrap_or_default();
        rows.push(vec![link_to_table(&table.name), harmless(&table.label), extends, count.to_string()]);
    }
    sheet.table(&["Name", "Label", "Extends", "Records"], &rows);
    Ok(sheet.finish(state, "tables"))
}

/// Some rows of a table, from the query parameter `offset` on.
pub fn table(state: &State, name: &str, request: &Request) -> Result<Option<String>, StoreError> {
    let instance = &state.instance;
    let Some(table) = instance.dictionary.table(&decoded(name)) else {
        return Ok(None);
    };
    let offset = request.query.iter().find(|(it, _)| it == "offset").and_then(|(_, it)| it.parse().ok());
    let page = Page { limit: ROWS_MAX, offset: offset.unwrap_or(0) };
    let columns = columns_of_list(table);
    let order = columns.first().map(|it| format!("t0.{}", quoted(&it.name))).unwrap_or_default();
    let selection = Selection { order, ..Selection::default() };
    let found = instance.store.select(&instance.dictionary, table, &selection, page)?;
    let count = instance.store.count(&instance.dictionary, table, &Selection::default())?;
    let mut sheet = Sheet::new(&table.name);
    sheet.raw(&format!("<p>{}{}</p>", harmless(&table.label), pages(table, page, found.len(), count)));
    if found.is_empty() {
        sheet.raw("<p class=\"empty\">There are no records here.</p>");
        return Ok(Some(sheet.finish(state, "tables")));
    }
    let heads: Vec<&str> = columns.iter().map(|it| it.label.as_str()).collect();
    let mut rows = Vec::new();
    for row in &found {
        let mut cells = Vec::new();
        for (n, column) in columns.iter().enumerate() {
            let shown = shown(instance, column, row, Some(CHARACTERS_MAX))?;
            let sys_id = text(row, "sys_id");
            let first = || record_link(&table.name, sys_id, &short(text(row, &column.name), CHARACTERS_MAX));
            cells.push(if n == 0 { first() } else { shown });
        }
        rows.push(cells);
    }
    sheet.table(&heads, &rows);
    Ok(Some(sheet.finish(state, "tables")))
}

/// One record.
pub fn record(state: &State, table: &str, sys_id: &str) -> Result<Option<String>, StoreError> {
    let instance = &state.instance;
    let found = match instance.dictionary.table(&decoded(table)) {
        Some(table) => instance.store.find(&instance.dictionary, &table.name, &decoded(sys_id))?,
        None => None,
    };
    let Some((class, row)) = found else {
        return Ok(None);
    };
    let name = class.display_column().map(|it| text(&row, &it.name)).filter(|it| !it.is_empty());
    let mut sheet = Sheet::new(name.unwrap_or_else(|| text(&row, "sys_id")));
    sheet.raw(&format!("<p>A record of {}.</p>", link_to_table(&class.name)));
    let mut rows = Vec::new();
    for column in &class.columns {
        let label = format!("{}<br><code>{}</code>", harmless(&column.label), harmless(&column.name));
        rows.push(vec![label, shown(instance, column, &row, None)?, column.kind.internal_type().to_owned()]);
    }
    sheet.table(&["Column", "Value", "Type"], &rows);
    Ok(Some(sheet.finish(state, "tables")))
}

fn pages(table: &Table, page: Page, shown: usize, count: u64) -> String {
    let to = |offset: u32, text: &str| {
        format!(" <a href=\"/_sim/page/table/{}?offset={offset}\">{text}</a>", segment(&table.name))
    };
    let last = u64::from(page.offset) + shown as u64;
    let mut text = match shown {
        0 => String::new(),
        _ => format!(": {} to {last} of {count}.", page.offset + 1),
    };
    if page.offset > 0 {
        text.push_str(&to(page.offset.saturating_sub(ROWS_MAX), "Earlier"));
    }
    if last < count {
        text.push_str(&to(page.offset.saturating_add(ROWS_MAX), "Later"));
    }
    text
}

/// What says most about a row: what it is called, and then its own columns.
fn columns_of_list(table: &Table) -> Vec<&Column> {
    let first = table.display_column().or_else(|| table.column("sys_id"));
    let is_first = |it: &Column| first.is_some_and(|first| first.name == it.name);
    let own = table.columns.iter().filter(|it| !it.name.starts_with("sys_") && !is_first(it));
    let shown = own.filter(|it| !is_secret(it)).take(COLUMNS_MAX - 2);
    first.into_iter().chain(shown).chain(table.column("sys_updated_on")).collect()
}

fn is_secret(column: &Column) -> bool {
    column.kind.is_secret() || SECRET_WORDS.iter().any(|it| column.name.contains(it))
}

fn shown(
    instance: &Instance,
    column: &Column,
    row: &Row,
    limit: Option<usize>,
) -> Result<String, StoreError> {
    let value = text(row, &column.name);
    if value.is_empty() {
        return Ok(String::new());
    }
    // A property may be a password, and only the property itself says so.
    let password = text(row, "type") == "password2" && column.name == "value";
    if is_secret(column) || password {
        return Ok(HIDDEN.to_owned());
    }
    match (&column.reference, column.kind) {
        (Some(table), ColumnKind::Reference) => {
            let display = instance.display(table, value)?;
            Ok(display.map_or(harmless(value), |it| record_link(table, value, &it)))
        }
        _ => {
            let text = limit.map_or(value.to_owned(), |it| short(value, it));
            let label = column.choices.iter().find(|(choice, _)| choice == value);
            Ok(label.map_or(harmless(&text), |(_, label)| {
                format!("{} <small>{}</small>", harmless(label), harmless(value))
            }))
        }
    }
}

fn short(text: &str, characters_max: usize) -> String {
    match text.char_indices().nth(characters_max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

fn link_to_table(name: &str) -> String {
    format!("<a href=\"/_sim/page/table/{}\">{}</a>", segment(name), harmless(name))
}

fn decoded(segment: &str) -> String {
    percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
}
