//! The tables as data: names, columns, inheritance, who may use them, and the rows they come with.

mod column;
mod document;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

pub use column::{Cascade, Column, ColumnKind};
use document::Documents;

/// The platform's own tables and rows, compiled in.
const NATIVE: &[(&str, &str)] = &[
    ("system", include_str!("dictionary/system.json")),
    ("users", include_str!("dictionary/users.json")),
    ("connections", include_str!("dictionary/connections.json")),
    ("access", include_str!("dictionary/access.json")),
    ("credentials", include_str!("dictionary/credentials.json")),
    ("oauth", include_str!("dictionary/oauth.json")),
    ("web_services", include_str!("dictionary/web_services.json")),
    ("mid", include_str!("dictionary/mid.json")),
    ("records", include_str!("dictionary/records.json")),
    ("import", include_str!("dictionary/import.json")),
    ("base", include_str!("dictionary/base.json")),
];

/// An application that can be installed: its name, what it is, its tables and rows, and rows for the demo company.
#[derive(Clone, Copy, Debug)]
pub struct Application {
    /// As written on the command line.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
    /// Its tables and the rows they come with.
    document: &'static str,
    /// A fixture for the demo company.
    pub demo: &'static str,
}

/// Every application that can be installed.
pub const APPLICATIONS: &[Application] = &[
    Application {
        name: "unifi",
        meaning: "Unifi: processes, integrations and their connections to environments, one of them active.",
        document: include_str!("dictionary/unifi.json"),
        demo: include_str!("fixtures/unifi.json"),
    },
    Application {
        name: "connect_hub",
        meaning: "Connect Hub: external systems, connectors, and inbound endpoints that get an address.",
        document: include_str!("dictionary/connect_hub.json"),
        demo: "{}",
    },
];

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
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// What people see.
    pub label: String,
    /// The table whose columns it inherits.
    pub extends: Option<String>,
    /// Its columns, the inherited ones first.
    pub columns: Vec<Column>,
    /// Values that every row of exactly this table has in inherited columns.
    pub fixed: BTreeMap<String, String>,
    /// Who may use it; inherited when absent.
    pub access: Option<Access>,
    /// Whether web services reach it: `sys_db_object.ws_access`.
    pub web_services: bool,
    /// Whether its changes are kept in `sys_audit`; inherited when absent.
    pub audited: Option<bool>,
    /// The tables whose rows it shows side by side; none for a table with rows of its own.
    pub view: Vec<Member>,
    /// The names of its own columns.
    pub own: Vec<String>,
    /// Itself, the table it extends, and so on up to the root.
    pub lineage: Vec<String>,
    /// Itself and everything that extends it.
    pub family: Vec<String>,
}

impl Table {
    fn named(name: &str) -> Table {
        Table {
            name: name.to_owned(),
            label: name.to_owned(),
            extends: None,
            columns: Vec::new(),
            fixed: BTreeMap::new(),
            access: None,
            web_services: true,
            audited: None,
            view: Vec::new(),
            own: Vec::new(),
            lineage: Vec::new(),
            family: Vec::new(),
        }
    }

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

/// A table in a view.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The table.
    pub table: String,
    /// What the names of its columns begin with in the view, before an underscore.
    pub prefix: String,
    /// Its column that holds the id of a row of another member, and that member's prefix; empty for the first.
    #[serde(default)]
    pub joined_to: Option<(String, String)>,
}

/// A row that a table comes with.
#[derive(Clone, Debug)]
pub struct Seed {
    /// The document that has it: its rows are added once to an instance.
    pub document: String,
    /// Where in the documents it stands; its id is made of this when it has none.
    pub place: String,
    /// Its values. `@table/name` stands for the id of the row of that name that comes with that table.
    pub values: BTreeMap<String, String>,
}

