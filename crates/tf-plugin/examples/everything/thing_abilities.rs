//! What a thing can do besides: being imported, identified, upgraded, moved and written down.

use async_trait::async_trait;
use serde_json::json;
use tf_core::{Attr, Diagnostic, Diagnostics, IdentitySchema, Model, Object, Value};
use tf_plugin::{GenerateConfig, Identify, Import, Move, MoveSource, State, Upgrade};

use crate::text;
use crate::thing::{Thing, fill, id};

/// A name is enough to find a thing.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Identity {
    /// What it is called.
    #[tf(required())]
    name: Attr<String>,
}

pub fn named(name: &str) -> Object {
    let members = [("id", Value::string(id(name))), ("name", Value::string(name))];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[async_trait]
impl Import for Thing {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        match id.strip_prefix("thing-") {
            Some(name) => Ok(State { object: named(name), private: Vec::new() }),
            None => {
                let detail =
                    format!("No thing has the id `{id}`: it begins with `thing-`. Nothing was changed.");
                Err(Diagnostic::error("There is no such thing", detail).into())
            }
        }
    }
}

#[async_trait]
impl Identify for Thing {
    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema { version: 1, ..IdentitySchema::of::<Identity>() }
    }

    async fn by_identity(&self, identity: &Object) -> Result<Option<State>, Diagnostics> {
        Ok(Some(State { object: named(text(identity, "name")), private: Vec::new() }))
    }

    fn upgrade_identity(
        &self,
        _version: i64,
        identity: serde_json::Value,
    ) -> Result<serde_json::Value, Diagnostics> {
        // At first it was called a title.
        Ok(json!({ "name": identity.get("title").or_else(|| identity.get("name")) }))
    }
}

impl Upgrade for Thing {
    fn upgrade_state(
        &self,
        _version: i64,
        mut state: serde_json::Value,
    ) -> Result<serde_json::Value, Diagnostics> {
        // At first the size was a text.
        let size =
            state.get("size").and_then(serde_json::Value::as_str).and_then(|it| it.parse::<i64>().ok());
        if let (Some(size), Some(members)) = (size, state.as_object_mut()) {
            members.insert("size".to_owned(), json!(size));
        }
        Ok(state)
    }
}

impl Move for Thing {
    fn take_over(&self, source: &MoveSource) -> Result<Option<State>, Diagnostics> {
        if !source.type_name.ends_with("_data") {
            return Ok(None);
        }
        let name = source.state.get("id").and_then(serde_json::Value::as_str).unwrap_or("nobody");
        let mut object = named(name);
        fill(&mut object);
        Ok(Some(State { object, private: source.private.clone() }))
    }
}

impl GenerateConfig for Thing {
    fn adjust_config(&self, state: &Object, config: &mut Object) {
        if text(state, "color") == "made" {
            config.insert("color".to_owned(), Value::Null);
        }
    }
}
