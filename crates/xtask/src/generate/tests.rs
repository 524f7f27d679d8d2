//! How differences between disk and description are shown.

use super::*;

fn check(present: Option<&str>, wanted: Option<&str>, expected: &[&str]) {
    let difference = Difference {
        path: "docs/index.md".to_owned(),
        present: present.map(str::to_owned),
        wanted: wanted.map(str::to_owned),
    };
    let text = unified(&difference);
    for line in expected {
        assert!(text.lines().any(|it| it == *line), "no line `{line}` in\n{text}");
    }
    let failure = report(&[difference]).unwrap_err().to_string();
    assert!(failure.contains("docs/index.md") && failure.contains("`cargo xtask generate`"), "{failure}");
}

#[test]
fn a_difference_is_shown_line_by_line_with_the_way_out() {
    check(Some("one\ntwo\n"), Some("one\n2\n"), &[" one", "-two", "+2", "--- docs/index.md (on disk)"]);
    check(None, Some("new\n"), &["+new"]);
    check(Some("stale\n"), None, &["-stale"]);
}

#[test]
fn no_difference_is_no_failure() {
    assert!(report(&[]).is_ok());
}
