//! What is left of a declared object once it was compared: what findings and lists are made of, and nothing else. There are tens
//! of thousands of them, and nearly all are as declared.

use tf_core::{Object, Value};
use tf_plugin::State;

use super::differences::Differing;
use super::tables::definition;
use super::{active, remembered, text};
use crate::declared::{Place, Resource};
use crate::live::Live;

/// A declared object, as findings name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// As Terraform writes it.
    pub address: String,
    /// Its type.
    pub type_name: String,
    /// Where it is written.
    pub place: Place,
}

/// A declared object that was found on the instance.
#[derive(Debug)]
pub struct Pair {
    /// What is declared.
    pub declaration: Declaration,
    /// The id of its record, or of what it speaks for.
    pub id: Option<Box<str>>,
    /// How people know it.
    pub name: Option<Box<str>>,
    /// The table that it names itself, where its type has none.
    pub table: Option<Box<str>>,
    /// What it declares about which one of a group is active.
    pub choice: Option<Box<Choice>>,
    /// Where the live one leads to, if it leads anywhere.
    pub endpoint: Option<Box<str>>,
    /// The environment of the live one.
    pub environment: Option<Box<str>>,
    /// Why the live one is active where it should not be.
    pub misfit: Option<Box<str>>,
    /// What is known of its secret.
    pub secret: Secret,
    /// How the two differ; nothing where they do not.
    pub differing: Option<Box<Differing>>,
}

/// What an object declares about which one of a group is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The id of the group, as it is live.
    pub group: Option<Box<str>>,
    /// What it declares.
    pub declares: Declares,
}

/// What is declared about which one is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declares {
    /// That one is, by its id; empty where that is not known.
    Active(Box<str>),
    /// Whether the object itself is; nothing where it leaves that to others.
    Itself(Option<bool>),
}

/// What is known of the secret of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// There is none, or nothing happened to it.
    Quiet,
    /// One is declared, and no state remembers what its record was like.
    Declared,
    /// Its record was changed after the secret was written.
    ChangedSince,
}

impl Declaration {
    /// Of a resource.
    pub fn of(resource: Resource) -> Declaration {
        Declaration { address: resource.address, type_name: resource.type_name, place: resource.place }
    }
}

impl Pair {
    /// What is left of a resource and of the object that it was compared with.
    pub fn of(live: &Live, resource: Resource, state: &State, differing: Differing) -> Pair {
        let object = &state.object;
        let type_name = resource.type_name.as_str();
        let has_table = definition(type_name).and_then(|it| it.layout.main()).is_some()
            || live.subject(type_name).is_some();
        Pair {
            id: kept(object, "id"),
            name: kept(object, "name").or_else(|| kept(object, "user_name")),
            table: if has_table { None } else { kept(object, "table") },
            choice: active::choice(&resource, object).map(Box::new),
            endpoint: endpoint(object),
            environment: kept(object, "environment"),
            misfit: active::misfit(live, &resource, object).map(String::into_boxed_str),
            secret: remembered::secret_of(&resource, &state.private),
            differing: (!differing.differences.is_empty()).then(|| Box::new(differing)),
            declaration: Declaration::of(resource),
        }
    }

    /// The type of the declared object.
    pub fn type_name(&self) -> &str {
        &self.declaration.type_name
    }

    /// The id of the group in which it declares which one is active.
    pub fn group(&self) -> Option<&str> {
        self.choice.as_ref()?.group.as_deref()
    }

    /// Whether it is declared to be active or not itself.
    pub fn declared_active(&self) -> Option<bool> {
        match self.choice.as_ref()?.declares {
            Declares::Itself(active) => active,
            Declares::Active(_) => None,
        }
    }
}

fn kept(object: &Object, name: &str) -> Option<Box<str>> {
    text(object, name).map(Box::from)
}

/// Where a connection leads to, without user and password.
fn endpoint(object: &Object) -> Option<Box<str>> {
    let value = object.get("connection_url").or_else(|| object.get("endpoint_url"))?;
    value.as_str().map(|it| without_user(it).into_boxed_str())
}

/// An address without user and password.
fn without_user(address: &str) -> String {
    match address.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_once('/').map_or((rest, ""), |(it, path)| (it, path));
            let host = authority.rsplit('@').next().unwrap_or(authority);
            let slash = if path.is_empty() { "" } else { "/" };
            format!("{scheme}://{host}{slash}{path}")
        }
        None => address.to_owned(),
    }
}

/// What is written of an attribute, where it is known.
pub fn written<'a>(resource: &'a Resource, attribute: &str) -> Option<&'a Value> {
    resource.attributes.get(attribute).map(|it| &it.value.value)
}

#[cfg(test)]
mod tests;
