//! What an activation remembers in its private bytes: the active connections of its last look, and what was declared when
//! it was last applied.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};
use servicenow_core::SysId;
use tf_core::Value;

use crate::switch::Row;

/// The members of the private bytes.
const ACTIVE: &str = "active";
const DECLARED: &str = "declared";

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// The active ones: names by id. `None` where nobody has looked yet.
    pub active: Option<BTreeMap<String, String>>,
    /// The connections that the configuration named when it was last applied, one unless several are to be active.
    pub declared: Option<Vec<String>>,
}

impl Memory {
    /// What private bytes hold. Bytes of other versions hold less.
    pub fn of(private: &[u8]) -> Memory {
        let json: Json = serde_json::from_slice(private).unwrap_or_default();
        let name = |(id, name): (&String, &Json)| Some((id.clone(), name.as_str()?.to_owned()));
        let active = json.get(ACTIVE).and_then(Json::as_object);
        Memory {
            active: active.map(|it| it.iter().filter_map(name).collect()),
            declared: json.get(DECLARED).map(texts).filter(|it| !it.is_empty()),
        }
    }

    /// What a look at the members shows.
    pub fn seen(active: &[Row], declared: Option<Vec<String>>) -> Memory {
        let names = active.iter().map(|it| (it.member.sys_id.to_string(), it.name.clone()));
        Memory { active: Some(names.collect()), declared }
    }

    /// As private bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut members = Map::new();
        if let Some(active) = &self.active {
            members.insert(ACTIVE.to_owned(), serde_json::json!(active));
        }
        if let Some(declared) = &self.declared {
            members.insert(DECLARED.to_owned(), serde_json::json!(declared));
        }
        Json::Object(members).to_string().into_bytes()
    }

    /// The name of an active one, or else its id.
    pub fn name(&self, id: &SysId) -> String {
        let name = self.active.as_ref().and_then(|it| it.get(id.as_str()));
        name.cloned().unwrap_or_else(|| id.to_string())
    }

    /// Whether it was declared when it was last applied.
    pub fn declares(&self, id: &str) -> bool {
        self.declared.iter().flatten().any(|it| it == id)
    }

    /// The names of those that make way for the wish.
    pub fn rivals(&self, wish: &[SysId]) -> Value {
        let is_wished = |id: &str| wish.iter().any(|it| it.as_str() == id);
        let rivals = self.active.iter().flatten().filter(|(id, _)| !is_wished(id));
        Value::List(rivals.map(|(_, name)| Value::string(name.clone())).collect())
    }
}

/// One text, as it was before there could be several, or a list of them.
fn texts(json: &Json) -> Vec<String> {
    match json {
        Json::String(text) => vec![text.clone()],
        other => other.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect(),
    }
}
