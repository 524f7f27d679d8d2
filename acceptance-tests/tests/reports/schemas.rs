//! SARIF and JUnit against the schemas that those who read them have published.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use acceptance_tests::Binaries;

use crate::merge::sample;
use crate::tools::{python, run, source};

/// Examples of which each has something that others have not.
const EXAMPLES: &[&str] = &["everything", "two-instances", "hostile", "empty", "nothing"];

/// A report in a form that build servers read, as a file.
fn written(example: &str, format: &str, folder: &tempfile::TempDir) -> PathBuf {
    let mut merge = Command::new(Binaries::built().snowdrift());
    let output = merge.arg("merge").arg(sample(example)).args(["--format", format]).output().unwrap();
    let path = folder.path().join(format!("{example}.{format}"));
    fs::write(&path, &output.stdout).unwrap();
    path
}

/// What checks a file against the schema of SARIF 2.1.0 that OASIS has published.
fn sarif(files: &[PathBuf]) -> Command {
    let mut check = Command::new(python().join("bin/check-jsonschema"));
    // The schema has a pattern for languages that only the older kind of expressions takes.
    check.args(["--regex-variant", "nonunicode", "--schemafile"]);
    check.arg(source("serde-sarif", "src/schema.json")).args(files);
    check
}

/// What checks a file against the schema of JUnit's reports that the Jenkins project has published.
fn junit(files: &[PathBuf]) -> Command {
    let mut check = Command::new(python().join("bin/xmlschema-validate"));
    check.arg("--schema").arg(source("junit-report", "tests/JUnit.xsd")).args(files);
    check
}

#[test]
fn every_sarif_report_is_as_the_standard_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = EXAMPLES.iter().map(|it| written(it, "sarif", &folder)).collect();
    run(&mut sarif(&files));
}

#[test]
fn every_junit_report_is_as_build_servers_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = EXAMPLES.iter().map(|it| written(it, "junit", &folder)).collect();
    run(&mut junit(&files));
}

#[test]
fn a_check_that_checks_nothing_would_be_noticed() {
    let folder = tempfile::tempdir().unwrap();
    for (format, from, to) in [
        ("sarif", "\"version\": \"2.1.0\"", "\"version\": \"2.0.0\""),
        ("sarif", "\"startLine\": 41", "\"startLine\": 0"),
        ("junit", "<testsuites name", "<testsuites skipped=\"4\" name"),
        ("junit", "<failure ", "<failed "),
    ] {
        let file = written("everything", format, &folder);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(from), "{format}: {from}");
        fs::write(
            &file,
            text.replace(from, to)
                .replace("</failure>", if to == "<failed " { "</failed>" } else { "</failure>" }),
        )
        .unwrap();
        let mut check = if format == "sarif" { sarif(&[file]) } else { junit(&[file]) };
        assert!(!check.output().unwrap().status.success(), "{format}: {to}");
    }
}
