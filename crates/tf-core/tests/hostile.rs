//! Hostile bytes, by mutation: a campaign over the fuzz targets on any compiler, always the same for the same length.
//!
//! `SNOWDRIFT_LONG` multiplies its length; a nightly compiler with `cargo fuzz run` in `fuzz/` goes further.

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used, reason = "tests throughout")]

#[path = "../fuzz/targets.rs"]
mod targets;

use tf_core::wire::{msgpack, type_json};
use tf_core::{Number, Object, Refinements, Type, Value};

/// How many inputs each target gets in an ordinary run.
const ROUNDS: u64 = 4_000;

/// Bytes that mean something to one of the decoders.
const TELLING: &[u8] = &[
    0x00, 0x01, 0x7f, 0x80, 0x81, 0x90, 0x92, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xc4, 0xc6, 0xc7, 0xc9,
    0xca, 0xcb, 0xcf, 0xd3, 0xd4, 0xd8, 0xdb, 0xdc, 0xdd, 0xde, 0xdf, 0xe0, 0xff, b'[', b']', b'{', b'}',
    b'"', b',', b':', b'e', b'-', b'.', b'0', b'9', b'\\', b'u',
];

/// Pieces that make decoders work.
const PIECES: &[&[u8]] = &[
    b"1e99999999999",
    b"-0.0",
    b"\"\\ud800\"",
    b"[\"set\",",
    b"{\"value\":null,\"type\":",
    b"[\"object\",{\"a\":\"string\"},[\"a\"]]",
    &[0xdd, 0xff, 0xff, 0xff, 0xff],
    &[0xdf, 0xff, 0xff, 0xff, 0xff],
    &[0xdb, 0xff, 0xff, 0xff, 0xff],
    &[0xc9, 0xff, 0xff, 0xff, 0xff, 0x0c],
    &[0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0],
    &[0xca, 0x7f, 0x80, 0, 0],
    &[0x92, 0xc4, 0x08, b'"', b's', b't', b'r', b'i', b'n', b'g', b'"'],
    &[0xa2, 0xc3, 0x28],
];

/// Chance without chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit.max(1)).unwrap()).unwrap()
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        match self.below(7) {
            0 => bytes.insert(at, TELLING[self.below(TELLING.len())]),
            1 => {
                let piece = PIECES[self.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            2 => bytes.truncate(at),
            3 if at < bytes.len() => {
                bytes.remove(at);
            }
            4 if at < bytes.len() => bytes[at] = TELLING[self.below(TELLING.len())],
            5 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            _ => {
                let end = at + self.below(bytes.len() - at + 1);
                let copy = bytes[at..end].repeat(1 + self.below(4));
                bytes.splice(at..at, copy);
            }
        }
    }
}

/// Inputs from which the mutations start.
fn seeds() -> Vec<Vec<u8>> {
    let refined = Refinements {
        null: Some(false),
        prefix: Some("https://".to_owned()),
        length_max: Some(7),
        ..Refinements::default()
    };
    let object = Value::Map(Object::from([
        ("b".to_owned(), Value::Bool(true)),
        ("n".to_owned(), Value::Number("0.1".parse::<Number>().unwrap())),
        ("s".to_owned(), Value::refined(refined)),
        ("d".to_owned(), Value::Dynamic(Box::new((Type::Number, Value::Null)))),
    ]));
    let mut seeds: Vec<Vec<u8>> = Vec::new();
    for (at, ty) in targets::all_types().iter().enumerate() {
        let choice = u8::try_from(at).unwrap();
        for value in [Value::Null, Value::unknown(), object.clone()] {
            if let Ok(bytes) = msgpack::encode(&value, ty) {
                seeds.push([&[choice][..], &bytes].concat());
            }
        }
        seeds.push(type_json::encode(ty));
        for text in [
            r#"{"b":true,"n":1e3,"s":"é","d":{"value":[1],"type":["tuple",["number"]]}}"#,
            "[\"a\",\"a\"]",
            "12",
        ] {
            seeds.push([&[choice][..], text.as_bytes()].concat());
        }
    }
    seeds.push(vec![0x82, 0x01, 0xc2, 0x02, 0xa1, b'x']);
    seeds.push(vec![0x82, 0x03, 0x92, 0x01, 0xc3, 0x06, 0xa1, b'9']);
    seeds
}

fn rounds() -> u64 {
    let times = std::env::var("SNOWDRIFT_LONG").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    ROUNDS.saturating_mul(times)
}

/// What libFuzzer kept, because each of them reached something new: one input on a line, in hexadecimal digits.
fn found(name: &str) -> Vec<Vec<u8>> {
    let path = format!("{}/tests/found/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let byte = |line: &str, at: usize| u8::from_str_radix(&line[at..at + 2], 16).unwrap();
    let inputs: Vec<Vec<u8>> =
        text.lines().map(|line| (0..line.len()).step_by(2).map(|at| byte(line, at)).collect()).collect();
    assert!(inputs.len() > 100, "{name}");
    inputs
}

/// Starts from every seed in turn and changes it a few times; inputs stay small, so that there are many.
fn campaign(name: &str, target: fn(&[u8])) {
    let (seeds, mut dice) = ([seeds(), found(name)].concat(), Dice(0x9e37_79b9_7f4a_7c15));
    seeds.iter().for_each(|it| target(it));
    for round in 0..rounds() {
        let mut bytes = seeds[usize::try_from(round).unwrap() % seeds.len()].clone();
        for _ in 0..=dice.below(6) {
            dice.change(&mut bytes);
        }
        bytes.truncate(4_096);
        target(&bytes);
    }
}

fn check(name: &str) {
    let (_, target) = targets::TARGETS.iter().find(|it| it.0 == name).unwrap();
    campaign(name, *target);
}

#[test]
fn messages_are_refused_or_survive() {
    check("msgpack");
}

#[test]
fn documents_are_refused_or_survive() {
    check("json");
}

#[test]
fn types_are_refused_or_survive() {
    check("type_json");
}

#[test]
fn refinements_are_refused_or_survive() {
    check("refinements");
}

#[test]
fn stored_states_are_refused_or_survive() {
    check("raw_state");
}

#[test]
fn absurd_claims_cost_nothing() {
    for claim in [0xdb_u8, 0xc6, 0xdd, 0xdf, 0xc9] {
        for ty in targets::all_types() {
            let message = [&[claim, 0xff, 0xff, 0xff, 0xff][..], &[0x0c; 8]].concat();
            assert!(msgpack::decode(&message, &ty).is_err(), "{claim:x} as {ty:?}");
        }
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let opened = [0x91_u8].repeat(1_000_000);
    let ty = (0..10_000).fold(Type::String, |ty, _| Type::List(Box::new(ty)));
    assert!(msgpack::decode(&opened, &ty).is_err());
    // Such a type takes itself apart one level at a time.
    let mut ty = ty;
    while let Type::List(inner) = ty {
        ty = *inner;
    }
    assert!(type_json::decode(format!("{}1", "[\"list\",".repeat(100_000)).as_bytes()).is_err());
}
