//! Documents that describe tables and the rows they come with, and how several of them become one dictionary.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::column::Column;
use super::{Access, Dictionary, DictionaryError, Member, Seed, Table};

/// Nothing that inherits is deeper than this; a deeper chain is a circle.
const ANCESTORS_MAX: usize = 16;

/// What a document says of a table; about a table that exists already it says what is added.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    name: String,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    extends: Option<String>,
    #[serde(default)]
    columns: Vec<Column>,
    /// Columns that it does not have, as on an instance of another release.
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    fixed: BTreeMap<String, String>,
    #[serde(default)]
    access: Option<Access>,
    #[serde(default)]
    web_services: Option<bool>,
    #[serde(default)]
    audited: Option<bool>,
    #[serde(default)]
    view: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    every_table: Vec<Column>,
    #[serde(default)]
    tables: Vec<Described>,
    #[serde(default)]
    rows: BTreeMap<String, Vec<BTreeMap<String, Value>>>,
}

/// Documents on their way to a dictionary.
#[derive(Default)]
pub struct Documents {
    every_table: Vec<Column>,
    tables: BTreeMap<String, Table>,
    seeds: BTreeMap<String, Vec<Seed>>,
    /// The documents in their order.
    names: Vec<String>,
    /// Which of them described a column last, by table and column.
    origins: BTreeMap<(String, String), usize>,
}

impl Documents {
    /// Adds a document under a name that keeps its rows apart from those of others.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), DictionaryError> {
        let document: Document = serde_json::from_str(text)
            .map_err(|source| DictionaryError::Document { name: name.to_owned(), source })?;
        self.names.push(name.to_owned());
        self.every_table.extend(document.every_table);
        for described in document.tables {
            self.add_table(described);
        }
        for (table, rows) in document.rows {
            let seeds = self.seeds.entry(table.clone()).or_default();
            for values in rows {
                let values: BTreeMap<String, String> =
                    values.into_iter().map(|(column, value)| (column, seeded(value))).collect();
                let place = format!("{name}/{}", seeds.len());
                seeds.push(Seed { document: name.to_owned(), place, values });
            }
        }
        Ok(())
    }

    fn add_table(&mut self, described: Described) {
        let name = described.name.clone();
        let table = self.tables.entry(name.clone()).or_insert_with(|| Table::named(&name));
        table.label = described.label.unwrap_or_else(|| table.label.clone());
        table.extends = described.extends.or_else(|| table.extends.clone());
        table.access = described.access.or_else(|| table.access.clone());
        table.web_services = described.web_services.unwrap_or(table.web_services);
        table.audited = described.audited.or(table.audited);
        table.fixed.extend(described.fixed);
        table.columns.retain(|it| !described.without.contains(&it.name));
        table.view.extend(described.view);
        for column in described.columns {
            let origin = self.names.len().saturating_sub(1);
            self.origins.insert((name.clone(), column.name.clone()), origin);
            table.columns.retain(|it| it.name != column.name);
            table.columns.push(column);
        }
    }

    /// The dictionary.
    pub fn resolve(self) -> Result<Dictionary, DictionaryError> {
        let mut tables = BTreeMap::new();
        for table in self.tables.values() {
            let lineage = self.lineage(table)?;
            self.check_inherited(table, &lineage)?;
            let mut columns = self.every_table.clone();
            for ancestor in lineage.iter().rev().filter_map(|it| self.tables.get(it)) {
                columns.extend(ancestor.columns.iter().cloned());
            }
            let own = self.own_columns(table);
            tables.insert(table.name.clone(), Table { columns, own, lineage, ..table.clone() });
        }
        let mut families: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for table in tables.values() {
            for ancestor in &table.lineage {
                families.entry(ancestor.clone()).or_default().push(table.name.clone());
            }
        }
        for (name, family) in families {
            if let Some(table) = tables.get_mut(&name) {
                table.family = family;
            }
        }
        self.check_seeds(&tables)?;
        Ok(Dictionary { tables, seeds: self.seeds })
    }

    /// A table and those that it extends have no column twice: their rows have one place for it.
    fn check_inherited(&self, table: &Table, lineage: &[String]) -> Result<(), DictionaryError> {
        for column in &table.columns {
            let column = &column.name;
            if self.every_table.iter().any(|it| it.name == *column) {
                return Err(self.twice(&table.name, column, None));
            }
            let has = |it: &&String| {
                self.tables.get(*it).is_some_and(|it| it.columns.iter().any(|it| it.name == *column))
            };
            if let Some(base) = lineage.iter().skip(1).find(has) {
                return Err(self.twice(&table.name, column, Some(base)));
            }
        }
        Ok(())
    }

    /// Names the document that came later, and what it should not have added where.
    fn twice(&self, table: &str, column: &str, base: Option<&str>) -> DictionaryError {
        let origin = |table: &str| self.origins.get(&(table.to_owned(), column.to_owned())).copied();
        let (own, inherited) = (origin(table), base.and_then(origin));
        let document = own.max(inherited).and_then(|it| self.names.get(it)).cloned().unwrap_or_default();
        let (table, column) = (table.to_owned(), column.to_owned());
        match base {
            Some(base) if inherited > own => {
                DictionaryError::InheritedLater { document, table: base.to_owned(), column, heir: table }
            }
            base => {
                let base = base.map_or_else(|| "every table".to_owned(), |it| format!("`{it}`"));
                DictionaryError::Inherited { document, table, column, base }
            }
        }
    }

    fn own_columns(&self, table: &Table) -> Vec<String> {
        let inherited = if table.extends.is_none() { self.every_table.as_slice() } else { &[] };
        inherited.iter().chain(&table.columns).map(|it| it.name.clone()).collect()
    }

    fn lineage(&self, table: &Table) -> Result<Vec<String>, DictionaryError> {
        let mut lineage = vec![table.name.clone()];
        let mut next = table.extends.as_ref();
        while let Some(name) = next {
            let missing = || DictionaryError::Ancestor(table.name.clone());
            if lineage.len() >= ANCESTORS_MAX {
                return Err(missing());
            }
            lineage.push(name.clone());
            next = self.tables.get(name).ok_or_else(missing)?.extends.as_ref();
        }
        Ok(lineage)
    }

    fn check_seeds(&self, tables: &BTreeMap<String, Table>) -> Result<(), DictionaryError> {
        for (name, seeds) in &self.seeds {
            let table = tables.get(name).ok_or_else(|| DictionaryError::RowsOfNoTable(name.clone()))?;
            let mut columns = seeds.iter().flat_map(|it| it.values.keys());
            if let Some(column) = columns.find(|it| table.column(it).is_none()) {
                return Err(DictionaryError::RowWithNoColumn { table: name.clone(), column: column.clone() });
            }
        }
        Ok(())
    }
}

fn seeded(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
