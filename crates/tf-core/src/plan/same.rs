//! Equality as Terraform sees it: what is known of an unknown value does not matter.

use crate::Value;

pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Unknown(_), Value::Unknown(_)) => true,
        (Value::List(one), Value::List(other)) | (Value::Set(one), Value::Set(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && same(one.1, other.1))
        }
        (Value::Dynamic(one), Value::Dynamic(other)) => one.0 == other.0 && same(&one.1, &other.1),
        (one, other) => one == other,
    }
}
