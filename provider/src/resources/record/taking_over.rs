//! Taking over records of any table: one that is named, or those that a list finds.

use servicenow_core::{Query, Record, SysId, TableName};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use super::life::{NOUN, VERSION, private};
use crate::dictionary::Dictionary;
use crate::errors::{self, Doing};
use crate::resources::REASSERT;
use crate::session::Session;

/// The columns by which people know a record, the surest first.
const NATURAL_KEYS: [&str; 3] = ["number", "name", "user_name"];

/// What every table has and nobody declares: the instance keeps it.
const SYSTEM: &str = "sys_";

/// The state of the record that `table/sys_id` or `table/name` names, with everything that it holds: which columns the
/// configuration owns is not known yet.
pub async fn import(session: &Session, text: &str) -> Result<State, Diagnostics> {
    let refused = |reason: &str| Diagnostics::from(errors::bad_import(NOUN, text, reason));
    let (name, key) = text
        .split_once('/')
        .ok_or_else(|| refused("it is not made of a table, a slash and a sys_id or name"))?;
    let table: TableName = name.parse().map_err(|_| refused("the part before the slash is no table"))?;
    let doing = Doing { verb: "import", noun: NOUN, name: text };
    let failed = |error| Diagnostics::from(errors::service(&doing, &error, "The state is unchanged."));
    let taking = taking_over(session, &table).await;
    let columns = taking.columns();
    if let Ok(id) = key.parse::<SysId>()
        && let Some(record) = session.client.get(&table, &id, &columns).await.map_err(failed)?
    {
        return Ok(taking.state(&record));
    }
    for column in taking.names() {
        let query = Query::new().equals(column, key).map_err(|error| refused(&error.to_string()))?;
        let asked: Vec<&str> = columns.iter().copied().chain([column]).collect();
        let rows = session.client.list(&table, &query, &asked).await.map_err(failed)?;
        let exact: Vec<&Record> = rows.iter().filter(|it| it.text(column) == key).collect();
        match exact.as_slice() {
            [] => {}
            [record] => return Ok(taking.state(record)),
            several => {
                let ids: Vec<String> = several.iter().map(|it| it.text("sys_id").to_owned()).collect();
                return Err(errors::several_to_import(NOUN, text, &ids).into());
            }
        }
    }
    let keys: Vec<String> = NATURAL_KEYS.iter().map(|it| (*it).to_owned()).collect();
    Err(errors::nothing_to_import(NOUN, name, key, &keys).into())
}

/// What taking over records of a table asks for and makes of them.
pub struct TakingOver {
    table: String,
    dictionary: Dictionary,
}

/// What there is to know about a table before its records are taken over.
pub async fn taking_over(session: &Session, table: &TableName) -> TakingOver {
    let dictionary = session.dictionary(table.as_str()).await.map(|it| (*it).clone()).unwrap_or_default();
    TakingOver { table: table.as_str().to_owned(), dictionary }
}

impl TakingOver {
    /// The columns that a configuration can own.
    pub fn columns(&self) -> Vec<&str> {
        self.dictionary.declarable().into_iter().filter(|it| !it.starts_with(SYSTEM)).collect()
    }

    /// The columns by which people know a record, the surest first.
    pub fn names(&self) -> Vec<&'static str> {
        NATURAL_KEYS.into_iter().filter(|it| self.dictionary.has(it)).collect()
    }

    /// How people know a record.
    pub fn label(&self, record: &Record) -> String {
        let names = self.names();
        let name = names.iter().map(|it| record.text(it)).find(|it| !it.is_empty());
        name.unwrap_or_else(|| record.text("sys_id")).to_owned()
    }

    /// The state of a record with everything that it shows.
    pub fn state(&self, record: &Record) -> State {
        let held = |name: &str| record.get(name).filter(|it| !it.is_empty()).map(Value::string);
        let field = |name: &str| Some((name.to_owned(), held(name)?));
        let fields: Object = self.columns().into_iter().filter_map(field).collect();
        let object = [
            ("id", Value::string(record.text("sys_id"))),
            ("table", Value::string(self.table.as_str())),
            ("fields", Value::Map(fields)),
            ("fields_json", Value::Null),
            ("fields_wo", Value::Null),
            (VERSION, Value::Null),
            (REASSERT, Value::Null),
        ];
        State {
            object: object.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            private: private(record, None),
        }
    }
}
