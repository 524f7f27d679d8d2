//! What a configuration asks for, in the form in which the provider is asked for a plan.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tf_core::{AttributeType, Mode, Object, Value};

use crate::declared::{Finding, Resource};
use crate::live::Live;

/// What `ignore_changes` says for everything.
const EVERYTHING: &str = "all";

/// What a configuration asks for.
#[derive(Debug)]
pub struct Wish {
    /// Every attribute and block: what was written and is decided, null elsewhere. Secrets are left out.
    pub config: Object,
    /// What was written and is not decided.
    pub undecided: BTreeMap<String, Finding>,
    /// Attributes whose values must not be shown.
    pub sensitive: Vec<String>,
    ignored: Vec<String>,
    defaults: Object,
    type_name: String,
}

impl Wish {
    /// What a resource asks for.
    pub fn of(live: &Live, resource: &Resource) -> Wish {
        let (mut config, mut undecided, mut sensitive) = (Object::new(), BTreeMap::new(), Vec::new());
        let mut defaults = Object::new();
        let block = live.schema(&resource.type_name).map(|it| &it.block);
        let attributes = block.into_iter().flat_map(|it| &it.attributes).map(|it| (&it.name, Some(it)));
        let blocks = block.into_iter().flat_map(|it| &it.blocks).map(|it| (&it.name, None));
        for (name, attribute) in attributes.chain(blocks) {
            let written = resource.attributes.get(name);
            if attribute.is_some_and(|it| it.sensitive || it.write_only)
                || written.is_some_and(|it| it.value.is_sensitive())
            {
                sensitive.push(name.clone());
            }
            let value = match written {
                // What is written to the instance and never read has no part in a comparison.
                Some(_) if attribute.is_some_and(|it| it.write_only) => Value::Null,
                Some(it) if it.value.value.is_wholly_known() => {
                    without_secrets(&it.value.value, attribute.map(|it| &it.ty))
                }
                Some(it) => {
                    undecided.insert(name.clone(), it.clone());
                    Value::Null
                }
                None => Value::Null,
            };
            if let Some(default) = attribute.and_then(|it| it.behavior.default.clone()) {
                defaults.insert(name.clone(), default);
            }
            config.insert(name.clone(), value);
        }
        Wish {
            config,
            undecided,
            sensitive,
            ignored: resource.ignored.iter().map(|it| it.trim_matches('"').to_owned()).collect(),
            defaults,
            type_name: resource.type_name.clone(),
        }
    }

    /// The state that it would have after an apply, as far as that is known: what a read keeps the spelling of.
    pub fn as_state(&self) -> Object {
        let mut object = self.config.clone();
        for (name, default) in &self.defaults {
            if object.get(name).is_none_or(Value::is_null) && !self.undecided.contains_key(name) {
                object.insert(name.clone(), default.clone());
            }
        }
        object
    }

    /// What an attribute would be after an apply, as far as that is known.
    fn wanted(&self, name: &str) -> Value {
        match self.config.get(name) {
            Some(it) if !it.is_null() => it.clone(),
            Some(_) if !self.undecided.contains_key(name) => {
                self.defaults.get(name).cloned().unwrap_or(Value::Null)
            }
            _ => Value::Null,
        }
    }

    /// Whether `ignore_changes` names an attribute as a whole.
    fn ignores(&self, name: &str) -> bool {
        self.ignored.iter().any(|it| it == name || it == EVERYTHING)
    }

    /// Whether `ignore_changes` names a part of an attribute, such as `headers["X-Key"]`.
    pub fn ignores_part(&self, path: &str) -> bool {
        let within = |it: &String| {
            path.strip_prefix(it.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        self.ignored.iter().any(within)
    }

    /// The configuration as it can be validated: what is undecided is not known yet.
    pub fn as_validated(&self) -> Cow<'_, Object> {
        if self.undecided.is_empty() {
            return Cow::Borrowed(&self.config);
        }
        let open = self.undecided.keys().map(|it| (it.clone(), Value::unknown()));
        Cow::Owned(self.config.clone().into_iter().chain(open).collect())
    }

    /// The configuration and what is live, side by side, as a plan takes them. What an instance does not show is taken to
    /// be as declared, and so is what is ignored or undecided.
    pub fn beside(&self, live: &Live, mut prior: Object) -> (Object, Object) {
        let mut config = self.config.clone();
        for name in self.config.keys() {
            let is_let_be = self.undecided.contains_key(name) || self.ignores(name);
            if is_let_be {
                config.insert(name.clone(), prior.get(name).cloned().unwrap_or(Value::Null));
            } else if !is_shown(live, &self.type_name, name) {
                prior.insert(name.clone(), self.wanted(name));
            }
        }
        // What the provider alone decides is no part of a configuration.
        for attribute in live.schema(&self.type_name).iter().flat_map(|it| &it.block.attributes) {
            if attribute.behavior.mode == Mode::Computed || attribute.write_only {
                config.insert(attribute.name.clone(), Value::Null);
            }
        }
        (config, prior)
    }
}

/// Whether an attribute shows what is on the instance.
pub fn is_shown(live: &Live, type_name: &str, attribute: &str) -> bool {
    match live.subject(type_name) {
        Some(subject) => subject.shown.iter().any(|it| it.name == attribute),
        // What stands for no record says itself what it reads.
        None => OF_NO_SUBJECT.contains(&attribute),
    }
}

/// What the types without a subject read: the choices of an environment, and the columns of any record.
const OF_NO_SUBJECT: &[&str] = &["id", "connections", "fields", "table"];

/// A value without write-only members.
fn without_secrets(value: &Value, ty: Option<&AttributeType>) -> Value {
    let Some(AttributeType::Nested { attributes, .. }) = ty else { return value.clone() };
    let object = |members: &Object| -> Value {
        let member = |(name, it): (&String, &Value)| {
            let attribute = attributes.iter().find(|it| it.name == *name);
            let value = match attribute {
                Some(it) if it.write_only => Value::Null,
                other => without_secrets(it, other.map(|it| &it.ty)),
            };
            (name.clone(), value)
        };
        Value::Map(members.iter().map(member).collect())
    };
    let is_object = |it: &Object| it.keys().all(|key| attributes.iter().any(|it| it.name == *key));
    let entry = |it: &Value| it.as_object().map_or_else(|| it.clone(), object);
    match value {
        Value::Map(members) if is_object(members) => object(members),
        Value::Map(members) => Value::Map(members.iter().map(|(key, it)| (key.clone(), entry(it))).collect()),
        Value::List(items) => Value::List(items.iter().map(entry).collect()),
        Value::Set(items) => Value::set(items.iter().map(entry).collect()),
        other => other.clone(),
    }
}
