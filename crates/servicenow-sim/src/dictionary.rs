//! The tables as data: names, columns, inheritance and who may use them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The platform's own tables, compiled in.
const DOCUMENTS: &[&str] = &[
    include_str!("dictionary/system.json"),
    include_str!("dictionary/users.json"),
    include_str!("dictionary/connections.json"),
    include_str!("dictionary/access.json"),
    include_str!("dictionary/oauth.json"),
];

/// Nothing that inherits is deeper than this; a deeper chain is a circle.
const ANCESTORS_MAX: usize = 16;

/// What a column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// A text.
    #[default]
    String,
    /// A text with translations.
    TranslatedText,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// One of the column's choices.
    Choice,
    /// The id of a row of another table.
    Reference,
    /// Ids of rows of another table, joined with commas.
    GlideList,
    /// A moment in UTC.
    GlideDateTime,
    /// A password that is hashed.
    Password,
    /// A password that is encrypted.
    Password2,
    /// A record id.
    #[serde(rename = "GUID")]
    Guid,
    /// The name of the row's own table.
    SysClassName,
    /// A domain.
    DomainId,
    /// Values of variables that another record defines: reads empty and ignores writes.
    GlideVar,
}

impl ColumnKind {
    /// As `sys_dictionary.internal_type` says it.
    pub fn internal_type(self) -> &'static str {
        match self {
            ColumnKind::String => "string",
            ColumnKind::TranslatedText => "translated_text",
            ColumnKind::Boolean => "boolean",
            ColumnKind::Integer => "integer",
            ColumnKind::Choice => "choice",
            ColumnKind::Reference => "reference",
            ColumnKind::GlideList => "glide_list",
            ColumnKind::GlideDateTime => "glide_date_time",
            ColumnKind::Password => "password",
            ColumnKind::Password2 => "password2",
            ColumnKind::Guid => "GUID",
            ColumnKind::SysClassName => "sys_class_name",
            ColumnKind::DomainId => "domain_id",
            ColumnKind::GlideVar => "glide_var",
        }
    }

    /// Whether what it holds is a secret.
    pub fn is_secret(self) -> bool {
        matches!(self, ColumnKind::Password | ColumnKind::Password2)
    }
}

/// A column of a table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What people see.
    pub label: String,
    /// What it holds.
    #[serde(rename = "type", default)]
    pub kind: ColumnKind,
    /// Characters that it keeps; more are cut off.
    #[serde(default)]
    pub max_length: Option<usize>,
    /// Its value in a new row.
    #[serde(default)]
    pub default: String,
    /// Whether people must fill it in.
    #[serde(default)]
    pub mandatory: bool,
    /// Whether the instance alone writes it.
    #[serde(default)]
    pub read_only: bool,
    /// Whether no two rows may have the same value.
    #[serde(default)]
    pub unique: bool,
    /// Whether it stands for the row where the row is referred to.
    #[serde(default)]
    pub display: bool,
    /// The table that it refers to.
    #[serde(default)]
    pub reference: Option<String>,
    /// Values and labels.
    #[serde(default)]
    pub choices: Vec<(String, String)>,
}

/// Who may use a table: roles, or `*` for everybody who signed in. Administrators always may.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    /// Roles that read its rows.
    #[serde(default)]
    pub read: Vec<String>,
    /// Roles that create, change and delete its rows.
    #[serde(default)]
    pub write: Vec<String>,
    /// Whether the instance alone writes it, whatever the role.
    #[serde(default)]
    pub closed: bool,
}

/// A table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What people see.
    pub label: String,
    /// The table whose columns it inherits.
    #[serde(default)]
    pub extends: Option<String>,
    /// Its own columns; after loading, the inherited ones come first.
    #[serde(default)]
    pub columns: Vec<Column>,
    /// Values that every row of exactly this table has in inherited columns.
    #[serde(default)]
    pub fixed: BTreeMap<String, String>,
    /// Who may use it; inherited when absent.
    #[serde(default)]
    pub access: Option<Access>,
    /// The names of its own columns.
    #[serde(skip)]
    pub own: Vec<String>,
    /// Itself, the table it extends, and so on up to the root.
    #[serde(skip)]
    pub lineage: Vec<String>,
    /// Itself and everything that extends it.
    #[serde(skip)]
    pub family: Vec<String>,
}

