//! Columns that are called otherwise on this instance than in the layouts: a correction by the user.

use std::collections::BTreeMap;

use servicenow_core::Record;

use crate::dialects::GROUPS;
use crate::registry::DEFINITIONS;

/// Names of columns on this instance, by table and name in the layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns(BTreeMap<(String, String), String>);

impl Columns {
    /// Reads the corrections: `table.column` in the layouts, and the name on the instance, empty where the instance has no
    /// such column.
    ///
    /// # Errors
    /// The key that means nothing, and why.
    pub fn read(given: &BTreeMap<String, String>) -> Result<Columns, (String, String)> {
        let entry = |(key, theirs): (&String, &String)| {
            let refused = |reason: String| (key.clone(), reason);
            let (table, column) = key.rsplit_once('.').ok_or_else(|| {
                refused("it is not made of a table and a column: write `table.column`".to_owned())
            })?;
            known(table, column).map_err(refused)?;
            if !theirs.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_') {
                return Err(refused(format!("`{theirs}` cannot be the name of a column")));
            }
            Ok(((table.to_owned(), column.to_owned()), theirs.clone()))
        };
        given.iter().map(entry).collect::<Result<_, _>>().map(Columns)
    }

    /// The name on the instance; `None` where it has no such column.
    pub fn theirs<'a>(&'a self, table: &str, column: &'a str) -> Option<&'a str> {
        // Asked for every column of every read; nearly nobody corrects any.
        if self.0.is_empty() {
            return Some(column);
        }
        match self.0.get(&(table.to_owned(), column.to_owned())).map(String::as_str) {
            Some("") => None,
            Some(theirs) => Some(theirs),
            None => Some(column),
        }
    }

    /// The name to ask for in a query, where something has to be asked for.
    pub fn asked<'a>(&'a self, table: &str, column: &'a str) -> &'a str {
        self.theirs(table, column).unwrap_or(column)
    }

    /// The name to show to people.
    pub fn shown(&self, table: &str, column: &str) -> String {
        self.asked(table, column).to_owned()
    }

    /// A record of the instance, with the names of the layouts.
    pub fn ours(&self, table: &str, record: Record) -> Record {
        let names: BTreeMap<&str, &str> = self
            .0
            .iter()
            .filter(|((corrected, _), _)| corrected == table)
            .map(|((_, ours), theirs)| (theirs.as_str(), ours.as_str()))
            .collect();
        if names.is_empty() {
            return record;
        }
        let renamed = |(column, value)| (names.get(column).copied().unwrap_or(column), value);
        Record::of(record.iter().map(renamed))
    }
}

/// A column that some layout knows.
fn known(table: &str, column: &str) -> Result<(), String> {
    let records = DEFINITIONS.iter().flat_map(|it| it.layout.records).filter(|it| it.table == table);
    // Among several active members of a group the pointer writes which comes first.
    let places = GROUPS.iter().filter(|it| it.members == table).filter_map(|it| it.place);
    let traffic = GROUPS.iter().filter_map(|it| it.traffic).filter(|it| it.progress.table == table);
    let traffic = traffic.flat_map(|it| [it.progress.column, it.group, it.number, it.direction]);
    let columns: Vec<&str> =
        records.flat_map(|it| it.columns).map(|it| it.name).chain(places).chain(traffic).collect();
    if columns.is_empty() {
        return Err(format!("no resource of this provider is kept in the table `{table}`"));
    }
    if columns.contains(&column) {
        return Ok(());
    }
    Err(format!("no resource uses a column of that name. Of `{table}` they use {}", list(&columns)))
}

fn list(columns: &[&str]) -> String {
    let mut names: Vec<String> =
        columns.iter().filter(|it| **it != "sys_id").map(|it| format!("`{it}`")).collect();
    names.sort();
    names.dedup();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, theirs: &str, expected: Result<(), &str>) {
        let given = BTreeMap::from([(key.to_owned(), theirs.to_owned())]);
        match (Columns::read(&given), expected) {
            (Ok(_), Ok(())) => {}
            (Err((named, reason)), Err(part)) => {
                assert!(named == key && reason.contains(part), "{key}: {reason}");
            }
            (read, _) => panic!("{key}: {read:?}"),
        }
    }

    #[test]
    fn a_correction_names_a_column_that_some_resource_uses() {
        check("http_connection.connection_url", "u_url", Ok(()));
        check("http_connection.connection_url", "", Ok(()));
        check("sys_connection.order", "u_order", Ok(()));
        check("x_snd_eb_integration.state", "u_state", Ok(()));
        check("x_snd_eb_transaction.state", "u_state", Ok(()));
        check("x_snd_eb_transaction.status", "u_state", Err("`direction`, `integration`, `number`, `state`"));
        check("connection_url", "u_url", Err("write `table.column`"));
        check("incident.number", "u_number", Err("no resource of this provider"));
        check("http_connection.url", "u_url", Err("`connection_url`"));
        check("http_connection.connection_url", "u url", Err("cannot be the name of a column"));
    }

    #[test]
    fn what_is_renamed_on_the_way_out_is_renamed_back_on_the_way_in() {
        let given = [("http_connection.connection_url", "u_url"), ("http_connection.credential", "")];
        let given = given.map(|(key, theirs)| (key.to_owned(), theirs.to_owned())).into();
        let columns = Columns::read(&given).unwrap();
        assert_eq!(columns.theirs("http_connection", "connection_url"), Some("u_url"));
        assert_eq!(columns.theirs("http_connection", "credential"), None);
        assert_eq!(columns.theirs("http_connection", "name"), Some("name"));
        assert_eq!(columns.theirs("jdbc_connection", "connection_url"), Some("connection_url"));
        let record = Record::of([("u_url", "x")]);
        assert_eq!(columns.ours("http_connection", record.clone()).text("connection_url"), "x");
        assert_eq!(columns.ours("jdbc_connection", record).text("u_url"), "x");
    }
}
