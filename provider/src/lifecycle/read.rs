//! Reading one resource.

use std::collections::BTreeMap;

use reconcile::lower::value;
use reconcile::{Certainty, Exists, Found, Holds, Layout, Place, RecordLayout, hidden, lift};
use servicenow_client::Freshness;
use servicenow_core::{Kind, Record, SysId};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{ReadOutcome, State};

use super::{finished, label, private, written};
use crate::definition::Definition;
use crate::doubts;
use crate::errors::{self, Doing};
use crate::execute::Failure;
use crate::lookup;
use crate::session::Session;
use crate::tables::{self, Table};

/// The live state of what the state knows.
pub async fn read(definition: &'static Definition, session: &Session, state: State) -> ReadOutcome {
    let name = label(&state.object);
    let doing = Doing { verb: "read", noun: definition.noun, name: &name };
    let Some(id) = id_of(&state.object) else {
        return Diagnostics::from(errors::bug("a state has no id")).into();
    };
    let sought = Sought { id: &id, known: &state.object };
    match find(definition, session, sought, Freshness::ThisRun).await {
        Ok(Some(found)) => {
            session.foreseen.meet(&id);
            present(definition, session, state, &found).await
        }
        Ok(None) => gone(definition, session, &id, &doing).await.into(),
        // The run has failed with the first message; the state stays as it is.
        Err(Failure::Service(error)) if is_outage(error.kind) && session.has_told_of_outage() => state.into(),
        Err(failure) => failure.diagnostics(&doing, UNCHANGED).into(),
    }
}

const UNCHANGED: &str = "The state is unchanged and nothing was written.";

/// The state of what is there.
async fn present(
    definition: &'static Definition,
    session: &Session,
    state: State,
    found: &Found,
) -> ReadOutcome {
    let name = label(&state.object);
    let doing = Doing { verb: "read", noun: definition.noun, name: &name };
    let names = match lookup::resolve(session, definition.layout, &[&state.object]).await {
        // A name that stands for nothing any more is no error here: the plan shows what is there instead.
        Ok((names, _)) => names,
        Err(failure) => return failure.diagnostics(&doing, UNCHANGED).into(),
    };
    let mut diagnostics = absent(definition, session, &name, found).await;
    let object = lift(definition.layout, found, &state.object, &names);
    let mut object = finished(definition, session, found, object);
    let written = written::of(&state.private);
    diagnostics.extend(written.compare(definition, found, &mut object));
    ReadOutcome { diagnostics, ..State { object, private: private(found, &written) }.into() }
}

/// What is said about columns that the answer does not hold, once in a run: that the instance does not have one, or that
/// this user may not read it.
async fn absent(
    definition: &'static Definition,
    session: &Session,
    name: &str,
    found: &Found,
) -> Diagnostics {
    let mut unreadable: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut problems = Diagnostics::none();
    for (table, column) in hidden(definition.layout, found) {
        if session.columns.theirs(table, column).is_none() {
            continue;
        }
        match session.dictionary(table).await {
            Some(dictionary) if !dictionary.has(session.columns.asked(table, column)) => {
                if is_assumed(definition.layout, table, column) && session.is_first_to_miss(table, column) {
                    let similar = dictionary.similar(column);
                    problems.push(errors::no_such_column(definition.noun, table, column, &similar));
                }
            }
            _ => unreadable.entry(table).or_default().push(column),
        }
    }
    for (table, columns) in unreadable {
        let unseen = doubts::unseen(session, table, &columns).await;
        if !unseen.is_empty() {
            problems.push(errors::hidden_columns(definition.noun, name, table, &unseen));
        }
    }
    problems
}

fn is_assumed(layout: &Layout, table: &str, column: &str) -> bool {
    let columns = layout.records.iter().filter(|it| it.table == table).flat_map(|it| it.columns);
    columns.filter(|it| it.name == column).any(|it| it.certainty == Certainty::Assumed)
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
        Ok(true) => {
            let roles = doubts::roles_to_read(session, record.table, definition.roles.read).await;
            errors::hidden_record(doing, record.table, &roles).into()
        }
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

/// Which resource is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Sought<'a> {
    /// The id of its main record.
    pub id: &'a SysId,
    /// What is known of it, which may be the id alone.
    pub known: &'a Object,
}

