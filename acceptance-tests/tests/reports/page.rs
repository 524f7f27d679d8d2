//! The page in a browser without a window: on a desk, on a phone, in the dark, on paper, and for those who do not see it.

use std::fs;
use std::path::Path;
use std::process::Command;

use acceptance_tests::Binaries;

use crate::eyes::{DESK, fits_a_phone, keep, look, shuts_nobody_out, told};
use crate::merge::sample;

/// Examples with something to see.
const EXAMPLES: &[&str] = &["everything", "two-instances", "hostile", "empty", "nothing"];

/// The page of an example, with a history where it has findings.
fn page(example: &str, folder: &Path) -> String {
    let past = folder.join("past");
    fs::create_dir_all(&past).unwrap();
    let earlier =
        fs::read_to_string(sample(example)).unwrap().replace("2026-11-22T12:00:00Z", "2026-11-21T12:00:00Z");
    fs::write(past.join("earlier.json"), earlier).unwrap();
    let mut command = Command::new(Binaries::built().snowdrift());
    command.arg("merge").arg(sample(example)).args(["--format", "html", "--history"]).arg(&past);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn nobody_is_shut_out_in_the_light_and_in_the_dark() {
    for (example, is_dark) in [
        ("everything", false),
        ("everything", true),
        ("hostile", false),
        ("two-instances", true),
        ("nothing", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        shuts_nobody_out(&page(example, folder.path()), is_dark);
    }
}

#[test]
fn a_phone_shows_it_without_sideways_scrolling() {
    for example in EXAMPLES {
        let folder = tempfile::tempdir().unwrap();
        fits_a_phone(&page(example, folder.path()));
    }
}

#[test]
fn the_filters_work_under_the_policy_of_the_page_and_it_is_whole_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let page = page("everything", folder.path());
    let dom = look(&page, DESK, &["--dump-dom"]);
    assert!(!dom.contains("id=\"filters\" aria-label=\"Filter findings\" hidden"), "the script ran");
    assert!(
        page.contains("id=\"filters\" aria-label=\"Filter findings\" hidden"),
        "without it nothing is offered"
    );
    assert!(!page.contains("<article class=\"finding critical\" hidden"));
    let script = "const by = document.getElementById('by-severity'); by.value = 'warning';\
                  by.dispatchEvent(new Event('input', {bubbles: true}));\
                  document.documentElement.setAttribute('data-told', document.getElementById('shown').value + ' ' + \
                  document.querySelectorAll('article.finding:not([hidden])').length);";
    assert_eq!(told(&page, &[], script), "4 of 11 findings shown 4");
}

#[test]
fn hostile_text_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let script = "document.documentElement.setAttribute('data-told', document.scripts.length + ' ' + document.images.length + ' ' + \
                  [...document.links].filter((it) => it.protocol !== 'https:' && it.protocol !== 'file:').length);";
    // The page's own script and the one of the test.
    assert_eq!(told(&page("hostile", folder.path()), &[], script), "2 0 0");
}

#[test]
fn pictures_and_paper_are_kept_to_be_looked_at() {
    let past = tempfile::tempdir().unwrap();
    for example in ["everything", "hostile"] {
        keep(&page(example, past.path()), &format!("report-{example}"));
    }
}
