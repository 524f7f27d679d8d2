//! The benchmarks of the pure crates, which criterion runs and writes down.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::growth;
use super::table::Row;
use crate::failure::Outcome;
use crate::process;
use crate::workspace::{Profile, Workspace};

/// The crates that have benchmarks.
const CRATES: [&str; 2] = ["tf-core", "tf-plugin"];

/// One benchmark, by its name.
pub(super) struct Measured {
    /// As in `set/plan/create/10000`.
    pub(super) name: String,
    /// The median.
    pub(super) nanoseconds: f64,
    /// How many bytes went through, where that is what counts.
    bytes: Option<f64>,
}

impl Measured {
    #[cfg(test)]
    pub(super) fn new(name: &str, nanoseconds: f64) -> Measured {
        Measured { name: name.to_owned(), nanoseconds, bytes: None }
    }
}

/// Runs the benchmarks of the framework and reads the medians.
pub fn measure(workspace: &Workspace, profile: Profile) -> Outcome<Vec<Row>> {
    let written = workspace.target().join("criterion");
    // What an older run left would be taken for this one's.
    let _ = fs::remove_dir_all(&written);
    for name in CRATES {
        let mut cargo = workspace.cargo();
        cargo.args(["bench", "--quiet", "--package", name, "--benches"]);
        if profile == Profile::Debug {
            // As few rounds as there can be.
            cargo.args(["--profile", "dev", "--", "--quick"]);
        }
        process::run(&mut cargo)?;
    }
    let mut measured = Vec::new();
    collect(&written, &mut measured);
    measured.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(rows(&measured))
}

/// Every figure, with the goals for large sets, and then how these grow.
fn rows(measured: &[Measured]) -> Vec<Row> {
    let row = |it: &Measured| {
        let row = Row::new(it.name.clone(), figure(it.nanoseconds, it.bytes));
        growth::bounded(row, it)
    };
    measured.iter().map(row).chain(growth::rows(measured)).collect()
}

/// Every benchmark has a folder `new` with what it is and what it came to.
fn collect(folder: &Path, found: &mut Vec<Measured>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()) {
        if entry.file_name().is_some_and(|it| it == "new") {
            found.extend(read(&entry));
        } else if entry.is_dir() {
            collect(&entry, found);
        }
    }
}

fn read(folder: &Path) -> Option<Measured> {
    let json = |name: &str| -> Option<Value> {
        serde_json::from_str(&fs::read_to_string(folder.join(name)).ok()?).ok()
    };
    let (benchmark, estimates) = (json("benchmark.json")?, json("estimates.json")?);
    Some(Measured {
        name: benchmark.get("full_id")?.as_str()?.to_owned(),
        nanoseconds: estimates.pointer("/median/point_estimate")?.as_f64()?,
        bytes: benchmark.pointer("/throughput/Bytes").and_then(Value::as_f64),
    })
}

/// A rate where the amount of bytes is known, and a time everywhere.
fn figure(nanoseconds: f64, bytes: Option<f64>) -> String {
    let time = match nanoseconds {
        it if it < 1e3 => format!("{it:.0} ns"),
        it if it < 1e6 => format!("{:.1} µs", it / 1e3),
        it => format!("{:.2} ms", it / 1e6),
    };
    match bytes {
        Some(bytes) => format!("{time}, {:.0} MB/s", bytes / nanoseconds * 1e3),
        None => time,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nanoseconds: f64, bytes: Option<f64>, expected: &str) {
        assert_eq!(figure(nanoseconds, bytes), expected);
    }

    #[test]
    fn figures_are_shown_in_the_unit_that_suits_them() {
        check(12.3, None, "12 ns");
        check(45_600.0, None, "45.6 µs");
        check(7_890_000.0, None, "7.89 ms");
        check(1_000_000.0, Some(250_000.0), "1.00 ms, 250 MB/s");
    }

    #[test]
    fn what_was_written_down_is_found_in_any_depth() {
        let folder = std::env::temp_dir().join(format!("bench-{}", std::process::id()));
        let new = folder.join("codec/encode/new");
        fs::create_dir_all(&new).unwrap();
        fs::write(new.join("benchmark.json"), r#"{"full_id":"codec/encode","throughput":{"Bytes":1000}}"#)
            .unwrap();
        fs::write(new.join("estimates.json"), r#"{"median":{"point_estimate":2000.0}}"#).unwrap();
        let mut found = Vec::new();
        collect(&folder, &mut found);
        fs::remove_dir_all(&folder).unwrap();
        let rows = rows(&found);
        let [row] = rows.as_slice() else { panic!("{}", rows.len()) };
        assert_eq!((row.what.as_str(), row.figure.as_str()), ("codec/encode", "2.0 µs, 500 MB/s"));
    }
}
