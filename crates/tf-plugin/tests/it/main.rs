//! The example provider as a process of its own, seen from a host.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and these measure how long a process takes to end"
)]

mod calls;
mod debug;
mod endings;
mod everything;
mod lives;
mod logs;
mod output;
#[cfg(unix)]
mod sockets;
mod strangers;
mod transports;

use std::path::PathBuf;

use tf_core::{Number, Object, Value};
use tf_plugin::harness::Launch;

/// The only type of the example provider.
const NOTE: &str = "scratch_note";

/// The example, which `cargo test` builds into a directory beside the tests.
fn scratch() -> Launch {
    example("scratch")
}

fn example(name: &str) -> Launch {
    let test = std::env::current_exe().unwrap();
    let directory = test.parent().and_then(|it| it.parent()).unwrap().join("examples");
    let program: PathBuf = directory.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.exists(), "`cargo build -p tf-plugin --examples` makes {}", program.display());
    Launch::new(program)
}

/// A configuration of a note.
fn note(text: &str) -> Object {
    Object::from([("text".to_owned(), Value::string(text))])
}

fn number(number: i64) -> Value {
    Value::Number(Number::from(number))
}
