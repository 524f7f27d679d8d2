//! What a secret was written to: how often its record had been changed when this provider had finished with it, kept in
//! the private bytes of the state. A record that was changed since may hold another secret, which nobody can see.

use std::collections::BTreeMap;

use reconcile::{Found, Holds, Layout};
use serde_json::Value as Json;
use servicenow_core::Record;
use tf_core::{Diagnostics, Object, Value};

use crate::definition::Definition;
use crate::errors;
use crate::resources::REASSERT;

/// The member of the private bytes that holds the numbers, by slot.
const MEMBER: &str = "written";

/// The column that counts the changes of a record.
const COUNTER: &str = "sys_mod_count";

/// The counts of records whose secrets this provider wrote, by slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written(BTreeMap<String, String>);

/// What private bytes remember.
pub fn of(private: &[u8]) -> Written {
    let json: Option<Json> = serde_json::from_slice(private).ok();
    let members = json.as_ref().and_then(|it| it.get(MEMBER)).and_then(Json::as_object);
    let number = |(slot, it): (&String, &Json)| Some((slot.clone(), it.as_str()?.to_owned()));
    Written(members.into_iter().flatten().filter_map(number).collect())
}

impl Written {
    /// As a member of the private bytes.
    pub fn member(&self) -> Option<(String, Json)> {
        let numbers: serde_json::Map<String, Json> =
            self.0.iter().map(|(slot, it)| (slot.clone(), it.as_str().into())).collect();
        (!numbers.is_empty()).then(|| (MEMBER.to_owned(), Json::Object(numbers)))
    }

    /// The counts after this provider's own writes: of records whose secret it has written now or before.
    pub fn renewed(&self, layout: &Layout, found: &Found, now: impl Fn(&str) -> bool) -> Written {
        let count = |(slot, column, _, _)| {
            let row = found.one(slot)?;
            let is_ours = now(column) || self.0.contains_key(slot);
            is_ours.then(|| Some((slot.to_owned(), row.get(COUNTER)?.to_owned())))?
        };
        Written(secrets(layout).filter_map(count).collect())
    }

    /// Says which secrets may have changed, and has the next plan write those again that are to be reasserted.
    pub fn compare(&self, definition: &Definition, found: &Found, object: &mut Object) -> Diagnostics {
        let mut problems = Diagnostics::none();
        for (slot, _, attribute, version) in secrets(definition.layout) {
            let Some(row) = found.one(slot).filter(|it| self.differs(slot, it)) else { continue };
            match object.get(REASSERT).and_then(Value::as_bool) {
                Some(false) => {}
                reassert => {
                    let name = super::label(object);
                    problems.push(errors::secret_may_differ(definition.noun, &name, attribute, version, row));
                    if reassert == Some(true) {
                        object.insert(version.to_owned(), Value::Null);
                    }
                }
            }
        }
        problems
    }

    fn differs(&self, slot: &str, row: &Record) -> bool {
        self.0.get(slot).is_some_and(|before| row.get(COUNTER).is_some_and(|now| now != before))
    }
}

/// A secret can be reasserted by its version alone.
pub fn check(layout: &Layout, config: &Object) -> Diagnostics {
    let versions: Vec<&str> = secrets(layout).map(|(.., version)| version).collect();
    versioned(config, &versions)
}

/// The same where there is no layout.
pub fn check_one(config: &Object, version: &str) -> Diagnostics {
    versioned(config, &[version])
}

fn versioned(config: &Object, versions: &[&str]) -> Diagnostics {
    let is_wished = config.get(REASSERT).and_then(Value::as_bool) == Some(true);
    let has_none = versions.iter().all(|it| config.get(*it).is_none_or(Value::is_null));
    match versions.first().filter(|_| is_wished && has_none) {
        Some(version) => errors::lacking(
            version,
            "`reassert_secret` writes a secret again by its version, and the secret has none.",
        )
        .into(),
        None => Diagnostics::none(),
    }
}

/// Slot, column, attribute and version of every secret.
fn secrets(
    layout: &Layout,
) -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static str)> {
    layout.records.iter().flat_map(|record| {
        record.columns.iter().filter_map(|column| match column.holds {
            Holds::Secret(attribute, version) => Some((record.slot, column.name, attribute, version)),
            _ => None,
        })
    })
}
