//! MessagePack, as Terraform reads and writes it.

mod decode;
mod encode;
mod read;
mod unknown;

use super::WireError;
use crate::{Object, Type, Value};

/// Encodes a value of a type. Members that an object does not have are sent as null, because Terraform demands all.
///
/// # Errors
/// The value is not of the type, or a value in a dynamic position does not say which type it has.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, WireError> {
    encode::value(value, ty)
}

/// Encodes an object of a type as [`encode`] does, without a value around it.
///
/// # Errors
/// The object is not of the type, or a value in a dynamic position does not say which type it has.
pub fn encode_object(object: &Object, ty: &Type) -> Result<Vec<u8>, WireError> {
    encode::object(object, ty)
}

/// Decodes a value of a type.
///
/// # Errors
/// The bytes are not exactly one value of the type, or exceed the bounds of [`super`].
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, WireError> {
    decode::value(bytes, ty)
}

#[cfg(test)]
mod tests;
