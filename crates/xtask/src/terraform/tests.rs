//! Versions as people write them, and the table of private installations.

use super::install::PRIVATE;
use super::*;

fn check(text: &str, expected: Option<(u32, u32)>) {
    let parsed = text.parse::<Minor>().ok().map(|version| (version.major, version.minor));
    assert_eq!(parsed, expected, "{text}");
}

#[test]
fn a_version_is_its_first_two_numbers() {
    check("1.15", Some((1, 15)));
    check("1.11.4", Some((1, 11)));
    check("1.12.0-rc1", Some((1, 12)));
    check("1", None);
    check("", None);
    check("v1.11", None);
    check("newest", None);
}

#[test]
fn versions_compare_as_numbers_and_not_as_text() {
    let older: Minor = "1.9".parse().unwrap();
    assert!(older < OLDEST);
}

#[test]
fn every_private_installation_is_listed_once_and_in_order() {
    assert!(PRIVATE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert_eq!(PRIVATE.last().map(|(version, _)| *version), Some(NEWEST));
}

#[test]
fn an_unknown_version_names_the_known_ones() {
    let workspace = Workspace::here().unwrap();
    let failure = install::install(&workspace, Minor { major: 9, minor: 9 }).unwrap_err().to_string();
    assert!(failure.contains("Terraform 9.9 is not on PATH") && failure.contains("1.15"), "{failure}");
}
