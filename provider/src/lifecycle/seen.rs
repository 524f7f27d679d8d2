//! What the plan was made from: how often each record had been changed when it was read, kept in the private bytes of the
//! state. A write that finds another number asks whether it would undo somebody's change.

use std::collections::BTreeMap;

use reconcile::{Exists, Found, Holds, Layout, Names, Place, RecordLayout, lift};
use serde_json::Value as Json;
use servicenow_core::Record;
use tf_core::{Object, Value};
use tf_plugin::State;

/// The member of the private bytes that holds the numbers, by slot.
const MEMBER: &str = "seen";

/// The column that counts the changes of a record.
const COUNTER: &str = "sys_mod_count";

/// What somebody else did to a record between plan and write.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// The attributes that are not as the plan saw them.
    pub attributes: Vec<String>,
    /// Who changed the record last.
    pub updated_by: String,
    /// When, in UTC.
    pub updated_on: String,
}

/// The numbers of records as they were found, by slot and key.
pub fn remember(found: &Found) -> Option<(String, Json)> {
    let number = |(place, row): (&Place, &Record)| Some((place.to_string(), row.get(COUNTER)?.into()));
    let numbers: serde_json::Map<String, Json> = found.iter().filter_map(number).collect();
    (!numbers.is_empty()).then(|| (MEMBER.to_owned(), Json::Object(numbers)))
}

/// Whether somebody changed what `planned` is about to write over. The state is what the plan was made from; `planned` is
/// `None` where the object is to be deleted. A record that was changed only where this resource does not look is none of
/// its business, and neither is a change to what was planned anyway.
pub fn conflict(
    layout: &'static Layout,
    state: &State,
    found: &Found,
    planned: Option<&Object>,
    names: &Names,
) -> Option<Conflict> {
    let (prior, numbers) = (&state.object, numbers(&state.private));
    let is_changed = |place: &Place, row: &Record| match (numbers.get(&place.to_string()), row.get(COUNTER)) {
        (Some(before), Some(now)) => now != before,
        // A record of many that was not there: writing would take it away.
        (None, _) => place.key.is_some() && !numbers.is_empty(),
        (Some(_), None) => false,
    };
    let (_, row) = found.iter().find(|(place, row)| is_changed(place, row))?;
    let live = lift(layout, found, prior, names);
    let differs = |name: &&str| {
        let now = live.get(*name).unwrap_or(&Value::Null);
        let is_wished = planned.and_then(|it| it.get(*name)).is_some_and(|it| it == now || it.is_unknown());
        prior.get(*name).unwrap_or(&Value::Null) != now && !is_wished
    };
    let attributes: Vec<String> = watched(layout).filter(differs).map(str::to_owned).collect();
    let text = |column: &str| row.text(column).to_owned();
    (!attributes.is_empty()).then(|| Conflict {
        attributes,
        updated_by: text("sys_updated_by"),
        updated_on: text("sys_updated_on"),
    })
}

/// The top-level attributes that a write could undo. Which member of a group is active is left out: this very run may
/// have switched it through another resource.
fn watched(layout: &'static Layout) -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&'static str> = layout.records.iter().flat_map(of_record).collect();
    names.dedup();
    names.into_iter()
}

fn of_record(record: &'static RecordLayout) -> Vec<&'static str> {
    if let Exists::ForEach(attribute) = record.exists {
        return vec![attribute];
    }
    let is_owned = |holds: &Holds| {
        !matches!(
            holds,
            Holds::SysId(_)
                | Holds::Secret(..)
                | Holds::Calculated(_)
                | Holds::Observed(_)
                | Holds::Switch(_)
        )
    };
    let paths = record.columns.iter().filter(|it| is_owned(&it.holds)).flat_map(|it| it.holds.attributes());
    paths.map(|it| it.split('.').next().unwrap_or(it)).collect()
}

fn numbers(private: &[u8]) -> BTreeMap<String, String> {
    let json: Option<Json> = serde_json::from_slice(private).ok();
    let members = json.as_ref().and_then(|it| it.get(MEMBER)).and_then(Json::as_object);
    let number = |(slot, it): (&String, &Json)| Some((slot.clone(), it.as_str()?.to_owned()));
    members.into_iter().flatten().filter_map(number).collect()
}
