//! How many allocations a value costs on each of its ways.

#![allow(clippy::print_stdout, reason = "it prints a table")]

mod samples;

use dhat::{Alloc, HeapStats, Profiler};
use tf_core::plan::{plan, verify_apply};
use tf_core::wire::{json, msgpack};
use tf_core::{Model, Value, check};

#[global_allocator]
static ALLOCATOR: Alloc = Alloc;

/// A few, because every allocation is traced back to where it was made.
const RULES: i64 = 500;

fn main() {
    let _profiler = Profiler::builder().testing().build();
    let (schema, ty) = (samples::schema(), samples::ty());
    let (config, state) = (samples::config(RULES, 0), samples::state(RULES, 0));
    let changed = samples::config(RULES, 1);
    let fresh = samples::proposed(None, &config);
    let other = samples::proposed(Some(&state), &changed);
    let value = Value::Map(state.clone());
    let Ok(packed) = msgpack::encode(&value, &ty) else { return };
    let Ok(document) = json::encode(&value, &ty) else { return };
    println!("A set of {RULES} objects with 7 values each, {} bytes of MessagePack.", packed.len());
    println!("{:<16} {:>14} {:>14}", "", "blocks/object", "bytes/object");
    row("msgpack encode", || msgpack::encode(&value, &ty));
    row("msgpack decode", || msgpack::decode(&packed, &ty));
    row("json encode", || json::encode(&value, &ty));
    row("json decode", || json::decode(&document, &ty));
    row("plan create", || plan(&schema, samples::ask(None, &config, &fresh)));
    row("plan changed", || plan(&schema, samples::ask(Some(&state), &changed, &other)));
    let planned = plan(&schema, samples::ask(None, &config, &fresh)).planned;
    row("verify apply", || verify_apply(&schema, &planned, &state));
    row("check", || check::run(&schema, &config));
    row("model", || samples::Firewall::from_object(&state));
}

fn row<T>(name: &str, work: impl Fn() -> T) {
    // What is made once and kept is not counted.
    drop(work());
    let before = HeapStats::get();
    let made = work();
    let after = HeapStats::get();
    drop(made);
    let objects = RULES.unsigned_abs();
    let blocks = (after.total_blocks - before.total_blocks) / objects;
    let bytes = (after.total_bytes - before.total_bytes) / objects;
    println!("{name:<16} {blocks:>14} {bytes:>14}");
}
