//! What `snowdrift` makes of HCL: the same as real Terraform, or undecided.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance_tests::{Binaries, Terraform, root};
use serde_json::Value;
use tempfile::TempDir;

mod random;
mod whole;

const NAMES: &str = include_str!("evaluation/names.tf");
const EXPRESSIONS: &str = include_str!("evaluation/expressions.txt");

/// What Terraform is made to say of an expression that it refuses.
const REFUSED: &str = "-- refused --";

/// What one of the two says of an expression.
#[derive(Clone, Debug, PartialEq)]
enum Said {
    Value(Value),
    Refused,
    Undecided(String),
}

/// Expressions of the file. One that begins a heredoc goes on to its end.
fn expressions() -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = EXPRESSIONS.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("# ") {
            continue;
        }
        let mut expression = line.to_owned();
        if line.starts_with("<<") {
            for line in lines.by_ref() {
                write!(expression, "\n{line}").unwrap();
                if line.trim() == "EOT" {
                    break;
                }
            }
            expression.push('\n');
        }
        found.push(expression);
    }
    found
}

fn outputs(expressions: &[String], around: impl Fn(&str) -> String) -> String {
    let blocks = expressions.iter().enumerate();
    blocks.map(|(place, it)| format!("output \"o{place}\" {{\n  value = {}\n}}\n", around(it))).collect()
}

/// A folder with the names and the files that expressions may use, and these outputs.
fn folder(outputs: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("names.tf"), NAMES).unwrap();
    fs::write(folder.path().join("main.tf"), outputs).unwrap();
    whole::copy(&root().join("acceptance-tests/tests/it/evaluation/files"), &folder.path().join("files"));
    fs::write(folder.path().join("files/bytes.bin"), [0xff, 0x00, 0x7f, 0xc3]).unwrap();
    folder
}

/// What real Terraform says, each expression by itself as a text, because a wrong one would spoil the others.
fn terraform_says(terraform: Terraform, expressions: &[String]) -> Vec<Said> {
    // The value is bound first: a heredoc cannot stand inside a call.
    let tried = outputs(expressions, |it| match it.starts_with("<<") {
        true => format!("[{}\n][0]", it.trim_end()),
        false => format!("jsonencode(try([{it}], \"{REFUSED}\"))"),
    });
    let folder = folder(&tried);
    run(Command::new(terraform.program()).current_dir(folder.path()).args(["init", "-no-color"]));
    run(Command::new(terraform.program()).current_dir(folder.path()).args([
        "plan",
        "-no-color",
        "-out=plan",
    ]));
    let shown =
        run(Command::new(terraform.program()).current_dir(folder.path()).args(["show", "-json", "plan"]));
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let values = &shown["planned_values"]["outputs"];
    let said = |(place, expression): (usize, &String)| {
        let text = values[format!("o{place}")]["value"].as_str().unwrap();
        if expression.starts_with("<<") {
            return Said::Value(Value::String(text.to_owned()));
        }
        match serde_json::from_str(text).unwrap() {
            Value::String(refused) if refused == REFUSED => Said::Refused,
            Value::Array(mut one) => Said::Value(one.remove(0)),
            other => panic!("{other}"),
        }
    };
    expressions.iter().enumerate().map(said).collect()
}

fn snowdrift_says(expressions: &[String]) -> Vec<Said> {
    let folder = folder(&outputs(expressions, str::to_owned));
    let document = declared(folder.path());
    let said = |place: usize| {
        let output = &document["outputs"][format!("o{place}")];
        match output.get("undecided") {
            None => Said::Value(output["value"].clone()),
            Some(reasons) if reasons.to_string().contains("Terraform would refuse it") => Said::Refused,
            Some(reasons) => Said::Undecided(reasons.to_string()),
        }
    };
    (0..expressions.len()).map(said).collect()
}

/// What `snowdrift declared` prints.
fn declared(folder: &Path) -> Value {
    let output = Command::new(Binaries::built().snowdrift()).arg("declared").arg(folder).output().unwrap();
    let explained = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 3)), "{explained}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let (out, explained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{explained}");
    out.into_owned()
}

/// Compares the two, and says how many expressions were left undecided.
fn check(terraform: Terraform, expressions: &[String]) -> usize {
    let (wanted, said) = (terraform_says(terraform, expressions), snowdrift_says(expressions));
    let mut different = String::new();
    let mut undecided = 0;
    for ((expression, wanted), said) in expressions.iter().zip(&wanted).zip(&said) {
        match said {
            Said::Undecided(_) => undecided += 1,
            said if said == wanted => {}
            said => {
                writeln!(different, "{expression}\n  Terraform {wanted:?}\n  snowdrift {said:?}").unwrap()
            }
        }
    }
    assert!(different.is_empty(), "different values:\n{different}");
    undecided
}

#[test]
fn every_expression_has_terraforms_value_or_none() {
    let expressions = expressions();
    for terraform in Terraform::ENDS {
        let undecided = check(terraform, &expressions);
        // Most of the language is decided; an evaluator that gives up on everything would be true and useless.
        assert!(undecided * 8 < expressions.len(), "{undecided} of {} are undecided", expressions.len());
    }
}

#[test]
fn random_expressions_have_terraforms_value_or_none() {
    let expressions = random::expressions(20_261_122, 300);
    check(Terraform::V1_15, &expressions);
}
