//! What is done with hostile bytes: they may be refused, and what is not refused survives the way out and back.
//!
//! The same functions are libFuzzer's targets and those of the campaign in `tests/hostile.rs`, which needs no nightly
//! compiler. A failed assertion is the finding.

use std::collections::BTreeMap;

use tf_core::wire::{json, msgpack as packed, type_json as types};
use tf_core::{Type, Value};

/// A name and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: &[Target] = &[
    ("msgpack", msgpack),
    ("json", json),
    ("type_json", type_json),
    ("refinements", refinements),
    ("raw_state", raw_state),
];

/// The types that values are read as: every kind, alone and inside others. The first byte of an input chooses.
pub fn all_types() -> Vec<Type> {
    let of = |ty: &Type| Box::new(ty.clone());
    let scalars = [Type::Bool, Type::Number, Type::String, Type::Dynamic];
    let named = ["b", "n", "s", "d"].map(str::to_owned);
    let object = Type::Object(named.into_iter().zip(scalars.clone()).collect::<BTreeMap<_, _>>());
    let plain =
        Type::Object(BTreeMap::from([("n".to_owned(), Type::Number), ("s".to_owned(), Type::String)]));
    let mut all = scalars.to_vec();
    all.push(Type::Tuple(scalars.to_vec()));
    for element in [Type::Bool, Type::Number, Type::String, plain] {
        all.extend([Type::List(of(&element)), Type::Set(of(&element)), Type::Map(of(&element))]);
    }
    let nested = Type::Map(Box::new(Type::Set(Box::new(Type::List(Box::new(Type::String))))));
    all.extend([object.clone(), Type::Tuple(vec![object.clone(), nested]), Type::List(Box::new(object))]);
    all
}

/// A type and the bytes to read as a value of it.
fn chosen(bytes: &[u8]) -> Option<(Type, &[u8])> {
    let (choice, rest) = bytes.split_first()?;
    let mut types = all_types();
    let at = usize::from(*choice) % types.len();
    Some((types.swap_remove(at), rest))
}

/// MessagePack, as Terraform sends it.
pub fn msgpack(bytes: &[u8]) {
    let Some((ty, bytes)) = chosen(bytes) else { return };
    if let Ok(value) = packed::decode(bytes, &ty) {
        settles(&value, &ty);
    }
}

/// What was read is written so that it is read and written in the same way again.
fn settles(value: &Value, ty: &Type) {
    let once = packed::encode(value, ty).expect("what was read can be written");
    let again = packed::decode(&once, ty).expect("what was written can be read");
    assert_eq!(packed::encode(&again, ty).as_ref(), Ok(&once), "written differently a second time");
    if value.is_wholly_known() {
        assert_eq!(&again, value, "read differently");
    }
}

/// JSON, as states hold it.
pub fn json(bytes: &[u8]) {
    let Some((ty, bytes)) = chosen(bytes) else { return };
    let Ok(document) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    if let Ok(value) = json::decode(&document, &ty) {
        let written = json::encode(&value, &ty).expect("what was read can be written");
        assert_eq!(json::decode(&written, &ty).as_ref(), Ok(&value), "read differently");
        settles(&value, &ty);
    }
}

/// Types, as schemas and dynamic values hold them.
pub fn type_json(bytes: &[u8]) {
    if let Ok(ty) = types::decode(bytes) {
        assert_eq!(types::decode(&types::encode(&ty)).as_ref(), Ok(&ty), "read differently");
    }
}

/// What is said of unknown values: the body of the extension, for every type.
pub fn refinements(bytes: &[u8]) {
    let Ok(length) = u16::try_from(bytes.len()) else { return };
    let mut message = vec![0xc8];
    message.extend(length.to_be_bytes());
    message.push(12);
    message.extend(bytes);
    for ty in all_types() {
        if let Ok(value) = packed::decode(&message, &ty) {
            settles(&value, &ty);
        }
    }
}

/// A stored state of some older version.
pub fn raw_state(bytes: &[u8]) {
    let Some((ty, bytes)) = chosen(bytes) else { return };
    let Ok(document) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    if let Ok(value) = json::decode_state(&document, &ty) {
        assert!(value.is_wholly_known(), "a state holds something unknown");
        settles(&value, &ty);
    }
}
