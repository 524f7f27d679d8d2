//! What Terraform itself does between a configuration and a state.

use tf_core::{Mode, Object, Value};
use tf_plugin::State;

/// Whether what was applied is what was planned, where that was known.
pub fn keeps(planned: &Value, applied: &Value) -> bool {
    match (planned, applied) {
        (it, _) if it.is_unknown() => true,
        (Value::Map(planned), Value::Map(applied)) => {
            planned.len() == applied.len()
                && planned.iter().all(|(key, it)| applied.get(key).is_some_and(|now| keeps(it, now)))
        }
        _ => planned == applied,
    }
}

/// Terraform's merge of state and configuration.
pub fn propose(schema: &tf_core::Schema, prior: Option<&Object>, config: &Object) -> Object {
    let merged = |it: &tf_core::Attribute| {
        let computed = matches!(it.behavior.mode, Mode::Computed | Mode::OptionalComputed)
            || it.behavior.default.is_some();
        let configured = config.get(&it.name).cloned().unwrap_or(Value::Null);
        match prior.and_then(|prior| prior.get(&it.name)) {
            Some(before) if computed && configured.is_null() => before.clone(),
            _ => configured,
        }
    };
    let attributes = schema.block.attributes.iter().map(|it| (it.name.clone(), merged(it)));
    let blocks =
        schema.block.blocks.iter().filter_map(|it| Some((it.name.clone(), config.get(&it.name)?.clone())));
    attributes.chain(blocks).collect()
}

/// A state as Terraform keeps it.
pub fn without_unknowns(mut state: State) -> State {
    for value in state.object.values_mut().filter(|it| it.is_unknown()) {
        *value = Value::Null;
    }
    state
}