/// A dictionary that contradicts itself.
#[derive(Debug, thiserror::Error)]
pub enum DictionaryError {
    /// No such document.
    #[error("the description of tables `{name}` is malformed")]
    Document {
        /// Which one.
        name: String,
        /// Why.
        source: serde_json::Error,
    },
    /// A file that cannot be read.
    #[error("the description of tables `{path}` cannot be read")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// A missing or circular ancestor.
    #[error("the table `{0}` extends a table that is missing, or itself")]
    Ancestor(String),
    /// Rows of a table that is not described.
    #[error("there are rows of the table `{0}`, which is not described")]
    RowsOfNoTable(String),
    /// A column that a table has from another one.
    #[error(
        "the description of tables `{document}` gives `{table}` the column `{column}`, which it inherits from {base}; \
         leave the column out, or give it another name"
    )]
    Inherited {
        /// The document: the path of a file, or the name of one of the platform's own.
        document: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The table that has the column already, in quotes, or words for all tables.
        base: String,
    },
    /// A column that a table below has already.
    #[error(
        "the description of tables `{document}` gives `{table}` the column `{column}`, which `{heir}` would inherit and \
         has already; give the column another name"
    )]
    InheritedLater {
        /// The document: the path of a file, or the name of one of the platform's own.
        document: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The table that extends it and has a column of that name.
        heir: String,
    },
    /// A row with a column that its table does not have.
    #[error("a row of `{table}` has the column `{column}`, which this table does not have")]
    RowWithNoColumn {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// No such application.
    #[error("there is no application `{name}`; there are {known}")]
    Application {
        /// The name that was given.
        name: String,
        /// The names there are.
        known: String,
    },
}

/// Every table of the instance.
#[derive(Clone, Debug)]
pub struct Dictionary {
    tables: BTreeMap<String, Table>,
    seeds: BTreeMap<String, Vec<Seed>>,
}

impl Dictionary {
    /// The platform's own tables. They are read once in the life of the process.
    pub fn native() -> Result<Arc<Dictionary>, DictionaryError> {
        static NATIVE_READ: OnceLock<Arc<Dictionary>> = OnceLock::new();
        if let Some(read) = NATIVE_READ.get() {
            return Ok(read.clone());
        }
        let read = Arc::new(native_documents()?.resolve()?);
        Ok(NATIVE_READ.get_or_init(|| read).clone())
    }

    /// The platform's own tables, those of applications, and those that files describe.
    pub fn open(applications: &[String], files: &[PathBuf]) -> Result<Arc<Dictionary>, DictionaryError> {
        if applications.is_empty() && files.is_empty() {
            return Dictionary::native();
        }
        let mut documents = native_documents()?;
        for name in applications {
            documents.add(name, application(name)?.document)?;
        }
        for path in files {
            let path = path.display().to_string();
            let text = std::fs::read_to_string(&path)
                .map_err(|source| DictionaryError::File { path: path.clone(), source })?;
            documents.add(&path, &text)?;
        }
        Ok(Arc::new(documents.resolve()?))
    }

    /// A table by its name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// All tables, by name.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.values()
    }

    /// The rows that exactly this table comes with.
    pub fn seeds(&self, table: &str) -> &[Seed] {
        self.seeds.get(table).map(Vec::as_slice).unwrap_or_default()
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

    /// Whether changes of a table's rows are kept.
    pub fn is_audited(&self, table: &Table) -> bool {
        table.lineage.iter().filter_map(|it| self.table(it)).find_map(|it| it.audited).unwrap_or_default()
    }
}

/// An application by its name.
pub fn application(name: &str) -> Result<&'static Application, DictionaryError> {
    APPLICATIONS.iter().find(|it| it.name == name).ok_or_else(|| {
        let known: Vec<&str> = APPLICATIONS.iter().map(|it| it.name).collect();
        DictionaryError::Application { name: name.to_owned(), known: known.join(", ") }
    })
}

fn native_documents() -> Result<Documents, DictionaryError> {
    let mut documents = Documents::default();
    for (name, text) in NATIVE {
        documents.add(name, text)?;
    }
    Ok(documents)
}

/// Always the same id for the same key (FNV-1a with 128 bits), so that what comes with the instance keeps its ids.
pub fn derived_id(table: &str, key: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let text = format!("{table}/{key}");
    let hash = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests;
