//! Proves that a plan of the files would be empty: every object is imported, read, and planned with what stands in the
//! files, by the provider's own code, as Terraform would have it done.

use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use hcl_edit::structure::Body;
use serde_json::{Value as Json, json};
use tf_core::{Diagnostics, Object, Schema, Type, Value};
use tf_plugin::State;
use tokio::task::JoinSet;

use super::collect::{Item, words};
use super::document::{NoPlan, Proof, WouldChange};
use crate::declared::LoadError;
use crate::declared::module::Module;
use crate::declared::nested::conform;
use crate::evaluate::evaluate;
use crate::evaluate::scope::{Doubts, Names, Scope};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};
use crate::live::Live;
use crate::progress::Watch;

/// Objects that are looked at at the same time: enough that their reads become few requests.
const AT_ONCE: usize = 200;

/// What an object of the files came to.
type States = BTreeMap<(String, String), State>;

/// Imports, reads and plans everything in a folder that has an `import` block.
///
/// # Errors
/// A file cannot be read or is not HCL.
pub async fn prove(live: &Arc<Live>, folder: &Path, watch: &dyn Watch) -> Result<Proof, LoadError> {
    let module = Module::load(folder)?;
    let mut proof = Proof::default();
    watch.begins("object read back", module.imports.len());
    let states = states(live, &imports(&module), watch, &mut proof).await;
    live.plan_anew();
    watch.begins("plan", states.len());
    let mut questions = Vec::new();
    for ((type_name, name), state) in &states {
        let address = format!("{type_name}.{name}");
        let body = module.resources.get(&(type_name.clone(), name.clone())).map(|it| it.what.body());
        match body.zip(live.schema(type_name)).map(|(body, schema)| config(&body, schema, &states, folder)) {
            Some(Ok(config)) => questions.push((address, type_name.clone(), state.clone(), config)),
            Some(Err(wrong)) => proof.failures.push(NoPlan { address, detail: wrong.to_string() }),
            None => {}
        }
    }
    for chunk in questions.chunks(AT_ONCE) {
        let mut plans = JoinSet::new();
        for (address, type_name, state, config) in chunk.iter().cloned() {
            let live = live.clone();
            plans.spawn(async move { plan(&live, address, &type_name, &state, &config).await });
        }
        let mut answers = plans.join_all().await;
        answers.sort_by(|one, other| one.0.cmp(&other.0));
        for (_, outcome) in answers {
            match outcome {
                Ok(changes) if changes.is_empty() => proof.unchanged += 1,
                Ok(changes) => proof.differences.extend(changes),
                Err(failure) => proof.failures.push(failure),
            }
        }
        watch.advances(chunk.len());
    }
    Ok(proof)
}

/// The id of each object, by type and name.
fn imports(module: &Module) -> Vec<(String, String, String)> {
    let import = |body: &Body| {
        let address = body.get_attribute("to")?.value.to_string().trim().to_owned();
        let (type_name, name) = address.split_once('.')?;
        let id = body.get_attribute("id")?.value.as_str()?.to_owned();
        Some((type_name.to_owned(), name.to_owned(), id))
    };
    module.imports.iter().filter_map(|it| import(&it.what.body())).collect()
}

async fn states(
    live: &Arc<Live>,
    imports: &[(String, String, String)],
    watch: &dyn Watch,
    proof: &mut Proof,
) -> States {
    let mut states = States::new();
    for chunk in imports.chunks(AT_ONCE) {
        let mut reads = JoinSet::new();
        for (type_name, name, id) in chunk.iter().cloned() {
            let live = live.clone();
            reads.spawn(async move {
                let state = state(&live, &type_name, &id).await;
                ((type_name, name), state)
            });
        }
        for ((type_name, name), state) in reads.join_all().await {
            match state {
                Ok(state) => {
                    states.insert((type_name, name), state);
                }
                Err(problems) => {
                    let address = format!("{type_name}.{name}");
                    proof.failures.push(NoPlan { address, detail: words(&problems) });
                }
            }
        }
        watch.advances(chunk.len());
    }
    proof.failures.sort_by(|one, other| one.address.cmp(&other.address));
    states
}

async fn state(live: &Live, type_name: &str, id: &str) -> Result<State, Diagnostics> {
    let imported = live.import(type_name, id).await?;
    let outcome = live.read(type_name, imported).await;
    if outcome.diagnostics.has_errors() {
        return Err(outcome.diagnostics);
    }
    outcome.state.ok_or_else(|| {
        let detail = format!("`{id}` has gone since it was exported. Export again.");
        tf_core::Diagnostic::error("Nothing to import", detail).into()
    })
}

