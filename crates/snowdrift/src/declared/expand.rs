//! `count` and `for_each`: which instances a block stands for.

use std::collections::HashMap;
use std::rc::Rc;

use hcl_edit::structure::Body;
use tf_core::{Type, Value};

use crate::evaluate::convert::convert;
use crate::evaluate::evaluate;
use crate::evaluate::iterate::entries;
use crate::evaluate::scope::Scope;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// How many instances one block may have. Terraform knows no bound; this one keeps a mistyped `count` from filling the
/// memory.
const INSTANCES_MAX: u64 = 100_000;

/// The key of an instance.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Key {
    /// The only one.
    #[default]
    None,
    /// Of `count`.
    Index(usize),
    /// Of `for_each`, with its value.
    Each(String, Rc<Typed>),
}

impl Key {
    /// As it stands behind an address.
    pub fn suffix(&self) -> String {
        match self {
            Key::None => String::new(),
            Key::Index(place) => format!("[{place}]"),
            Key::Each(name, _) => format!("[{}]", quoted(name)),
        }
    }
}

/// The instances of a block, and where each is among them.
#[derive(Debug, Default)]
pub struct Keys {
    /// In Terraform's order.
    pub all: Vec<Key>,
    places: HashMap<String, usize>,
}

impl Keys {
    /// Of those keys.
    pub fn new(all: Vec<Key>) -> Keys {
        let named = all.iter().enumerate().filter_map(|(place, it)| match it {
            Key::Each(name, _) => Some((name.clone(), place)),
            _ => None,
        });
        Keys { places: named.collect(), all }
    }

    /// The place of the instance that an index leads to, if it is a plain text or number and leads to one.
    pub fn place(&self, index: &Typed) -> Option<usize> {
        match &index.value {
            Value::String(name) => self.places.get(name).copied(),
            Value::Number(number) => {
                let place = usize::try_from(number.to_u64()?).ok()?;
                self.all.get(place).filter(|it| matches!(it, Key::Index(_))).map(|_| place)
            }
            _ => None,
        }
    }
}

/// A text as HCL writes it.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if letters.peek() == Some(&'{') => {
                quoted.push(letter);
                quoted.push(letter);
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// Which instances a block stands for; `None` if that is not known.
///
/// # Errors
/// Terraform would refuse it too.
pub fn keys(body: &Body, scope: &Scope<'_>) -> Outcome<Option<Vec<Key>>> {
    if let Some(count) = body.get_attribute("count") {
        return counted(evaluate(&count.value, scope)?);
    }
    match body.get_attribute("for_each") {
        Some(each) => for_each(&evaluate(&each.value, scope)?),
        None => Ok(Some(vec![Key::None])),
    }
}

fn counted(count: Typed) -> Outcome<Option<Vec<Key>>> {
    let count = convert(count, &Type::Number)?;
    match &count.value {
        Value::Unknown(_) => Ok(None),
        Value::Number(number) => {
            let count = number.to_u64().filter(|it| *it <= INSTANCES_MAX);
            let count = count.and_then(|it| usize::try_from(it).ok());
            let count = count.ok_or_else(|| {
                Wrong::new(format!("`count` is not a whole number from 0 to {INSTANCES_MAX}"))
            })?;
            Ok(Some((0..count).map(Key::Index).collect()))
        }
        _ => Err(Wrong::new("`count` is null")),
    }
}

fn for_each(collection: &Typed) -> Outcome<Option<Vec<Key>>> {
    if matches!(collection.ty, Type::List(_) | Type::Tuple(_)) {
        return Err(Wrong::new("`for_each` needs a map or a set of strings, not a list"));
    }
    let Some(entries) = entries(collection)? else { return Ok(None) };
    let keys = entries.into_iter().map(|(key, value)| match key.value {
        Value::String(name) => Ok(Key::Each(name, Rc::new(value))),
        _ => Err(Wrong::new("`for_each` needs a map or a set of strings")),
    });
    keys.collect::<Outcome<Vec<_>>>().map(Some)
}
