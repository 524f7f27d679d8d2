//! Importing by sys_id or by name.

use servicenow_client::Freshness;
use servicenow_core::{QueryError, Record, SysId};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::definition::Definition;
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::tables::Table;

/// The state of what `id` names, with nothing but its id: reading fills in the rest.
pub async fn import(
    definition: &'static Definition,
    session: &Session,
    id: &str,
) -> Result<State, Diagnostics> {
    let Some(main) = definition.layout.main() else {
        return Err(errors::bug("a layout has no main record").into());
    };
    let target = Target {
        noun: definition.noun,
        table: main.table,
        keys: definition.natural_keys,
        composite_keys: definition.composite_keys,
    };
    let sys_id = target.find(session, id).await?;
    let null = (definition.schema)().block.attributes.into_iter().map(|it| (it.name, Value::Null));
    let mut object: Object = null.collect();
    object.insert("id".to_owned(), Value::string(sys_id.as_str()));
    Ok(State { object, private: Vec::new() })
}

/// What an import looks among.
pub struct Target {
    /// What it is called in messages.
    pub noun: &'static str,
    /// Its table.
    pub table: &'static str,
    /// Columns by which people name one, the surest first.
    pub keys: &'static [&'static str],
    /// Columns that name one together, written with a slash between.
    pub composite_keys: &'static [&'static [&'static str]],
}

impl Target {
    /// The id of the one record that `id` names.
    ///
    /// # Errors
    /// None or several.
    pub async fn find(&self, session: &Session, id: &str) -> Result<SysId, Diagnostics> {
        let table = Table::of(session, self.table)?;
        let doing = Doing { verb: "import", noun: self.noun, name: id };
        let failed = |error| Diagnostics::from(errors::service(&doing, &error, "The state is unchanged."));
        if let Ok(sys_id) = id.parse::<SysId>()
            && table.read(&sys_id, &[], Freshness::Now).await.map_err(failed)?.is_some()
        {
            return Ok(sys_id);
        }
        for conditions in self.conditions(id) {
            let refused = |error: QueryError| errors::bad_import(self.noun, id, &error.to_string());
            let query = table.query(&conditions).map_err(refused)?;
            let columns: Vec<&str> = conditions.iter().map(|(column, _)| *column).collect();
            let rows = table.list(&query, &columns).await.map_err(failed)?;
            // The instance compares without regard to case; a name is meant as it is written.
            let is_meant = |row: &&Record| conditions.iter().all(|(column, text)| row.text(column) == *text);
            let exact: Vec<&Record> = rows.iter().filter(is_meant).collect();
            match exact.as_slice() {
                [] => {}
                [row] => {
                    return row
                        .text("sys_id")
                        .parse()
                        .map_err(|_| errors::bug("a record has no sys_id").into());
                }
                several => {
                    let ids: Vec<String> = several.iter().map(|it| it.text("sys_id").to_owned()).collect();
                    return Err(errors::several_to_import(self.noun, id, &ids).into());
                }
            }
        }
        Err(errors::nothing_to_import(self.noun, self.table, id, &self.names()).into())
    }

    /// Everything that an id may mean, the surest first: column and text of what has to hold together.
    fn conditions<'a>(&self, id: &'a str) -> Vec<Vec<(&'static str, &'a str)>> {
        let alone = self.keys.iter().map(|key| vec![(*key, id)]);
        let together = self.composite_keys.iter().flat_map(|keys| divided(keys, id));
        alone.chain(together).collect()
    }

    /// The keys as a message names them.
    fn names(&self) -> Vec<String> {
        let together = self.composite_keys.iter().map(|it| it.join("/"));
        self.keys.iter().map(|it| (*it).to_owned()).chain(together).collect()
    }
}

/// Every way to divide a text at slashes into one part for each key: names may hold slashes themselves.
fn divided<'a>(keys: &[&'static str], text: &'a str) -> Vec<Vec<(&'static str, &'a str)>> {
    let Some((first, rest)) = keys.split_first() else { return Vec::new() };
    if rest.is_empty() {
        return vec![vec![(*first, text)]];
    }
    let at = |(index, _): (usize, &str)| Some((text.get(..index)?, text.get(index + 1..)?));
    let parts = text.match_indices('/').filter_map(at);
    let with_rest = |(head, tail): (&'a str, &'a str)| {
        divided(rest, tail).into_iter().map(move |it| [(*first, head)].into_iter().chain(it).collect())
    };
    parts.flat_map(with_rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(keys: &[&'static str], text: &str, expected: &[&[&str]]) {
        let divided = divided(keys, text);
        let parts: Vec<Vec<&str>> =
            divided.iter().map(|it| it.iter().map(|(_, part)| *part).collect()).collect();
        assert_eq!(parts, expected, "{text}");
    }

    #[test]
    fn a_composite_name_is_divided_at_each_of_its_slashes() {
        check(&["one", "two"], "a/b", &[&["a", "b"]]);
        check(&["one", "two"], "a", &[]);
        check(&["one", "two"], "a/b/c", &[&["a", "b/c"], &["a/b", "c"]]);
        check(&["one", "two", "three"], "a/b/c", &[&["a", "b", "c"]]);
        check(&["one", "two"], "ä/ö", &[&["ä", "ö"]]);
    }
}
