//! Reading one resource.

use reconcile::{Found, Holds, hidden, lift};
use servicenow_client::Freshness;
use servicenow_core::{Kind, SysId};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{ReadOutcome, State};

use super::{label, seen};
use crate::definition::Definition;
use crate::errors::{self, Doing};
use crate::execute::Failure;
use crate::session::Session;
use crate::tables;

/// The live state of what the state knows.
pub async fn read(definition: &'static Definition, session: &Session, state: State) -> ReadOutcome {
    let name = label(&state.object);
    let doing = Doing { verb: "read", noun: definition.noun, name: &name };
    let Some(id) = id_of(&state.object) else {
        return Diagnostics::from(errors::bug("a state has no id")).into();
    };
    match find(definition, session, &id, Freshness::ThisRun).await {
        Ok(Some(found)) => {
            let columns = hidden(definition.layout, &found);
            let diagnostics = if columns.is_empty() {
                Diagnostics::none()
            } else {
                errors::hidden_columns(definition.noun, &name, &columns).into()
            };
            let object = lift(definition.layout, &found, &state.object);
            ReadOutcome { diagnostics, ..State { object, private: seen::remember(&found) }.into() }
        }
        Ok(None) => gone(definition, session, &id, &doing).await.into(),
        // The run has failed with the first message; the state stays as it is.
        Err(Failure::Service(error)) if is_outage(error.kind) && session.has_told_of_outage() => state.into(),
        Err(failure) => {
            let now = "The state is unchanged and nothing was written.";
            failure.diagnostics(&doing, now).into()
        }
    }
}

/// Nothing when the record is certainly not there. A missing record and a hidden one look the same. Dropping a hidden one
/// from the state would create it a second time.
pub async fn gone(definition: &Definition, session: &Session, id: &SysId, doing: &Doing<'_>) -> Diagnostics {
    let Some(record) = definition.layout.main() else { return Diagnostics::none() };
    let hidden = match tables::table(record.table) {
        Ok(table) => session.client.is_hidden(&table, id).await,
        Err(problems) => return problems,
    };
    match hidden {
        Ok(false) => Diagnostics::none(),
        Ok(true) => errors::hidden_record(doing, record.table).into(),
        Err(error) => {
            errors::service(doing, &error, "The state is unchanged and nothing was written.").into()
        }
    }
}

/// Whether a failure concerns every object of the instance alike.
pub fn is_outage(kind: Kind) -> bool {
    matches!(kind, Kind::Unreachable | Kind::Unavailable | Kind::Unauthenticated | Kind::GivenUp)
}

/// The id that a state knows.
pub fn id_of(object: &Object) -> Option<SysId> {
    object.get("id").and_then(Value::as_str).and_then(|it| it.parse().ok())
}

/// The records of a resource: the main one by its id, the others by what it refers to.
pub async fn find(
    definition: &'static Definition,
    session: &Session,
    id: &SysId,
    freshness: Freshness,
) -> Result<Option<Found>, Failure> {
    let Some(main) = definition.layout.main() else {
        return Err(errors::bug("a layout has no main record").into());
    };
    let table = tables::table(main.table)?;
    let Some(row) = session.client.read(&table, id, &main.readable(), freshness).await? else {
        return Ok(None);
    };
    let mut found = Found::new();
    for column in main.columns {
        let Holds::Slot(slot) = column.holds else { continue };
        let (Some(record), Ok(id)) = (definition.layout.record(slot), row.text(column.name).parse::<SysId>())
        else {
            continue;
        };
        let table = tables::table(record.table)?;
        if let Some(other) = session.client.read(&table, &id, &record.readable(), freshness).await? {
            found.insert(record.slot, other);
        }
    }
    found.insert(main.slot, row);
    Ok(Some(found))
}

/// Whether a record exists and may be seen.
pub async fn exists(session: &Session, table: &'static str, id: &SysId) -> Result<bool, Failure> {
    if session.has_seen(table, id) {
        return Ok(true);
    }
    let exists = session.client.read(&tables::table(table)?, id, &[], Freshness::Now).await?.is_some();
    if exists {
        session.saw(table, id);
    }
    Ok(exists)
}