/// The records of a resource: the main one by its id, those that it refers to by theirs, and those that refer to it.
pub async fn find(
    definition: &'static Definition,
    session: &Session,
    sought: Sought<'_>,
    freshness: Freshness,
) -> Result<Option<Found>, Failure> {
    let Some(main) = definition.layout.main() else {
        return Err(errors::bug("a layout has no main record").into());
    };
    let Some(row) = Table::of(session, main.table)?.read(sought.id, &main.readable(), freshness).await?
    else {
        return Ok(None);
    };
    let mut found = Found::new();
    for record in definition.layout.records {
        if let Some(column) = main.refers_to(record.slot) {
            let Ok(id) = row.text(column.name).parse::<SysId>() else { continue };
            let table = Table::of(session, record.table)?;
            if let Some(other) = table.read(&id, &record.readable(), freshness).await? {
                found.insert(record.slot, other);
            }
        } else if record.refers_to(main.slot).is_some() {
            let mut rows = belonging(session, main, record, sought.id).await?;
            rows.retain(|row| !is_of_another(record, row, &found));
            for (place, row) in places(record, rows, sought.known) {
                found.insert(place, row);
            }
        }
    }
    found.insert(main.slot, row);
    Ok(Some(found))
}

/// The records of one kind that refer to the main record.
async fn belonging(
    session: &Session,
    main: &RecordLayout,
    record: &'static RecordLayout,
    id: &SysId,
) -> Result<Vec<Record>, Failure> {
    let mut conditions: Vec<(&str, &str)> = Vec::new();
    for column in record.columns {
        match column.holds {
            Holds::Slot(slot) if slot == main.slot => conditions.push((column.name, id.as_str())),
            Holds::Only(word) => conditions.push((column.name, word)),
            _ => {}
        }
    }
    let table = Table::of(session, record.table)?;
    let query = table.query(&conditions).map_err(|it| errors::bug(&it.to_string()))?;
    Ok(table.list(&query, &record.readable()).await?)
}

/// Whether a record belongs to a sibling of one that was found, such as an operation to another version of the same API.
fn is_of_another(record: &RecordLayout, row: &Record, found: &Found) -> bool {
    record.columns.iter().any(|column| {
        let Holds::Slot(slot) = column.holds else { return false };
        let refers_to = row.text(column.name);
        !refers_to.is_empty() && found.one(slot).is_some_and(|it| it.text("sys_id") != refers_to)
    })
}

/// Where each of the records belongs. The instance may hold two with the same key: the second one is shown under a name
/// of its own, so that a plan takes it away.
fn places(record: &'static RecordLayout, rows: Vec<Record>, known: &Object) -> Vec<(Place, Record)> {
    let (Exists::ForEach(_), Some(key)) = (record.exists, record.key()) else {
        let one = rows.into_iter().min_by_key(|row| likeness(record, row, known));
        return one.map(|row| (record.slot.into(), row)).into_iter().collect();
    };
    let mut placed: Vec<(Place, Record)> = Vec::new();
    for row in rows {
        let place = Place::keyed(record.slot, row.text(key.name));
        let is_taken = placed.iter().any(|(it, _)| *it == place);
        let place = match place.key {
            Some(key) if is_taken => Place::keyed(record.slot, format!("{key} ({})", row.text("sys_id"))),
            _ => place,
        };
        placed.push((place, row));
    }
    placed
}

/// How unlike a record is to the one that is meant, where a resource has one and the instance several: an API has versions
/// that are managed elsewhere. The one with the numbers that are known comes first, then the one that holds what is always
/// written, then the lowest.
fn likeness(record: &RecordLayout, row: &Record, known: &Object) -> (bool, bool, u64) {
    let (mut is_another, mut lacks_fixed, mut number) = (false, false, 0);
    for column in record.columns {
        let text = row.text(column.name);
        match column.holds {
            Holds::Number(path) => {
                number = text.parse().unwrap_or(u64::MAX);
                is_another |= match value(known, path) {
                    Value::Number(it) => it.to_string() != text,
                    _ => false,
                };
            }
            Holds::Fixed(word) => lacks_fixed |= text != word,
            _ => {}
        }
    }
    (is_another, lacks_fixed, number)
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
