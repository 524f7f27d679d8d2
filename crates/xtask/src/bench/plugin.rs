//! The plugin as a process, measured as a host meets it: its start, its schema, its memory, its size.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::table::Row;
use crate::failure::{Failure, Outcome};
use crate::process;
use crate::workspace::{PROVIDER, Profile, Workspace};

/// From starting the program to its handshake line, TLS included.
const LINE_MS_MAX: f64 = 3.0;

/// From asking a fresh process for its schema, over a connection that is open, to having it.
const SCHEMA_MS_MAX: f64 = 2.0;

/// The encoded schema of a catalogue of forty types.
const SCHEMA_BYTES_MAX: f64 = 300_000.0;

/// What an idle process holds in memory.
const RESIDENT_BYTES_MAX: f64 = 12e6;

/// The program on disk.
const PROGRAM_BYTES_MAX: f64 = 12e6;

/// Builds the provider, and measures it and the synthetic catalogue.
pub fn measure(workspace: &Workspace, profile: Profile) -> Outcome<Vec<Row>> {
    for what in [["--package", PROVIDER, "--bins"], ["--package", "tf-plugin", "--examples"]] {
        let mut cargo = workspace.cargo();
        cargo.args(["build", "--quiet"]).args(what);
        if profile == Profile::Release {
            cargo.arg("--release");
        }
        process::run(&mut cargo)?;
    }
    let examples = workspace.binaries(profile).join("examples");
    let measurer = examples.join(format!("measure{}", std::env::consts::EXE_SUFFIX));
    let catalogue = examples.join(format!("catalogue{}", std::env::consts::EXE_SUFFIX));
    let mut rows = of(&measurer, "catalogue of 40 types", &catalogue)?;
    rows.extend(of(&measurer, "this provider", &workspace.binary(profile, PROVIDER))?);
    Ok(rows)
}

fn of(measurer: &Path, name: &str, program: &Path) -> Outcome<Vec<Row>> {
    let text = process::read(Command::new(measurer).arg(program))?;
    let figures: Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(format!("the measuring program printed no JSON: {error}")))?;
    let figure = |key: &str| {
        let value = figures.get(key).and_then(Value::as_f64);
        value.ok_or_else(|| Failure::new(format!("the measuring program did not print `{key}`")))
    };
    let size = fs::metadata(program)?.len() as f64;
    let row = |what: &str, unit: Unit, value: f64, max: f64| {
        Row::new(format!("{name}: {what}"), unit.text(value)).at_most(unit.text(max), value <= max)
    };
    Ok(vec![
        row("start to handshake line", Unit::Milliseconds, figure("line_ms")?, LINE_MS_MAX),
        row("first GetProviderSchema", Unit::Milliseconds, figure("schema_ms")?, SCHEMA_MS_MAX),
        row("its answer", Unit::Kilobytes, figure("schema_bytes")?, SCHEMA_BYTES_MAX),
        row("resident memory after it", Unit::Megabytes, figure("resident_bytes")?, RESIDENT_BYTES_MAX),
        row("program", Unit::Megabytes, size, PROGRAM_BYTES_MAX),
    ])
}

#[derive(Clone, Copy)]
enum Unit {
    Milliseconds,
    Kilobytes,
    Megabytes,
}

impl Unit {
    fn text(self, value: f64) -> String {
        match self {
            Unit::Milliseconds => format!("{value:.2} ms"),
            Unit::Kilobytes => format!("{:.0} KB", value / 1e3),
            Unit::Megabytes => format!("{:.1} MB", value / 1e6),
        }
    }
}
