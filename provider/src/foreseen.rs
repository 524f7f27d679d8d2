//! What a plan can know of records that an apply will look for: those that this run met, and those that it plans to create.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use reconcile::{Names, lower};
use servicenow_core::SysId;
use tf_core::Object;

use crate::definition::Definition;

/// Columns by which records are looked up that something refers to by name.
const KEYS: &[&str] = &["api_name", "capability", "name", "protocol", "scope", "user_name"];

/// The records of one walk of Terraform.
#[derive(Debug, Default)]
pub struct Foreseen(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// Nobody will read the warnings of a plan.
    is_left_out: bool,
    /// The ids of what was read.
    met: HashSet<SysId>,
    /// What planned records will be known by, as column and text, whatever their table: a record is also found in the
    /// table that its own extends.
    planned: HashSet<(&'static str, String)>,
    /// The names that there are instead of one that is not there.
    others: HashMap<(&'static str, String), Vec<String>>,
}

impl Foreseen {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says that nobody will read the warnings of a plan, so that nothing is asked for their sake.
    pub fn leave_out(&self) {
        self.known().is_left_out = true;
    }

    /// Whether nobody will read the warnings of a plan.
    pub fn is_left_out(&self) -> bool {
        self.known().is_left_out
    }

    /// Remembers a record that was read.
    pub fn meet(&self, id: &SysId) {
        self.known().met.insert(id.clone());
    }

    /// Whether a record was read.
    pub fn has_met(&self, id: &SysId) -> bool {
        self.known().met.contains(id)
    }

    /// Remembers what the records of a planned object will be known by, as far as it is decided.
    pub fn plan(&self, definition: &'static Definition, planned: &Object) {
        let records = lower(planned, &Object::new(), definition.layout, &Names::default());
        let cells = records.into_iter().flat_map(|it| it.cells);
        self.plan_texts(cells.filter_map(|(column, cell)| Some((column, cell.text()?))));
    }

    /// Remembers columns of a planned record.
    pub fn plan_fields(&self, fields: &BTreeMap<String, String>) {
        let key = |it: &(&String, &String)| KEYS.iter().find(|key| *key == it.0).copied();
        self.plan_texts(fields.iter().filter_map(|it| Some((key(&it)?, it.1.clone()))));
    }

    fn plan_texts(&self, texts: impl Iterator<Item = (&'static str, String)>) {
        let texts = texts.filter(|(column, text)| KEYS.contains(column) && !text.is_empty());
        self.known().planned.extend(texts);
    }

    /// Whether a record with this name is planned, by any of these columns.
    pub fn is_planned(&self, keys: &[&'static str], name: &str) -> bool {
        let known = self.known();
        keys.iter().any(|key| known.planned.contains(&(*key, name.to_owned())))
    }

    /// The names that were found instead of one that is not there.
    pub fn others(&self, table: &'static str, name: &str) -> Option<Vec<String>> {
        self.known().others.get(&(table, name.to_owned())).cloned()
    }

    /// Remembers the names that there are instead of one that is not there.
    pub fn miss(&self, table: &'static str, name: &str, others: &[String]) {
        self.known().others.insert((table, name.to_owned()), others.to_vec());
    }

    /// Forgets what was planned: another plan begins.
    pub fn clear(&self) {
        let mut known = self.known();
        known.planned.clear();
        known.others.clear();
    }
}

#[cfg(test)]
mod tests {
    use tf_core::Value;

    use super::*;
    use crate::resources::{inbound_api_key, unifi_environment};

    fn named(name: Value) -> Object {
        [("name".to_owned(), name)].into_iter().collect()
    }

    #[test]
    fn what_is_planned_is_known_by_its_keys_and_forgotten_with_the_plan() {
        let foreseen = Foreseen::default();
        foreseen.plan(&unifi_environment::DEFINITION, &named(Value::String("Rehearsal".to_owned())));
        foreseen.plan(&inbound_api_key::DEFINITION, &named(Value::Unknown(Default::default())));
        let fields = [("user_name", "svc.orders"), ("short_description", "svc.other"), ("name", "")];
        foreseen.plan_fields(&fields.map(|(column, text)| (column.to_owned(), text.to_owned())).into());
        for (keys, name, is_planned) in [
            (&["name"][..], "Rehearsal", true),
            (&["scope", "name"], "Rehearsal", true),
            (&["user_name"], "Rehearsal", false),
            (&["name"], "rehearsal", false),
            (&["user_name"], "svc.orders", true),
            (&["name", "user_name"], "svc.other", false),
            (&["name"], "", false),
        ] {
            assert_eq!(foreseen.is_planned(keys, name), is_planned, "{keys:?} {name}");
        }
        foreseen.clear();
        assert!(!foreseen.is_planned(&["name"], "Rehearsal"));
    }

    #[test]
    fn every_column_that_something_is_looked_up_by_is_kept() {
        for lookup in crate::resources::references::ALL {
            for key in lookup.keys {
                assert!(KEYS.contains(key), "{}.{key}", lookup.table);
            }
        }
    }
}