impl Table {
    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| it.name == name)
    }

    /// The column that stands for a row where it is referred to.
    pub fn display_column(&self) -> Option<&Column> {
        self.columns.iter().rev().find(|it| it.display)
    }

    /// Whether it is that table or extends it.
    pub fn is_a(&self, ancestor: &str) -> bool {
        self.lineage.iter().any(|it| it == ancestor)
    }

    /// The names of its columns.
    pub fn column_names(&self) -> Vec<&str> {
        self.columns.iter().map(|it| it.name.as_str()).collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    every_table: Vec<Column>,
    tables: Vec<Table>,
}

/// A dictionary that contradicts itself.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// No such document.
    #[error("a document of the dictionary is malformed")]
    Document(#[from] serde_json::Error),
    /// A missing or circular ancestor.
    #[error("the table `{0}` extends a table that is missing, or itself")]
    Ancestor(String),
}

/// Every table of the instance.
#[derive(Clone, Debug)]
pub struct Dictionary {
    tables: BTreeMap<String, Table>,
}

impl Dictionary {
    /// The platform's own tables.
    pub fn native() -> Result<Dictionary, DictionaryError> {
        let mut every_table = Vec::new();
        let mut declared = BTreeMap::new();
        for text in DOCUMENTS {
            let document: Document = serde_json::from_str(text)?;
            every_table.extend(document.every_table);
            declared.extend(document.tables.into_iter().map(|it| (it.name.clone(), it)));
        }
        resolve(&declared, &every_table)
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values()
    }

    /// Itself and everything that extends it; nothing for an unknown table.
    pub fn family(&self, name: &str) -> Vec<&Table> {
        let names = self.table(name).map(|it| it.family.as_slice()).unwrap_or_default();
        names.iter().filter_map(|it| self.table(it)).collect()
    }

    /// The names of all columns that hold secrets.
    pub fn secret_columns(&self) -> Vec<String> {
        let columns = self.tables.values().flat_map(|it| &it.columns).filter(|it| it.kind.is_secret());
        let mut names: Vec<String> = columns.map(|it| it.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Who may use a table.
    pub fn access(&self, table: &Table) -> Access {
        let declared = table.lineage.iter().filter_map(|it| self.table(it)).find_map(|it| it.access.clone());
        declared.unwrap_or_default()
    }
}

fn resolve(
    declared: &BTreeMap<String, Table>,
    every_table: &[Column],
) -> Result<Dictionary, DictionaryError> {
    let mut tables = BTreeMap::new();
    for table in declared.values() {
        let lineage = lineage(declared, table)?;
        let mut columns = every_table.to_vec();
        for ancestor in lineage.iter().rev().filter_map(|it| declared.get(it)) {
            columns.extend(ancestor.columns.iter().cloned());
        }
        let own = own_columns(table, every_table);
        let resolved = Table { columns, own, lineage, ..table.clone() };
        tables.insert(table.name.clone(), resolved);
    }
    let families: Vec<(String, Vec<String>)> =
        tables.keys().map(|name| (name.clone(), family(&tables, name))).collect();
    for (name, family) in families {
        if let Some(table) = tables.get_mut(&name) {
            table.family = family;
        }
    }
    Ok(Dictionary { tables })
}

fn own_columns(table: &Table, every_table: &[Column]) -> Vec<String> {
    let inherited = if table.extends.is_none() { every_table } else { &[] };
    inherited.iter().chain(&table.columns).map(|it| it.name.clone()).collect()
}

fn lineage(declared: &BTreeMap<String, Table>, table: &Table) -> Result<Vec<String>, DictionaryError> {
    let mut lineage = vec![table.name.clone()];
    let mut next = table.extends.as_ref();
    while let Some(name) = next {
        let missing = || DictionaryError::Ancestor(table.name.clone());
        if lineage.len() >= ANCESTORS_MAX {
            return Err(missing());
        }
        lineage.push(name.clone());
        next = declared.get(name).ok_or_else(missing)?.extends.as_ref();
    }
    Ok(lineage)
}

fn family(tables: &BTreeMap<String, Table>, name: &str) -> Vec<String> {
    tables.values().filter(|it| it.is_a(name)).map(|it| it.name.clone()).collect()
}

#[cfg(test)]
mod tests;