async fn plan(
    live: &Live,
    address: String,
    type_name: &str,
    state: &State,
    config: &Object,
) -> (String, Result<Vec<WouldChange>, NoPlan>) {
    let mut problems = live.validate(type_name, config);
    if !problems.has_errors() {
        let planned = live.plan(type_name, Some(state), config).await;
        if !planned.said.has_errors() {
            let changes = changes(live, type_name, &address, &state.object, &planned.object);
            return (address, Ok(changes));
        }
        problems = planned.said;
    }
    let failure = NoPlan { address: address.clone(), detail: words(&problems) };
    (address, Err(failure))
}

/// What a plan would change of each object as it would be written, each taken over for itself; `Err` is why there is no plan.
pub async fn apart(live: &Arc<Live>, items: &[Item]) -> Vec<Result<Vec<WouldChange>, String>> {
    let mut all = Vec::new();
    live.plan_anew();
    for chunk in items.chunks(AT_ONCE) {
        let mut plans = JoinSet::new();
        for (place, item) in chunk.iter().cloned().enumerate() {
            let live = live.clone();
            plans.spawn(async move {
                let planned = match state(&live, &item.type_name, &item.id).await {
                    Ok(state) => plan(&live, item.label, &item.type_name, &state, &item.config).await.1,
                    Err(problems) => Err(NoPlan { address: item.label, detail: words(&problems) }),
                };
                (place, planned.map_err(|it| it.detail))
            });
        }
        let mut answers = plans.join_all().await;
        answers.sort_by_key(|it| it.0);
        all.extend(answers.into_iter().map(|it| it.1));
    }
    all
}

fn changes(live: &Live, type_name: &str, address: &str, before: &Object, after: &Object) -> Vec<WouldChange> {
    let is_secret = |name: &str| {
        let attributes = live.schema(type_name).map(|it| it.block.attributes.as_slice()).unwrap_or_default();
        attributes.iter().any(|it| it.name == name && (it.sensitive || it.write_only))
    };
    let shown = |name: &str, value: &Value| if is_secret(name) { Json::Null } else { json(value) };
    let differs = |(name, planned): (&String, &Value)| {
        let live = before.get(name).unwrap_or(&Value::Null);
        (live != planned).then(|| WouldChange {
            address: address.to_owned(),
            attribute: name.clone(),
            live: shown(name, live),
            planned: shown(name, planned),
        })
    };
    after.iter().filter_map(differs).collect()
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown(_) => json!("(known after apply)"),
        Value::Bool(truth) => json!(truth),
        Value::Number(number) => serde_json::from_str(&number.to_string()).map_or(Json::Null, Json::Number),
        Value::String(text) => json!(text),
        Value::List(items) | Value::Set(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(members) => {
            Json::Object(members.iter().map(|(name, it)| (name.clone(), json(it))).collect())
        }
        Value::Dynamic(inner) => json(&inner.1),
    }
}

/// What stands in a block, with the values that Terraform would have for what it refers to.
fn config(body: &Body, schema: &Schema, states: &States, folder: &Path) -> Outcome<Object> {
    let mut config = Object::new();
    let names = Imported(states);
    for attribute in &schema.block.attributes {
        let value = match body.get_attribute(&attribute.name) {
            None => Value::Null,
            Some(written) => {
                let doubts = Doubts::default();
                let value = evaluate(&written.value, &Scope::new(&names, &doubts, folder))?;
                let doubts = doubts.take();
                if !doubts.is_empty() {
                    return Err(Wrong::new(format!(
                        "`{}` cannot be told: {}",
                        attribute.name,
                        doubts.join("; ")
                    )));
                }
                conform(value, &attribute.ty)?.value
            }
        };
        config.insert(attribute.name.clone(), value);
    }
    schema.block.complete(&mut config);
    Ok(config)
}

/// What was imported, by type and name; variables have no value.
struct Imported<'a>(&'a States);

impl Names for Imported<'_> {
    fn resolve(&self, root: &str, path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        if root == "var" {
            return Ok(Some((Rc::new(Typed::null()), 1)));
        }
        let [name, attribute, ..] = path else { return Ok(None) };
        let Some(state) = self.0.get(&(root.to_owned(), (*name).to_owned())) else {
            return Err(Wrong::new(format!("`{root}.{name}` is not in the files, or could not be read")));
        };
        let value = state.object.get(*attribute).cloned().unwrap_or(Value::Null);
        let ty = if matches!(value, Value::String(_)) { Type::String } else { Type::Dynamic };
        Ok(Some((Rc::new(Typed::new(ty, value)), 2)))
    }
}
