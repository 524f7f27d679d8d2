//! What holds for every resource that is made of records, by iterating over the registry: each lives through its samples.

mod drift;
mod faults;
mod life;
mod random;
mod samples;
mod switches;

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::Method;
use terraform_provider_servicenow::definition::Definition;
use terraform_provider_servicenow::registry::DEFINITIONS;
use tf_core::wire::json;
use tf_core::{Mode, Nesting, Object, Value};

use crate::verify::accepting;
use crate::world::{World, empty_with, errors};

/// A secret that must be found nowhere.
pub const PLANTED: &str = "planted secret 4711";

/// One resource with its configurations.
pub struct Sample {
    pub definition: &'static Definition,
    pub configs: Vec<Object>,
}

/// The id that stands for a word in samples.
pub fn id(word: &str) -> String {
    let digits: String = word.bytes().map(|it| format!("{it:02x}")).collect();
    format!("{digits:0<32}")
}

/// An instance with everything that samples refer to.
pub async fn world() -> World {
    let world = World::over(empty_with(&["unifi"])).within(accepting());
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
    for (table, rows) in samples::surroundings().as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            let body = resolved(row).to_string();
            let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), &body);
            assert_eq!(answer.status, 201, "{table}: {}", String::from_utf8_lossy(&answer.body));
        }
    }
    world.simulator.snapshot(NEW).unwrap();
    world
}

/// What a world is called while it is as new.
const NEW: &str = "new";

/// The world as it was when it was new, for another command.
pub async fn renew(world: &World) {
    world.simulator.restore(NEW).unwrap();
    world.simulator.clear_faults();
    // A journal that grows with every turn of a loop is what most of its time would go into.
    world.simulator.clear_journal();
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
}

/// Words that begin with an at sign, as ids.
fn resolved(json: &serde_json::Value) -> serde_json::Value {
    match json {
        serde_json::Value::String(text) => match text.strip_prefix('@') {
            Some(word) => id(word).into(),
            None => json.clone(),
        },
        serde_json::Value::Array(items) => items.iter().map(resolved).collect(),
        serde_json::Value::Object(members) => members
            .iter()
            .map(|(name, it)| (name.clone(), resolved(it)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Every resource of the registry with its samples.
pub fn samples() -> Vec<Sample> {
    let all = samples::samples();
    let all = all.as_object().unwrap();
    let sample = |definition: &&'static Definition| {
        let configs = all
            .get(definition.type_name)
            .unwrap_or_else(|| panic!("{} has no samples", definition.type_name));
        let configs = configs.as_array().unwrap().iter().map(|it| config(definition, it)).collect();
        Sample { definition, configs }
    };
    let samples: Vec<Sample> = DEFINITIONS.iter().map(sample).collect();
    assert_eq!(samples.len(), all.len(), "there is a sample of nothing");
    samples
}

fn config(definition: &Definition, members: &serde_json::Value) -> Object {
    let members = resolved(members);
    let members = members.as_object().unwrap();
    let attributes = definition.whole_schema().block.attributes;
    for name in members.keys() {
        assert!(attributes.iter().any(|it| it.name == *name), "{} has no {name}", definition.type_name);
    }
    let value = |it: &tf_core::Attribute| match members.get(&it.name) {
        None => Value::Null,
        Some(json) => json::decode(&filled(json, &it.ty), &it.ty.implied_type()).unwrap(),
    };
    attributes.iter().map(|it| (it.name.clone(), value(it))).collect()
}

/// Objects with all their members: what is left out is null.
fn filled(json: &serde_json::Value, ty: &tf_core::AttributeType) -> serde_json::Value {
    let tf_core::AttributeType::Nested { attributes, nesting } = ty else { return json.clone() };
    let entry = |entry: &serde_json::Value| -> serde_json::Value {
        let member = |it: &tf_core::Attribute| {
            (it.name.clone(), entry.get(&it.name).cloned().unwrap_or(serde_json::Value::Null))
        };
        attributes.iter().map(member).collect::<serde_json::Map<_, _>>().into()
    };
    if *nesting == Nesting::Single {
        return entry(json);
    }
    let entries = json.as_object().unwrap().iter().map(|(key, it)| (key.clone(), entry(it)));
    entries.collect::<serde_json::Map<_, _>>().into()
}

/// The attributes that a configuration can set.
fn settable(definition: &Definition) -> Vec<tf_core::Attribute> {
    let attributes = (definition.schema)().block.attributes;
    attributes.into_iter().filter(|it| it.behavior.mode != Mode::Computed).collect()
}

/// The configuration without secrets and their versions, which no import knows.
pub fn readable(definition: &Definition, config: &Object) -> Object {
    let mut config = config.clone();
    // What a resource does when it is destroyed is nothing that the instance knows.
    if let Some(value) = config.get_mut("on_active_destroy") {
        *value = Value::Null;
    }
    for attribute in (definition.schema)().block.attributes {
        let is_version = attribute.name.ends_with("_wo_version");
        if attribute.write_only || is_version || definition.beside.contains(&attribute.name.as_str()) {
            config.insert(attribute.name, Value::Null);
        }
    }
    config
}

/// The ids of the rows in the tables that a resource lives in.
pub fn rows(world: &World, definition: &Definition) -> BTreeMap<String, BTreeSet<String>> {
    let ids = |table: &str| world.simulator.rows(table).into_iter().map(|it| it["sys_id"].clone()).collect();
    definition.layout.records.iter().map(|it| (it.table.to_owned(), ids(it.table))).collect()
}

#[test]
fn every_attribute_that_can_be_set_is_set_by_some_sample() {
    for Sample { definition, configs } in samples() {
        for attribute in settable(definition) {
            let is_set = configs.iter().any(|it| !it[&attribute.name].is_null());
            assert!(is_set, "{}.{}", definition.type_name, attribute.name);
        }
    }
}

#[tokio::test]
async fn every_sample_keeps_the_rules_across_attributes() {
    let world = world().await;
    for Sample { definition, configs } in samples() {
        for config in configs {
            let problems = world.resource(definition.type_name).validate(&config);
            assert_eq!(errors(&problems), Vec::<String>::new(), "{}: {config:?}", definition.type_name);
        }
    }
}
