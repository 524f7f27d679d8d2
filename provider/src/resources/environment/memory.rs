//! What an environment remembers in its private bytes: how people know its aliases and connections, and which connections
//! were active when they were last looked at.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use servicenow_core::SysId;

use crate::switch::Row;

/// The member of the private bytes.
const MEMBER: &str = "aliases";

/// What is remembered of one alias.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alias {
    /// How people know it.
    pub name: String,
    /// The names of its connections, by sys_id.
    pub connections: BTreeMap<String, String>,
    /// The sys_ids of the active ones.
    pub active: Vec<String>,
}

/// What is remembered of all of them, by the sys_id of the alias.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory(pub BTreeMap<String, Alias>);

impl Memory {
    /// What private bytes hold.
    pub fn of(private: &[u8]) -> Memory {
        let json: Json = serde_json::from_slice(private).unwrap_or_default();
        let all = json.get(MEMBER).and_then(Json::as_object);
        Memory(all.into_iter().flatten().map(|(id, it)| (id.clone(), alias(it))).collect())
    }

    /// As private bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let alias =
            |it: &Alias| json!({ "name": it.name, "connections": it.connections, "active": it.active });
        let all: Map<String, Json> = self.0.iter().map(|(id, it)| (id.clone(), alias(it))).collect();
        json!({ MEMBER: all }).to_string().into_bytes()
    }

    /// Remembers what a look at one alias shows.
    pub fn see(&mut self, id: &SysId, name: &str, rows: &[Row]) {
        let connections = rows.iter().map(|it| (it.member.sys_id.to_string(), it.name.clone())).collect();
        let active =
            rows.iter().filter(|it| it.member.active).map(|it| it.member.sys_id.to_string()).collect();
        self.0.insert(id.to_string(), Alias { name: name.to_owned(), connections, active });
    }

    /// How people know an alias, or else its id.
    pub fn alias(&self, id: &SysId) -> String {
        let name = self.0.get(id.as_str()).map(|it| it.name.clone()).filter(|it| !it.is_empty());
        name.unwrap_or_else(|| id.to_string())
    }

    /// How people know a connection of an alias, or else its id; of none, that there is none.
    pub fn connection(&self, alias: &SysId, id: Option<&SysId>) -> String {
        let Some(id) = id else { return "none".to_owned() };
        let name = self.0.get(alias.as_str()).and_then(|it| it.connections.get(id.as_str()));
        name.cloned().unwrap_or_else(|| id.to_string())
    }

    /// One line of what is switched: from, to.
    pub fn switch(&self, alias: &SysId, from: Option<&SysId>, to: Option<&SysId>) -> String {
        format!("{} -> {}", self.connection(alias, from), self.connection(alias, to))
    }
}

fn alias(json: &Json) -> Alias {
    let text = |it: &Json| it.as_str().map(str::to_owned);
    let names = json.get("connections").and_then(Json::as_object).into_iter().flatten();
    Alias {
        name: json.get("name").and_then(text).unwrap_or_default(),
        connections: names.filter_map(|(id, name)| Some((id.clone(), text(name)?))).collect(),
        active: json.get("active").and_then(Json::as_array).into_iter().flatten().filter_map(text).collect(),
    }
}
