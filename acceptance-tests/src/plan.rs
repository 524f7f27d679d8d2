//! What a plan would change, read from the plan as Terraform shows it to machines.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// One resource that a plan touches.
#[derive(Clone, Debug)]
pub struct Change {
    /// The resource's address.
    pub address: String,
    /// What is done: `["update"]`, `["delete", "create"]`, …
    pub actions: Vec<String>,
    /// Attributes whose planned value is known and differs from the present one.
    pub attributes: BTreeSet<String>,
    /// Attributes whose value the plan does not know yet.
    pub unknown: BTreeSet<String>,
}

/// Every resource that a plan touches.
#[derive(Clone, Debug)]
pub struct Changes(pub Vec<Change>);

impl Changes {
    /// Reads `terraform show -json PLAN`.
    pub fn of(shown: &Value) -> Changes {
        let all = shown.get("resource_changes").and_then(Value::as_array).cloned().unwrap_or_default();
        Changes(all.iter().map(change).filter(|change| change.actions != ["no-op"]).collect())
    }

    /// The addresses, in the plan's order.
    pub fn addresses(&self) -> Vec<&str> {
        self.0.iter().map(|change| change.address.as_str()).collect()
    }

    /// The only change there is.
    #[track_caller]
    pub fn only(&self) -> &Change {
        assert_eq!(self.0.len(), 1, "expected a plan with one change, found {self:#?}");
        self.0.first().expect("there is exactly one")
    }
}

fn change(all: &Value) -> Change {
    let inner = all.get("change").unwrap_or(&Value::Null);
    let object = |key: &str| inner.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after, unknown) = (object("before"), object("after"), object("after_unknown"));
    let unknown: BTreeSet<String> = unknown
        .iter()
        .filter(|(_, it)| it.as_bool() != Some(false) && has_true(it))
        .map(|(key, _)| key.clone())
        .collect();
    let actions = inner.get("actions").and_then(Value::as_array).cloned().unwrap_or_default();
    Change {
        address: all.get("address").and_then(Value::as_str).unwrap_or_default().to_owned(),
        actions: actions.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        attributes: differing(&before, &after).difference(&unknown).cloned().collect(),
        unknown,
    }
}

fn has_true(value: &Value) -> bool {
    match value {
        Value::Bool(it) => *it,
        Value::Array(items) => items.iter().any(has_true),
        Value::Object(members) => members.values().any(has_true),
        _ => false,
    }
}

fn differing(before: &Map<String, Value>, after: &Map<String, Value>) -> BTreeSet<String> {
    let keys = before.keys().chain(after.keys());
    keys.filter(|key| before.get(*key) != after.get(*key)).cloned().collect()
}
