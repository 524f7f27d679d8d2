//! Reports end up whole in every place, or what was there before stays.

use clap::Parser;

use super::*;
use crate::report::sample;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    outputs: Outputs,
}

fn outputs(arguments: &[&str]) -> Result<Outputs, String> {
    let all = std::iter::once("it").chain(arguments.iter().copied());
    Command::try_parse_from(all).map(|it| it.outputs).map_err(|it| it.to_string())
}

fn printed(arguments: &[&str]) -> String {
    let mut out = Vec::new();
    outputs(arguments).unwrap().write(&sample::empty(), &Variables::new(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn one_form_is_printed_and_each_file_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("deep/er/report.json");
    let text = folder.path().join("report=1.txt");
    let out =
        printed(&[&format!("--out=json={}", json.display()), &format!("--out=text={}", text.display())]);
    assert!(out.ends_with("no drift.\n"), "{out}");
    assert_eq!(fs::read_to_string(&text).unwrap(), out);
    let report: Report = serde_json::from_str(&fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(report, sample::empty());
    assert_eq!(printed(&["--format", "json"]), fs::read_to_string(&json).unwrap());
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing partial is left: {names:?}");
}

#[test]
fn wrong_arguments_are_refused_with_the_right_ones() {
    for wrong in ["--out=report.json", "--out=pdf=report.pdf", "--out=json="] {
        let message = outputs(&[wrong]).unwrap_err();
        assert!(message.contains("FORMAT=FILE") && message.contains("json"), "{wrong}: {message}");
    }
    let twice = outputs(&["--out=json=a", "--out=text=a"]).unwrap();
    assert!(matches!(twice.check(), Err(OutputError::Twice { .. })));
}

#[test]
fn what_cannot_be_written_is_named_and_the_rest_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    fs::write(&file, "before").unwrap();
    let below = file.join("is-no-folder.json");
    let good = folder.path().join("good.json");
    let arguments = [format!("--out=json={}", below.display()), format!("--out=json={}", good.display())];
    let outputs = outputs(&arguments.each_ref().map(String::as_str)).unwrap();
    let mut out = Vec::new();
    let error = outputs.write(&sample::empty(), &Variables::new(), &mut out).unwrap_err();
    assert!(error.to_string().contains("is-no-folder.json"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "before");
    assert!(good.exists() && !out.is_empty());
}
