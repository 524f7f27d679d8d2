//! `everything_thing`: reading, planning and writing.

use async_trait::async_trait;
use tf_core::{Diagnostic, Diagnostics, Number, Object, Path, Schema, Value};
use tf_plugin::{
    Applied, Apply, Deferral, GenerateConfig, Identify, Import, Move, Planning, ReadOutcome, Resource, State,
    Upgrade,
};

use crate::making::make;
use crate::{text, thing_schema};

pub struct Thing;

pub const TYPE_NAME: &str = "everything_thing";

#[async_trait]
impl Resource for Thing {
    fn type_name(&self) -> &str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        thing_schema::schema()
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        if !text(config, "note").is_empty() && text(config, "note") == text(config, "name") {
            let path = Path::attribute("note");
            let detail = "The note of a thing says more than its name. Write another note, or none.";
            return Diagnostic::error("The note says nothing new", detail).at(path).into();
        }
        Diagnostics::none()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        if text(&state.object, "note") == "gone" {
            return ReadOutcome::default();
        }
        let State { mut object, private } = state;
        fill(&mut object);
        State { object, private }.into()
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        if text(planning.config, "name") == "later" {
            planning.deferred = Some(Deferral::Missing);
        }
        Diagnostics::none()
    }

    async fn apply(&self, apply: Apply) -> Applied {
        let Apply { prior, planned, progress, .. } = apply;
        let Some(mut object) = planned else { return Applied::default() };
        tracing::info!(creating = prior.is_none(), "writing");
        object.insert("id".to_owned(), Value::string(id(text(&object, "name"))));
        object.insert("revision".to_owned(), Value::Number(Number::from(revision(prior.as_ref()) + 1)));
        capitalize(&mut object);
        make(&mut object, &thing_schema::schema().block.implied_type());
        let state = State { object, private: b"written".to_vec() };
        progress.exists(state.clone());
        finish(state)
    }

    fn import(&self) -> Option<&dyn Import> {
        Some(self)
    }

    fn identity(&self) -> Option<&dyn Identify> {
        Some(self)
    }

    fn upgrade(&self) -> Option<&dyn Upgrade> {
        Some(self)
    }

    fn takeover(&self) -> Option<&dyn Move> {
        Some(self)
    }

    fn generate(&self) -> Option<&dyn GenerateConfig> {
        Some(self)
    }
}

#[expect(clippy::panic, reason = "tests want to see what becomes of a panic")]
fn finish(mut state: State) -> Applied {
    let mut diagnostics = Diagnostics::none();
    match text(&state.object, "name") {
        "panic" => panic!("the thing says so"),
        "half" => diagnostics.push(Diagnostic::error(
            "The thing is half done",
            "It exists, and its other half does not. Apply again with another name.",
        )),
        "misprint" => {
            state.object.insert("name".to_owned(), Value::string("misprinted"));
        }
        _ => {}
    }
    Applied { state: Some(state), diagnostics }
}

pub fn id(name: &str) -> String {
    format!("thing-{name}")
}

fn revision(prior: Option<&Object>) -> i64 {
    match prior.and_then(|it| it.get("revision")) {
        Some(Value::Number(number)) => number.to_i64().unwrap_or(0),
        _ => 0,
    }
}

/// What an import leaves open.
pub fn fill(object: &mut Object) {
    let schema = thing_schema::schema();
    for attribute in &schema.block.attributes {
        let value = object.entry(attribute.name.clone()).or_insert(Value::Null);
        if value.is_null() && attribute.behavior.on_wire().computed {
            *value = attribute.behavior.default.clone().unwrap_or(Value::unknown());
        }
    }
    capitalize(object);
    make(object, &schema.block.implied_type());
}

/// Whatever the user writes, this is how it is kept.
fn capitalize(object: &mut Object) {
    if let Some(Value::String(alias)) = object.get_mut("alias") {
        *alias = alias.to_uppercase();
    }
}
