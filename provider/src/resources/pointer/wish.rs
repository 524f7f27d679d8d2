//! What a pointer wishes for: one connection, or several in an order.

use servicenow_core::SysId;
use tf_core::{Object, Value};

use super::Pointer;

/// The attribute that names the one connection.
pub const ONE: &str = "connection_id";

/// The active connections that are declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// This one alone.
    One(SysId),
    /// These, the first one first.
    Several(Vec<SysId>),
}

impl Wish {
    /// What an object says; `None` where a part of it is not known yet.
    pub fn of(pointer: &Pointer, object: &Object) -> Option<Wish> {
        let attribute = attribute(pointer, object);
        if attribute == ONE {
            return id(object.get(ONE)?).map(Wish::One);
        }
        let ids = object.get(attribute)?.as_elements()?.iter().map(id);
        ids.collect::<Option<Vec<SysId>>>().map(Wish::Several)
    }

    /// All of them.
    pub fn ids(&self) -> &[SysId] {
        match self {
            Wish::One(id) => std::slice::from_ref(id),
            Wish::Several(ids) => ids,
        }
    }
}

/// The attribute by which an object chooses.
pub fn attribute(pointer: &Pointer, object: &Object) -> &'static str {
    let is_set = |name: &&str| object.get(*name).is_some_and(|it| !it.is_null());
    pointer.several.filter(is_set).unwrap_or(ONE)
}

/// Those that an object chooses, as far as they are known.
pub fn known(pointer: &Pointer, object: &Object) -> Vec<SysId> {
    match object.get(attribute(pointer, object)) {
        Some(value @ Value::String(_)) => id(value).into_iter().collect(),
        Some(value) => value.as_elements().unwrap_or_default().iter().filter_map(id).collect(),
        None => Vec::new(),
    }
}

/// Whether two objects choose differently.
pub fn differs(pointer: &Pointer, one: &Object, other: &Object) -> bool {
    let null = Value::Null;
    let of = |object: &Object, name: &str| object.get(name).unwrap_or(&null).clone();
    [ONE].into_iter().chain(pointer.several).any(|it| of(one, it) != of(other, it))
}

fn id(value: &Value) -> Option<SysId> {
    value.as_str()?.parse().ok()
}
