//! The life of one record of any table: read, written by the columns that are named, removed, taken over.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use servicenow_client::{Freshness, WriteStyle};
use servicenow_core::{Record, SysId, TableName, not_kept};
use tf_core::{Diagnostics, Object, Secret, Value};
use tf_plugin::{Applied, Progress, ReadOutcome, State};

use super::named::{self, agrees, attribute_of, columns as named_columns};
use crate::dictionary::Dictionary;
use crate::doubts::{self, Outcome};
use crate::errors::{self, Doing};
use crate::execute::{Failure, write_secrets};
use crate::lifecycle::Conflict;
use crate::resources::REASSERT;
use crate::session::{OnConflict, Session};

/// What one is called in messages.
pub const NOUN: &str = "record";
const NOTHING_CHANGED: &str = "Nothing was changed.";
const UNCHANGED: &str = "The state is unchanged and nothing was written.";
const STATE_IS_TRUE: &str = "Part of the change was made; the state holds what is there now.";

/// The members of the private bytes that hold how often the record had been changed: at the last look, and after the secrets
/// were written.
const SEEN: &str = "seen";
const WRITTEN: &str = "written";

/// The column that counts the changes of a record.
const COUNTER: &str = "sys_mod_count";

/// The version of the secrets.
pub const VERSION: &str = "fields_wo_version";

/// The secret columns of a configuration.
pub fn secrets(config: &Object) -> BTreeMap<String, Secret> {
    let members = config.get("fields_wo").and_then(Value::as_object);
    let secret = |(name, value): (&String, &Value)| Some((name.clone(), Secret::new(value.as_str()?)));
    members.into_iter().flatten().filter_map(secret).collect()
}

fn table(object: &Object) -> Result<TableName, Diagnostics> {
    let name = object.get("table").and_then(Value::as_str).unwrap_or_default();
    name.parse().map_err(|_| errors::bug("a record has no table").into())
}

fn id(object: &Object) -> Result<SysId, Diagnostics> {
    let id = object.get("id").and_then(Value::as_str).and_then(|it| it.parse().ok());
    id.ok_or_else(|| errors::bug("a state has no id").into())
}

/// How people know the record.
pub fn label(object: &Object) -> String {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or("new").to_owned();
    format!("{}/{}", text("table"), text("id"))
}

/// The private bytes: how often the record had been changed when it was read, and when this provider had last finished with
/// its secrets.
pub fn private(record: &Record, written: Option<&str>) -> Vec<u8> {
    let members = [(SEEN, record.get(COUNTER)), (WRITTEN, written)];
    let members: serde_json::Map<String, Json> =
        members.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?.into()))).collect();
    if members.is_empty() { Vec::new() } else { Json::Object(members).to_string().into_bytes() }
}

fn remembered(private: &[u8], member: &str) -> Option<String> {
    let json: Json = serde_json::from_slice(private).ok()?;
    json.get(member)?.as_str().map(str::to_owned)
}

/// Says that the secrets may have been changed, and has the next plan write them again if that is wished.
fn doubted(object: &mut Object, written: Option<&str>, record: &Record) -> Diagnostics {
    let reassert = object.get(REASSERT).and_then(Value::as_bool);
    let is_same = match (written, record.get(COUNTER)) {
        (Some(before), Some(now)) => before == now,
        _ => true,
    };
    if is_same || reassert == Some(false) {
        return Diagnostics::none();
    }
    let name = label(object);
    if reassert == Some(true) {
        object.insert(VERSION.to_owned(), Value::Null);
    }
    errors::secret_may_differ(NOUN, &name, "fields_wo", VERSION, record).into()
}

/// The live state.
pub async fn read(session: &Session, state: State) -> ReadOutcome {
    match found(session, &state.object, Freshness::ThisRun).await {
        Ok(Some(record)) => {
            let dictionary = dictionary(session, &state.object).await;
            let mut object = lifted(state.object, &record, &dictionary);
            let written = remembered(&state.private, WRITTEN);
            let diagnostics = doubted(&mut object, written.as_deref(), &record);
            let state = State { object, private: private(&record, written.as_deref()) };
            ReadOutcome { diagnostics, ..state.into() }
        }
        Ok(None) => gone(session, &state.object).await.into(),
        Err(failure) => {
            let name = label(&state.object);
            failure.diagnostics(&Doing { verb: "read", noun: NOUN, name: &name }, UNCHANGED).into()
        }
    }
}

