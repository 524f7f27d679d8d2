//! A change by hand of every column that is compared, of every resource of the registry, is found from HCL and from a state,
//! and adopted by a patch.

use std::collections::BTreeSet;

use reconcile::{Column, Exists, Holds, RecordLayout};
use serde_json::{Value as Json, json};
use servicenow_core::Method;
use terraform_provider_servicenow::definition::Definition;
use terraform_provider_servicenow::registry::DEFINITIONS;
use tf_core::Mode;

use super::*;
use crate::adopt;
use crate::config::Unmanaged;
use crate::declared::stored;
use crate::live::simulated::sign_in;

/// The configurations that the provider's own tests live through.
#[path = "../../../../../provider/tests/it/catalogue/samples.rs"]
mod samples;

/// A secret that the samples plant.
const PLANTED: &str = "planted secret 4711";

/// What an instance is called while nothing was changed by hand.
const APPLIED: &str = "applied";

type Row = BTreeMap<String, String>;

/// The id that stands for a word in samples.
fn id(word: &str) -> String {
    let digits: String = word.bytes().map(|it| format!("{it:02x}")).collect();
    format!("{digits:0<32}")
}

fn resolved(json: &Json) -> Json {
    match json {
        Json::String(text) => text.strip_prefix('@').map_or_else(|| json.clone(), |word| id(word).into()),
        Json::Array(items) => items.iter().map(resolved).collect(),
        Json::Object(members) => members
            .iter()
            .map(|(name, it)| (name.clone(), resolved(it)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// A resource block with those members; `import` leads to the record of that id.
fn hcl(type_name: &str, sample: &Json, import: Option<&str>) -> String {
    let members = resolved(sample);
    let lines = members.as_object().unwrap().iter().map(|(name, it)| format!("  {name} = {it}\n"));
    let block = format!("resource \"{type_name}\" \"it\" {{\n{}}}\n", lines.collect::<String>());
    let import = import.map(|id| format!("import {{\n  to = {type_name}.it\n  id = \"{id}\"\n}}\n"));
    format!("{block}{}", import.unwrap_or_default())
}

/// A world in which a sample was applied, and the state that this left.
async fn applied(type_name: &str, sample: &Json) -> (World, State) {
    let world = World::with("", Vec::new()).await;
    for (table, rows) in samples::surroundings().as_object().unwrap() {
        for row in rows.as_array().unwrap() {
            world.add(table, &resolved(row).to_string());
        }
    }
    world.declare(&hcl(type_name, sample, None));
    let states = world.apply().await;
    let state = states.into_values().next().unwrap();
    world.declare(&hcl(type_name, sample, Some(state.object["id"].as_str().unwrap())));
    world.simulator.snapshot(APPLIED).unwrap();
    (world, state)
}

/// A state file that holds that state.
pub fn state_file(live: &Live, type_name: &str, state: &State) -> String {
    use base64::Engine as _;
    let ty = live.schema(type_name).unwrap().block.implied_type();
    let attributes = tf_core::wire::json::encode(&Value::Map(state.object.clone()), &ty).unwrap();
    let private = base64::engine::general_purpose::STANDARD.encode(&state.private);
    json!({
        "version": 4,
        "resources": [{
            "mode": "managed", "type": type_name, "name": "it",
            "instances": [{ "attributes": attributes, "private": private }],
        }],
    })
    .to_string()
}

/// The attributes that differ, from HCL and from a state, each looked at by a run of its own.
async fn differing(world: &World, type_name: &str, state: &State) -> [Vec<String>; 2] {
    let mut both = Vec::new();
    for from_state in [false, true] {
        let live = Arc::new(sign_in(&world.simulator, &[]).await.unwrap());
        let source = if from_state {
            Source::Objects(stored::state(&state_file(&live, type_name, state), live.schemas()).unwrap())
        } else {
            world.source()
        };
        let options = Options { unmanaged: Unmanaged::None, ..Options::default() };
        let report = compare(&live, source, &options, ".").await;
        assert!(
            !serde_json::to_string(&report).unwrap().contains("planted secret"),
            "a secret shows: {report:?}"
        );
        assert_eq!(report.problems, [], "{type_name}");
        let doubts: Vec<String> = report.undecided.iter().flat_map(|it| it.reasons.clone()).collect();
        let found =
            report.findings.iter().flat_map(|it| it.differences.iter().map(|it| it.attribute.clone()));
        both.push(found.chain(doubts).collect());
    }
    both.try_into().unwrap()
}

/// A text that is not what the column holds now.
fn another(world: &World, record: &RecordLayout, column: &Column, row: &Row) -> Option<String> {
    let now = row[column.name].as_str();
    let choices = world.simulator.rows("sys_choice");
    let choices = choices.iter().filter(|it| it["element"] == column.name && it["name"] == record.table);
    if let Some(other) = choices.map(|it| it["value"].clone()).find(|it| it != now && !it.is_empty()) {
        return Some(other);
    }
    let toggled = |table: &str| {
        let rows = world.simulator.rows(table).into_iter();
        rows.map(|it| it["sys_id"].clone()).find(|it| !now.contains(it.as_str())).unwrap_or_default()
    };
    Some(match column.holds {
        Holds::Text(_) if column.name == "http_method" => "PUT".to_owned(),
        Holds::Text(_) if column.name == "relative_path" => "/moved".to_owned(),
        Holds::Text(_) | Holds::Lines(_) | Holds::Key => format!("{now}x"),
        Holds::Number(_) => (now.parse::<i64>().unwrap_or_default() + 3).to_string(),
        Holds::Flag(_) => (now != "true").to_string(),
        Holds::Reference(_, table) | Holds::References(_, table) => toggled(table),
        Holds::Lookup(_, lookup) | Holds::Lookups(_, lookup) => toggled(lookup.table),
        _ => return None,
    })
}

/// Whether what is declared decides the attribute.
fn is_owned(definition: &Definition, sample: &Json, attribute: &str) -> bool {
    let attributes = (definition.schema)().block.attributes;
    let mode = attributes.iter().find(|it| it.name == attribute).unwrap().behavior.mode;
    sample.get(attribute).is_some() || matches!(mode, Mode::Required | Mode::Optional)
}

fn is_required(definition: &Definition, attribute: &str) -> bool {
    let attributes = (definition.schema)().block.attributes;
    attributes.iter().any(|it| it.name == attribute && it.behavior.mode == Mode::Required)
}

/// Changes each column of a sample that was not changed before, and looks whether both ways see it.
async fn check(definition: &'static Definition, sample: &Json, done: &mut BTreeSet<(String, String)>) {
    let type_name = definition.type_name;
    let (world, state) = applied(type_name, sample).await;
    assert_eq!(differing(&world, type_name, &state).await, [Vec::<String>::new(), Vec::new()], "{sample}");
    let main = definition.layout.main().unwrap();
    let mut edits = Vec::new();
    for record in definition.layout.records {
        for column in record.columns {
            world.simulator.restore(APPLIED).unwrap();
            let id = state.object["id"].as_str().unwrap().to_owned();
            let own = |it: &Row| match record.refers_to(main.slot) {
                Some(column) => it[column.name] == id,
                None => it["sys_id"] == id,
            };
            let Some(row) = world.simulator.rows(record.table).into_iter().find(own) else { continue };
            let attribute = match record.exists {
                Exists::ForEach(attribute) => Some(attribute),
                _ => column.holds.attributes().first().copied(),
            };
            let (Some(attribute), Some(text)) = (attribute, another(&world, record, column, &row)) else {
                continue;
            };
            let key = (record.table.to_owned(), column.name.to_owned());
            if !is_owned(definition, sample, attribute) || !done.insert(key) {
                continue;
            }
            let path = format!("/api/now/table/{}/{}", record.table, row["sys_id"]);
            let body = json!({ column.name: text }).to_string();
            hand(&world.simulator, Method::Patch, &path, &body);
            let now = world
                .simulator
                .rows(record.table)
                .into_iter()
                .find(|it| it["sys_id"] == row["sys_id"])
                .unwrap();
            if now[column.name] == row[column.name] {
                continue;
            }
            for (way, found) in ["HCL", "a state"].into_iter().zip(differing(&world, type_name, &state).await)
            {
                let is_it = |it: &String| it.split(['.', '[']).next() == Some(attribute);
                assert!(
                    found.iter().any(is_it),
                    "{type_name} from {way}: {}.{} = {text:?}: {found:?}",
                    record.table,
                    column.name
                );
            }
            // Nothing declares an object without what it has to have.
            if !(text.is_empty() && is_required(definition, attribute)) {
                edits.push((path, body));
            }
        }
    }
    let declared = hcl(type_name, sample, state.object["id"].as_str());
    if edits.is_empty() || adopted(&world, &declared, &edits).await.is_ok() {
        return;
    }
    // Together the edits are what the provider refuses, so that each has to be adopted for itself; or it is what nobody could
    // declare without something else, and the comparison says so.
    for edit in &edits {
        if let Err(reasons) = adopted(&world, &declared, std::slice::from_ref(edit)).await {
            let is_told = REFUSED.iter().any(|it| reasons.contains(it));
            assert!(is_told, "{type_name}: {edit:?}: {reasons}");
        }
    }
}

/// How the provider says that a value cannot be declared, or not beside the others as they are.
const REFUSED: [&str; 3] = ["does not fit the other attributes", "is needed", "cannot be used"];

/// Has edits by hand adopted by patches, and looks whether nothing is found then. `Err`: no plan can be made of what is live, or
/// of what the patches make, and why.
async fn adopted(world: &World, declared: &str, edits: &[(String, String)]) -> Result<(), String> {
    world.simulator.restore(APPLIED).unwrap();
    world.declare(declared);
    for (path, body) in edits {
        hand(&world.simulator, Method::Patch, path, body);
    }
    let look = || async {
        let live = Arc::new(sign_in(&world.simulator, &[]).await.unwrap());
        let options = Options { unmanaged: Unmanaged::None, ..Options::default() };
        compare(&live, world.source(), &options, ".").await
    };
    let decided = |report: &InstanceReport| {
        let reasons: Vec<String> = report.undecided.iter().flat_map(|it| it.reasons.clone()).collect();
        if reasons.is_empty() { Ok(()) } else { Err(reasons.join("; ")) }
    };
    let found = look().await;
    decided(&found)?;
    let files = adopt::disk::read(&found.findings);
    let adoption = adopt::adopt(&files, &found.findings, &adopt::addresses(&found));
    assert_eq!(adoption.by_hand, BTreeMap::new(), "{declared}\n{edits:?}");
    for patch in &adoption.patches {
        adopt::disk::write(patch).unwrap();
    }
    let left = look().await;
    let patches: String = adoption.patches.into_iter().map(|it| it.unified).collect();
    assert_eq!(left.findings, [], "{edits:?}\n{patches}");
    decided(&left)
}

#[tokio::test]
async fn a_hand_edit_of_every_attribute_of_every_resource_is_found_from_hcl_and_from_a_state_and_adopted() {
    let all = samples::samples();
    for definition in DEFINITIONS {
        let mut done = BTreeSet::new();
        let configs = all[definition.type_name].as_array().unwrap();
        assert!(!configs.is_empty(), "{}", definition.type_name);
        for sample in configs {
            check(definition, sample, &mut done).await;
        }
        assert!(done.len() >= 2, "{} was hardly changed: {done:?}", definition.type_name);
    }
}
