//! Importing by sys_id or by name.

use servicenow_core::{Query, Record, SysId};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::definition::Definition;
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::tables;

/// The state of what `id` names, with nothing but its id: reading fills in the rest.
pub async fn import(
    definition: &'static Definition,
    session: &Session,
    id: &str,
) -> Result<State, Diagnostics> {
    let Some(main) = definition.layout.main() else {
        return Err(errors::bug("a layout has no main record").into());
    };
    let target = Target { noun: definition.noun, table: main.table, keys: definition.natural_keys };
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
}

impl Target {
    /// The id of the one record that `id` names.
    ///
    /// # Errors
    /// None or several.
    pub async fn find(&self, session: &Session, id: &str) -> Result<SysId, Diagnostics> {
        let table = tables::table(self.table)?;
        let doing = Doing { verb: "import", noun: self.noun, name: id };
        let failed = |error| Diagnostics::from(errors::service(&doing, &error, "The state is unchanged."));
        if let Ok(sys_id) = id.parse::<SysId>()
            && session.client.get(&table, &sys_id, &[]).await.map_err(failed)?.is_some()
        {
            return Ok(sys_id);
        }
        for key in self.keys {
            let query = Query::new()
                .equals(key, id)
                .map_err(|error| errors::bad_import(self.noun, id, &error.to_string()))?;
            let rows = session.client.list(&table, &query, &[key]).await.map_err(failed)?;
            // The instance compares without regard to case; a name is meant as it is written.
            let exact: Vec<&Record> = rows.iter().filter(|it| it.text(key) == id).collect();
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
        Err(errors::nothing_to_import(self.noun, self.table, id, self.keys).into())
    }
}
