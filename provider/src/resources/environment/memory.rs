//! What an environment remembers in its private bytes: how people know its aliases and connections, and which connections
//! were active when they were last looked at.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use servicenow_core::SysId;

use super::live;
use crate::dialects::{Exclusive, GROUPS, native};

/// The member of the private bytes.
const MEMBER: &str = "aliases";

/// What is remembered of one alias.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The tables that it lives in.
    pub exclusive: &'static Exclusive,
    /// How people know it.
    pub name: String,
    /// The names of its connections, by sys_id.
    pub connections: BTreeMap<String, String>,
    /// The sys_ids of the active ones.
    pub active: Vec<String>,
}

/// What is remembered of all of them, by the sys_id of the alias.
#[derive(Clone, Debug, Default)]
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
        let alias = |it: &Alias| json!({ "kind": it.exclusive.members, "name": it.name, "connections": it.connections, "active": it.active });
        let all: Map<String, Json> = self.0.iter().map(|(id, it)| (id.clone(), alias(it))).collect();
        json!({ MEMBER: all }).to_string().into_bytes()
    }

    /// Remembers what a look at one alias shows.
    pub fn see(&mut self, id: &SysId, seen: &live::Alias) {
        let rows = &seen.rows;
        let connections = rows.iter().map(|it| (it.member.sys_id.to_string(), it.name.clone())).collect();
        let active =
            rows.iter().filter(|it| it.member.active).map(|it| it.member.sys_id.to_string()).collect();
        let (exclusive, name) = (seen.exclusive, seen.name.clone());
        self.0.insert(id.to_string(), Alias { exclusive, name, connections, active });
    }

    /// How people know an alias, or else its id. Where two have the same name the id tells them apart.
    pub fn alias(&self, id: &SysId) -> String {
        let name = self.0.get(id.as_str()).map(|it| it.name.clone()).filter(|it| !it.is_empty());
        match name {
            None => id.to_string(),
            Some(name) if self.0.values().filter(|it| it.name == name).count() > 1 => {
                format!("{name} ({id})")
            }
            Some(name) => name,
        }
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
    // What was remembered before applications had a part in it is an alias.
    let kind = json.get("kind").and_then(Json::as_str);
    let exclusive = GROUPS.iter().copied().find(|it| Some(it.members) == kind);
    Alias {
        exclusive: exclusive.unwrap_or(&native::CONNECTIONS),
        name: json.get("name").and_then(text).unwrap_or_default(),
        connections: names.filter_map(|(id, name)| Some((id.clone(), text(name)?))).collect(),
        active: json.get("active").and_then(Json::as_array).into_iter().flatten().filter_map(text).collect(),
    }
}
