//! The catalogue holds every message, and every message keeps the rules.

use std::collections::BTreeSet;

use super::*;

/// The constructors of messages in the source.
fn constructors() -> BTreeSet<&'static str> {
    let sources = [
        include_str!("../../errors.rs"),
        include_str!("../rows.rs"),
        include_str!("../rotation.rs"),
        include_str!("../looking.rs"),
        include_str!("../columns.rs"),
        include_str!("../draining.rs"),
        include_str!("../settings.rs"),
        include_str!("../sign_in.rs"),
        include_str!("../switching.rs"),
        include_str!("../several.rs"),
        include_str!("../choices.rs"),
        include_str!("../environments.rs"),
    ];
    let lines = sources.iter().flat_map(|it| it.lines());
    let names = lines.filter_map(|it| it.strip_prefix("pub fn ")?.split('(').next());
    // What tells obstacles apart, or one message from another, makes none.
    names.filter(|it| *it != "obstacle" && !it.starts_with("is_")).collect()
}

#[test]
fn every_message_is_in_the_catalogue_once() {
    let listed: Vec<&str> = entries().map(|it| it.name).collect();
    let set: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(set.len(), listed.len(), "a name is there twice");
    assert_eq!(set, constructors());
}

#[test]
fn every_message_keeps_the_rules() {
    for entry in entries() {
        let Diagnostic { summary, detail, .. } = (entry.example)();
        let name = entry.name;
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{name}: {summary}");
        assert!(summary.split_whitespace().count() <= 13, "{name}: {summary}");
        assert!(detail.ends_with('.') && !detail.contains("  "), "{name}: {detail}");
        let words: Vec<String> =
            detail.to_lowercase().split(|it: char| !it.is_alphanumeric()).map(str::to_owned).collect();
        for banned in ["we", "our", "please", "simply", "unexpected"] {
            assert!(!words.iter().any(|it| it == banned), "{name} says {banned}");
        }
        assert!(entry.cause.ends_with('.') && entry.remedy.ends_with('.'), "{name}");
    }
}

#[test]
fn every_kind_of_failure_says_what_to_do() {
    for (kind, ..) in KINDS {
        let error = failure(*kind);
        assert!(why(&error).ends_with('.') && remedy(&error, "the user").ends_with('.'), "{kind:?}");
    }
    let kinds: BTreeSet<String> = KINDS.iter().map(|it| format!("{:?}", it.0)).collect();
    assert_eq!(kinds.len(), KINDS.len());
}