async fn found(session: &Session, object: &Object, freshness: Freshness) -> Result<Option<Record>, Failure> {
    let names = named_columns(object);
    let columns: Vec<&str> = names.keys().map(String::as_str).collect();
    Ok(session.client.read(&table(object)?, &id(object)?, &columns, freshness).await?)
}

pub async fn dictionary(session: &Session, object: &Object) -> Dictionary {
    let name = object.get("table").and_then(Value::as_str).unwrap_or_default();
    session.dictionary(name).await.map(|it| (*it).clone()).unwrap_or_default()
}

/// Nothing when the record is certainly not there.
async fn gone(session: &Session, object: &Object) -> Diagnostics {
    let name = label(object);
    let doing = Doing { verb: "read", noun: NOUN, name: &name };
    let (table, id) = match (table(object), id(object)) {
        (Ok(table), Ok(id)) => (table, id),
        (Err(problems), _) | (_, Err(problems)) => return problems,
    };
    match session.client.is_hidden(&table, &id).await {
        Ok(false) => Diagnostics::none(),
        Ok(true) => {
            let roles = doubts::roles_to_read(session, table.as_str(), &[]).await;
            errors::hidden_record(&doing, table.as_str(), &roles).into()
        }
        Err(error) => errors::service(&doing, &error, UNCHANGED).into(),
    }
}

/// An object with what its columns hold, without its secrets.
fn lifted(mut object: Object, record: &Record, dictionary: &Dictionary) -> Object {
    object.insert("fields_wo".to_owned(), Value::Null);
    named::lifted(object, record, dictionary)
}

/// Every column exists, as far as the instance says which there are.
async fn columns_exist(
    session: &Session,
    planned: &Object,
    secrets: &BTreeMap<String, Secret>,
    doing: &Doing<'_>,
) -> Result<Dictionary, Diagnostics> {
    let dictionary = dictionary(session, planned).await;
    let names = named_columns(planned);
    let named = names
        .keys()
        .map(|it| (it, attribute_of(planned, it)))
        .chain(secrets.keys().map(|it| (it, "fields_wo")));
    for (name, attribute) in named {
        if !dictionary.is_empty() && !dictionary.has(name) {
            let table = planned.get("table").and_then(Value::as_str).unwrap_or_default();
            let similar = dictionary.similar(name);
            return Err(errors::no_such_field(doing, attribute, table, name, &similar).into());
        }
    }
    Ok(dictionary)
}

/// Creates the record that was planned.
pub async fn create(
    session: &Session,
    planned: Object,
    secrets: &BTreeMap<String, Secret>,
    progress: &Progress,
) -> Applied {
    let name = label(&planned);
    let doing = Doing { verb: "create", noun: NOUN, name: &name };
    let (table, dictionary) = match (table(&planned), columns_exist(session, &planned, secrets, &doing).await)
    {
        (Ok(table), Ok(dictionary)) => (table, dictionary),
        (Err(diagnostics), _) | (_, Err(diagnostics)) => return Applied { state: None, diagnostics },
    };
    let new_id = session.transport.new_sys_id();
    let mut object = planned;
    object.insert("id".to_owned(), Value::string(new_id.as_str()));
    object.insert("fields_wo".to_owned(), Value::Null);
    // Whatever breaks from here on, the next read looks for the record under the id that was chosen for it.
    progress.exists(State { object: object.clone(), private: Vec::new() });
    let cells = named_columns(&object);
    let columns: Vec<&str> = cells.keys().map(String::as_str).collect();
    let record = match session.client.create(&table, &new_id, &cells, &columns).await {
        Ok(record) => record,
        Err(error) => {
            let may_exist = error.kind.may_have_taken_effect();
            let now = if may_exist {
                "The state remembers the id under which it may exist."
            } else {
                NOTHING_CHANGED
            };
            let diagnostics = errors::service(&doing, &error, now).into();
            return Applied {
                state: may_exist.then_some(State { object, private: Vec::new() }),
                diagnostics,
            };
        }
    };
    let writing = Writing { session, table: &table, id: &new_id, dictionary: &dictionary, doing: &doing };
    let (record, diagnostics) = writing.finish(record, &cells, secrets).await;
    let object = without_version_unless(diagnostics.has_errors(), lifted(object, &record, &dictionary), None);
    let written = record.get(COUNTER).filter(|_| !secrets.is_empty() && !diagnostics.has_errors());
    Applied { state: Some(State { object, private: private(&record, written) }), diagnostics }
}

