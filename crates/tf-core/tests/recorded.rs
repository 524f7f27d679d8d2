//! Bytes that Terraform 1.11.4 sent to the example with one of everything, as recorded from its socket: configurations,
//! proposals and plans with unknown and refined values, numbers in every form, and stored states.

#![allow(clippy::disallowed_methods, clippy::panic, clippy::unwrap_used, reason = "tests throughout")]

use std::fs;
use std::path::{Path, PathBuf};

use tf_core::wire::{json, msgpack, type_json};
use tf_core::{Type, Value};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded")
}

fn ty() -> Type {
    type_json::decode(&fs::read(folder().join("type.json")).unwrap()).unwrap()
}

/// The recorded files whose names end so, with their names.
fn recorded(end: &str) -> Vec<(String, Vec<u8>)> {
    let names = fs::read_dir(folder()).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|it| it.ends_with(end)).collect();
    names.sort();
    names.into_iter().map(|name| (name.clone(), fs::read(folder().join(name)).unwrap())).collect()
}

#[test]
fn what_terraform_sent_is_written_back_byte_for_byte_but_for_the_order_of_sets() {
    let (ty, messages) = (ty(), recorded(".msgpack"));
    assert!(messages.len() >= 10, "the recordings are gone");
    let mut exact = 0;
    for (name, bytes) in messages {
        let value = msgpack::decode(&bytes, &ty).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let written = msgpack::encode(&value, &ty).unwrap();
        // Terraform orders sets of objects by hashes of its own; nothing but the order may differ.
        let ordered = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            bytes.sort_unstable();
            bytes
        };
        assert!(ordered(&written) == ordered(&bytes), "{name} is written differently");
        assert_eq!(msgpack::decode(&written, &ty), Ok(value), "{name}");
        exact += usize::from(written == bytes);
    }
    assert!(exact >= 3, "the messages without sets of objects are written byte for byte, not {exact}");
}

#[test]
fn the_recordings_hold_what_is_hard_to_read() {
    let all: Vec<u8> = recorded(".msgpack").into_iter().flat_map(|it| it.1).collect();
    let holds = |bytes: &[u8]| all.windows(bytes.len()).any(|it| it == bytes);
    for (what, bytes) in [
        ("an unknown value", &[0xd4, 0x00, 0x00][..]),
        ("an integer beyond 64 bits", b"18446744073709551616"),
        ("a fraction that is no float", b"3.141592653589793238462643383279502884197"),
        ("a float", &[0xcb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]),
        ("the smallest integer", &[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        ("a prefix in normal form C", "café ".as_bytes()),
        ("a value that says its own type", b"[\"object\","),
    ] {
        assert!(holds(bytes), "{what}");
    }
}

#[test]
fn stored_states_survive() {
    let (ty, states) = (ty(), recorded(".json"));
    let states: Vec<_> = states.into_iter().filter(|it| it.0.starts_with("state")).collect();
    assert!(!states.is_empty(), "the recordings are gone");
    for (name, bytes) in states {
        let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let value = json::decode_state(&document, &ty).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(matches!(value, Value::Map(_)));
        assert_eq!(json::decode(&json::encode(&value, &ty).unwrap(), &ty).as_ref(), Ok(&value), "{name}");
        let bytes = msgpack::encode(&value, &ty).unwrap();
        assert_eq!(msgpack::decode(&bytes, &ty), Ok(value), "{name}");
    }
}
