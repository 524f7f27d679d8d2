//! The tables that describe all tables, filled from the dictionary when somebody looks at them.

use super::ready::definition;
use super::{Row, Store, StoreError, quoted};
use crate::dictionary::{Column, ColumnKind, Table, derived_id};

/// What the rows of these tables say is in the dictionary: they are made anew in each life of the process.
const DESCRIBING: &[&str] = &["sys_db_object", "sys_dictionary", "sys_glide_object"];
/// The table whose rows come from the dictionary too, and which people change afterwards.
const CHOICES: &str = "sys_choice";

/// When the descriptions were written, as far as anybody can see.
const DESCRIBED_ON: &str = "2021-03-01 08:00:00";

/// Whether the rows of a table describe tables.
pub(super) fn describes(table: &str) -> bool {
    DESCRIBING.contains(&table)
}

impl Store {
    /// Makes a describing table. It lies beside the data file, in memory.
    pub(super) fn describe(&self, table: &Table) -> Result<(), StoreError> {
        let columns: Vec<String> = table.column_names().into_iter().map(definition).collect();
        let name = quoted(&table.name);
        let columns = columns.join(", ");
        let script = format!("DROP TABLE IF EXISTS temp.{name}; CREATE TEMP TABLE {name} ({columns})");
        self.connection.execute_batch(&script)?;
        let blank: Row = table.columns.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
        let dictionary = self.dictionary.clone();
        let row = |(key, facts): (String, Row)| described(&blank, derived_id(&table.name, &key), facts);
        let rows: Vec<Row> = facts(&table.name, dictionary.tables()).into_iter().map(row).collect();
        self.write_rows(&table.name, &rows)
    }
}

impl Store {
    /// Whether the choices lie in the database, so that what people made of them counts.
    pub fn has_choices_of_its_own(&self) -> bool {
        self.tables.are_present(CHOICES)
    }

    /// Adds the choices of the dictionary to their table, for each table once in the life of an instance.
    pub(super) fn seed_choices(&self, choices: &Table) -> Result<(), StoreError> {
        let blank: Row = choices.columns.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
        let dictionary = self.dictionary.clone();
        for table in dictionary.tables().filter(|it| own_columns(it).any(|it| !it.choices.is_empty())) {
            let fact = format!("choices of {}", table.name);
            if self.fact(&fact)?.is_some() {
                continue;
            }
            let row = |(key, facts): (String, Row)| described(&blank, derived_id(CHOICES, &key), facts);
            let rows: Vec<Row> = choice_facts(table).into_iter().map(row).collect();
            self.write_rows(CHOICES, &rows)?;
            self.note(&fact, "true")?;
        }
        Ok(())
    }
}

fn described(blank: &Row, sys_id: String, facts: Row) -> Row {
    let mut row = blank.clone();
    row.insert("sys_id".to_owned(), sys_id);
    for column in ["sys_created_on", "sys_updated_on"] {
        row.insert(column.to_owned(), DESCRIBED_ON.to_owned());
    }
    row.extend(facts);
    row
}

/// Whether a table's rows are the choices of all columns.
pub(super) fn lists_choices(table: &str) -> bool {
    table == CHOICES
}

/// A key and what is known, row by row.
fn facts<'a>(describing: &str, tables: impl Iterator<Item = &'a Table>) -> Vec<(String, Row)> {
    match describing {
        "sys_db_object" => tables.map(|it| (it.name.clone(), table_facts(it))).collect(),
        "sys_dictionary" => tables.flat_map(dictionary_facts).collect(),
        _ => ColumnKind::all().map(|(_, name)| (name.to_owned(), type_facts(name))).collect(),
    }
}

fn table_facts(table: &Table) -> Row {
    let extendable = table.family.len() > 1 || table.extends.is_none();
    let parent = table.extends.as_ref().map(|it| derived_id("sys_db_object", it));
    row([
        ("name", table.name.as_str()),
        ("label", &table.label),
        ("is_extendable", flag(extendable)),
        ("ws_access", flag(table.web_services)),
        ("super_class", &parent.unwrap_or_default()),
    ])
}

fn dictionary_facts(table: &Table) -> Vec<(String, Row)> {
    let collection = row([("name", table.name.as_str()), ("internal_type", "collection")]);
    let mut found = vec![(table.name.clone(), collection)];
    for column in own_columns(table) {
        found.push((format!("{}.{}", table.name, column.name), column_facts(table, column)));
    }
    found
}

fn own_columns(table: &Table) -> impl Iterator<Item = &Column> {
    table.columns.iter().filter(|it| table.own.contains(&it.name))
}

fn column_facts(table: &Table, column: &Column) -> Row {
    let max_length = column.max_length.map(|it| it.to_string()).unwrap_or_default();
    row([
        ("name", &table.name),
        ("element", &column.name),
        ("column_label", &column.label),
        ("internal_type", column.kind.internal_type()),
        ("mandatory", flag(column.mandatory)),
        ("read_only", flag(column.read_only)),
        ("unique", flag(column.unique)),
        ("display", flag(column.display)),
        ("default_value", &column.default),
        ("reference", column.reference.as_deref().unwrap_or_default()),
        ("reference_cascade_rule", column.cascade.map_or("", |it| it.name())),
        ("max_length", &max_length),
        ("choice", if column.choices.is_empty() { "0" } else { "1" }),
    ])
}

fn choice_facts(table: &Table) -> Vec<(String, Row)> {
    let mut found = Vec::new();
    for column in own_columns(table) {
        for (sequence, (value, label)) in column.choices.iter().enumerate() {
            let facts = row([
                ("name", table.name.as_str()),
                ("element", &column.name),
                ("value", value),
                ("label", label),
                ("sequence", &sequence.to_string()),
            ]);
            found.push((format!("{}.{}.{value}", table.name, column.name), facts));
        }
    }
    found
}

fn type_facts(name: &str) -> Row {
    row([("sys_id", name), ("name", name), ("label", name)])
}

fn row<const COUNT: usize>(facts: [(&str, &str); COUNT]) -> Row {
    facts.into_iter().map(|(column, value)| (column.to_owned(), value.to_owned())).collect()
}

fn flag(it: bool) -> &'static str {
    if it { "true" } else { "false" }
}