/// After a failure the version is the one before, so that the next apply writes the secrets.
fn without_version_unless(failed: bool, mut object: Object, before: Option<&Value>) -> Object {
    if failed {
        object.insert(VERSION.to_owned(), before.cloned().unwrap_or(Value::Null));
    }
    object
}

/// Changes the columns that differ from what was planned.
pub async fn update(
    session: &Session,
    state: State,
    planned: Object,
    secrets: &BTreeMap<String, Secret>,
) -> Applied {
    let name = label(&state.object);
    let doing = Doing { verb: "change", noun: NOUN, name: &name };
    match changed(session, &state, &planned, secrets, &doing).await {
        Ok((record, dictionary, diagnostics)) => {
            let before = state.object.get(VERSION);
            let object = lifted(planned, &record, &dictionary);
            let object = without_version_unless(diagnostics.has_errors(), object, before);
            // What this provider writes itself is no reason to doubt what it wrote before.
            let is_ours = remembered(&state.private, WRITTEN).is_some() || !secrets.is_empty();
            let written =
                record.get(COUNTER).filter(|_| is_ours && !object.get(VERSION).is_none_or(Value::is_null));
            Applied { state: Some(State { private: private(&record, written), object }), diagnostics }
        }
        Err(diagnostics) => Applied { state: Some(state), diagnostics },
    }
}

async fn changed(
    session: &Session,
    state: &State,
    planned: &Object,
    secrets: &BTreeMap<String, Secret>,
    doing: &Doing<'_>,
) -> Result<(Record, Dictionary, Diagnostics), Diagnostics> {
    let dictionary = columns_exist(session, planned, secrets, doing).await?;
    let (table, id) = (table(planned)?, id(&state.object)?);
    let failed = |failure: Failure| failure.diagnostics(doing, NOTHING_CHANGED);
    let both: Object = merged(&state.object, planned);
    let live = found(session, &both, Freshness::Now).await.map_err(failed)?;
    let Some(live) = live else { return Err(errors::vanished(doing, &id).into()) };
    undisturbed(session, state, &live, Some(planned), &dictionary, doing)?;
    let differs = |(name, _): &(&String, &String)| {
        live.get(name).is_some_and(|now| !agrees(planned, name, &dictionary, now))
    };
    let wanted = named_columns(planned);
    let cells: BTreeMap<String, String> =
        wanted.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect();
    let columns: Vec<&str> = wanted.keys().map(String::as_str).collect();
    let mut record = live;
    if !cells.is_empty() {
        record = session
            .client
            .update(&table, &id, &cells, &columns, WriteStyle::ActualValues)
            .await
            .map_err(|error| failed(error.into()))?;
    }
    let is_new = state.object.get(VERSION) != planned.get(VERSION);
    let none = BTreeMap::new();
    let writing = Writing { session, table: &table, id: &id, dictionary: &dictionary, doing };
    let (record, diagnostics) = writing.finish(record, &cells, if is_new { secrets } else { &none }).await;
    Ok((record, dictionary, diagnostics))
}

/// The state with the columns that the plan names besides.
fn merged(state: &Object, planned: &Object) -> Object {
    let columns = named_columns(state).into_iter().chain(named_columns(planned));
    let columns: Object = columns.map(|(name, value)| (name, Value::string(value))).collect();
    let mut object = state.clone();
    object.insert(named::FIELDS.to_owned(), Value::Map(columns));
    object.insert(named::JSON.to_owned(), Value::Null);
    object
}

