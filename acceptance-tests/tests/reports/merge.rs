//! `snowdrift merge` and the small commands through the built program: forms, files, exit codes, and no secret.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use acceptance_tests::{Binaries, root};

/// One of the example reports.
pub fn sample(name: &str) -> PathBuf {
    root().join(format!("crates/snowdrift/samples/{name}.json"))
}

fn snowdrift(arguments: &[&str]) -> Output {
    let mut command = Command::new(Binaries::built().snowdrift());
    command.args(arguments).env_remove("NO_COLOR").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const FORMATS: &[&str] = &["text", "json", "markdown", "sarif", "junit", "html"];

#[test]
fn the_exit_code_says_what_the_report_comes_to() {
    for (name, more, expected) in [
        ("empty", vec![], 0),
        ("nothing", vec![], 0),
        ("everything", vec![], 2),
        ("everything", vec!["--fail-on", "critical"], 2),
        ("two-instances", vec![], 1),
        ("hostile", vec![], 1),
    ] {
        let path = sample(name).display().to_string();
        let arguments: Vec<&str> = ["merge", &path].into_iter().chain(more).collect();
        let output = snowdrift(&arguments);
        assert_eq!(output.status.code(), Some(expected), "{name}: {}", text(&output.stderr));
    }
}

#[test]
fn undecided_alone_is_a_code_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let mut report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(sample("everything")).unwrap()).unwrap();
    report["instances"][0]["findings"] = serde_json::json!([]);
    fs::write(&path, report.to_string()).unwrap();
    let output = snowdrift(&["merge", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stdout));
}

#[test]
fn every_form_is_printed_and_written_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = sample("everything").display().to_string();
    for format in FORMATS {
        let file = folder.path().join(format!("deep/report.{format}"));
        let output = snowdrift(&[
            "merge",
            &path,
            "--format",
            format,
            "--out",
            &format!("{format}={}", file.display()),
        ]);
        assert_eq!(text(&output.stdout), fs::read_to_string(&file).unwrap(), "{format}");
        assert!(!text(&output.stdout).contains('\u{1b}'), "{format}: a pipe has no colours");
    }
    let colours = snowdrift(&["merge", &path, "--color", "always"]);
    assert!(text(&colours.stdout).contains("\u{1b}[31m"));
}

#[test]
fn a_value_that_must_not_be_shown_is_in_no_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let planted = "hunter2-4711";
    // Somebody else's program, or an older version, may have written values beside the mark.
    let report = fs::read_to_string(sample("everything")).unwrap();
    let mut report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let mut count = 0;
    for finding in report["instances"][0]["findings"].as_array_mut().unwrap() {
        for difference in
            finding.get_mut("differences").and_then(|it| it.as_array_mut()).into_iter().flatten()
        {
            if difference["sensitive"] == true {
                difference["declared"] = planted.into();
                difference["live"] = serde_json::json!({ "nested": [planted] });
                count += 1;
            }
        }
    }
    assert_eq!(count, 2);
    fs::write(&path, report.to_string()).unwrap();
    for format in FORMATS {
        let output = snowdrift(&["merge", path.to_str().unwrap(), "--format", format]);
        assert!(output.stdout.len() > 500, "{format}: {output:?}");
        assert!(
            !text(&output.stdout).contains(planted) && !text(&output.stderr).contains(planted),
            "{format}"
        );
    }
}

#[test]
fn what_is_no_report_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.json");
    fs::write(&path, "{\"format_version\": 9}").unwrap();
    let everything = sample("everything").display().to_string();
    let changed = folder.path().join("changed.json");
    fs::write(&changed, fs::read_to_string(&everything).unwrap().replace("rita.ops", "somebody")).unwrap();
    for (arguments, expected) in [
        (vec![path.to_str().unwrap()], "has format version 9"),
        (vec!["/nowhere.json"], "`/nowhere.json` cannot be read"),
        (vec![&*everything, changed.to_str().unwrap()], "take the later one with `--newest`"),
        (vec![&*everything, "--out", "json=a", "--out", "text=a"], "more than one `--out`"),
    ] {
        let output = snowdrift(&[vec!["merge"], arguments].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(
            output.stdout.is_empty() && text(&output.stderr).contains(expected),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn the_small_commands_say_what_they_are_for() {
    for (arguments, expected) in [
        (vec!["schema"], "\"title\": \"snowdrift drift report\""),
        (vec!["completions", "bash"], "complete -F _snowdrift"),
        (vec!["man"], ".TH snowdrift 1"),
        (vec!["version"], "snowdrift 0."),
        (vec!["version", "--json"], "\"report_format\": 1"),
        (vec!["merge", "--help"], "snowdrift merge share-*.json"),
    ] {
        let output = snowdrift(&arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(text(&output.stdout).contains(expected), "{arguments:?}: {}", text(&output.stdout));
    }
    let published = fs::read_to_string(root().join("schemas/drift-report.schema.json")).unwrap();
    assert_eq!(text(&snowdrift(&["schema"]).stdout), published);
}
