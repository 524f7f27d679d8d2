//! The arguments of a call, by type.

use tf_core::{Number, Type, Value};

use crate::evaluate::convert::convert;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// What a function was given.
pub struct Arguments {
    /// The function.
    pub name: String,
    /// In order.
    pub items: Vec<Typed>,
}

impl Arguments {
    /// So many arguments, no fewer and no more.
    pub fn exactly(&self, wanted: usize) -> Outcome<()> {
        self.between(wanted, wanted)
    }

    /// A number of arguments within bounds.
    pub fn between(&self, least: usize, most: usize) -> Outcome<()> {
        if (least..=most).contains(&self.items.len()) {
            Ok(())
        } else {
            Err(Wrong::new(format!("it has {} arguments", self.items.len())))
        }
    }

    /// The argument at that place.
    pub fn at(&self, place: usize) -> Outcome<&Typed> {
        self.items.get(place).ok_or_else(|| Wrong::new("an argument is missing"))
    }

    /// A string.
    pub fn text(&self, place: usize) -> Outcome<String> {
        match convert(self.at(place)?.clone(), &Type::String)?.value {
            Value::String(text) => Ok(text),
            _ => Err(Wrong::new("an argument is null")),
        }
    }

    /// A number.
    pub fn number(&self, place: usize) -> Outcome<Number> {
        number(self.at(place)?)
    }

    /// A whole number.
    pub fn whole(&self, place: usize) -> Outcome<i64> {
        self.number(place)?.to_i64().ok_or_else(|| Wrong::new("a whole number is needed"))
    }

    /// A boolean.
    pub fn truth(&self, place: usize) -> Outcome<bool> {
        let value = convert(self.at(place)?.clone(), &Type::Bool)?.value;
        value.as_bool().ok_or_else(|| Wrong::new("an argument is null"))
    }

    /// The elements of a list, tuple or set.
    pub fn elements(&self, place: usize) -> Outcome<Vec<Typed>> {
        let it = self.at(place)?;
        it.elements().ok_or_else(|| Wrong::new(format!("a list is needed, not a {}", it.kind())))
    }

    /// The elements of a list, each as a string; `None` for those that are null.
    pub fn texts(&self, place: usize) -> Outcome<Vec<Option<String>>> {
        let converted = self.elements(place)?.into_iter().map(|it| convert(it, &Type::String));
        converted.map(|it| it.map(|it| it.value.as_str().map(str::to_owned))).collect()
    }

    /// The same, none of which may be null.
    pub fn present_texts(&self, place: usize) -> Outcome<Vec<String>> {
        let missing = || Wrong::new("an element is null");
        self.texts(place)?.into_iter().map(|it| it.ok_or_else(missing)).collect()
    }
}

/// A number out of a value.
pub fn number(it: &Typed) -> Outcome<Number> {
    match convert(it.clone(), &Type::Number)?.value {
        Value::Number(number) => Ok(number),
        _ => Err(Wrong::new("an argument is null")),
    }
}