/// What follows the main write of a record.
struct Writing<'a> {
    session: &'a Session,
    table: &'a TableName,
    id: &'a SysId,
    dictionary: &'a Dictionary,
    doing: &'a Doing<'a>,
}

impl Writing<'_> {
    /// Writes the secrets in a request of their own, and says what the instance did not keep.
    async fn finish(
        &self,
        record: Record,
        cells: &BTreeMap<String, String>,
        secrets: &BTreeMap<String, Secret>,
    ) -> (Record, Diagnostics) {
        let lost: BTreeMap<String, String> = cells
            .iter()
            .filter(|(name, sent)| {
                record.get(name).is_some_and(|now| !named::is_kept(self.dictionary.type_of(name), sent, now))
            })
            .map(|(name, sent)| (name.clone(), sent.clone()))
            .collect();
        if !lost.is_empty() {
            let outcome = Outcome { table: self.table.as_str(), sent: &lost, before: None, after: &record };
            let columns = outcome.explained(self.session, not_kept(&lost, &record)).await;
            return (record, errors::not_stored(self.doing, self.table.as_str(), &columns).into());
        }
        if secrets.is_empty() {
            return (record, Diagnostics::none());
        }
        let columns: Vec<&str> = record.iter().map(|it| it.0).collect();
        match write_secrets(self.session, self.table, self.id, secrets, &columns).await {
            Ok(record) => (record, Diagnostics::none()),
            Err(error) => (record, errors::service(self.doing, &error, STATE_IS_TRUE).into()),
        }
    }
}

/// Nobody changed a named column since the plan was made, or that does not matter.
fn undisturbed(
    session: &Session,
    state: &State,
    live: &Record,
    planned: Option<&Object>,
    dictionary: &Dictionary,
    doing: &Doing<'_>,
) -> Result<(), Diagnostics> {
    let is_same = match (remembered(&state.private, SEEN), live.get(COUNTER)) {
        (Some(before), Some(now)) => before == now,
        _ => true,
    };
    if is_same || session.on_conflict == OnConflict::Overwrite {
        return Ok(());
    }
    let is_disturbed = |name: &String| {
        let agree = |object: &Object| live.get(name).is_none_or(|now| agrees(object, name, dictionary, now));
        let is_wished = planned.is_some_and(|it| named_columns(it).contains_key(name) && agree(it));
        !agree(&state.object) && !is_wished
    };
    let attributes: Vec<String> = named_columns(&state.object)
        .into_keys()
        .filter(is_disturbed)
        .map(|name| format!("{}.{name}", attribute_of(&state.object, &name)))
        .collect();
    if attributes.is_empty() {
        return Ok(());
    }
    let text = |column: &str| live.text(column).to_owned();
    let conflict =
        Conflict { attributes, updated_by: text("sys_updated_by"), updated_on: text("sys_updated_on") };
    Err(errors::changed_meanwhile(doing, &conflict).into())
}

/// Removes the record.
pub async fn delete(session: &Session, state: State) -> Applied {
    let name = label(&state.object);
    let doing = Doing { verb: "delete", noun: NOUN, name: &name };
    match removed(session, &state, &doing).await {
        Ok(()) => Applied::default(),
        Err(diagnostics) => Applied { state: Some(state), diagnostics },
    }
}

async fn removed(session: &Session, state: &State, doing: &Doing<'_>) -> Result<(), Diagnostics> {
    let failed = |failure: Failure| failure.diagnostics(doing, "It stays in the state.");
    let (table, id) = (table(&state.object)?, id(&state.object)?);
    let Some(live) = found(session, &state.object, Freshness::Now).await.map_err(failed)? else {
        let problems = gone(session, &state.object).await;
        return if problems.has_errors() { Err(problems) } else { Ok(()) };
    };
    let dictionary = dictionary(session, &state.object).await;
    undisturbed(session, state, &live, None, &dictionary, doing)?;
    session.client.delete(&table, &id).await.map_err(|error| failed(error.into()))?;
    session.forget(&id);
    Ok(())
}
