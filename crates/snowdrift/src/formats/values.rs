//! How a declared and a live value are set against each other: in a line where they are short, else line by line.

use serde_json::Value as Json;
use similar::{ChangeTag, TextDiff};

use super::clean;
use super::words::grouped;
use crate::report::{Difference, Values};

/// The longest value that is shown in a line, in characters.
const INLINE_CHARS_MAX: usize = 60;
/// How much of a value without line breaks is shown, in characters.
const EXCERPT_CHARS_MAX: usize = 240;
/// Lines around a difference, as other tools show.
const CONTEXT_LINES: usize = 3;
/// How many lines of a difference are shown. The whole is in the JSON.
const LINES_MAX: usize = 80;

/// A difference as people read it. Nothing in it is invisible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The values must not be shown.
    Hidden,
    /// Two short values.
    Inline {
        /// The declared one.
        declared: String,
        /// The live one.
        live: String,
    },
    /// Lines of a unified difference, from declared to live.
    Lines(Vec<Line>),
}

/// A line of a unified difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it does.
    pub sign: Sign,
    /// What it says.
    pub text: String,
}

/// What a line of a unified difference does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It says where what follows is, or how much is left out.
    Header,
    /// It is in both.
    Both,
    /// It is in the first only.
    Removed,
    /// It is in the second only.
    Added,
}

impl Line {
    /// As it is written in a unified difference.
    pub fn written(&self) -> String {
        match self.sign {
            Sign::Header => self.text.clone(),
            Sign::Both => format!(" {}", self.text),
            Sign::Removed => format!("-{}", self.text),
            Sign::Added => format!("+{}", self.text),
        }
    }
}

/// Sets the two values of an attribute against each other.
pub fn shown(difference: &Difference) -> Shown {
    let Values::Shown { declared, live } = &difference.values else { return Shown::Hidden };
    let (one, other) = (inline(declared), inline(live));
    let short = |it: &str| it.chars().count() <= INLINE_CHARS_MAX;
    if short(&one) && short(&other) {
        return Shown::Inline { declared: one, live: other };
    }
    let (one, other) = (lines(declared), lines(live));
    if one.lines().count() <= 1 && other.lines().count() <= 1 {
        let same = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
        return Shown::Lines(vec![
            Line { sign: Sign::Removed, text: excerpt(&one, same) },
            Line { sign: Sign::Added, text: excerpt(&other, same) },
        ]);
    }
    Shown::Lines(unified(&one, &other))
}

/// The lines of a unified difference that somebody else made, such as a patch.
pub fn patch_lines(patch: &str) -> Vec<Line> {
    let sign = |line: &str| match line.bytes().next() {
        _ if line.starts_with("--- ") || line.starts_with("+++ ") || line.starts_with("@@") => Sign::Header,
        Some(b'-') => Sign::Removed,
        Some(b'+') => Sign::Added,
        _ => Sign::Both,
    };
    patch
        .lines()
        .map(|line| {
            let sign = sign(line);
            let from = usize::from(sign != Sign::Header && !line.is_empty());
            Line { sign, text: clean::block(line.get(from..).unwrap_or(line)) }
        })
        .collect()
}

/// A value in one line.
pub fn inline(value: &Json) -> String {
    match value {
        Json::Null => "(not set)".to_owned(),
        // Escapes as in HCL and JSON, so that quotes and breaks cannot be mistaken.
        other => clean::line(&other.to_string()),
    }
}

/// A value in lines: a text as it is, a structure indented.
fn lines(value: &Json) -> String {
    match value {
        Json::Null => "(not set)".to_owned(),
        Json::String(text) => clean::block(text),
        other => clean::block(&serde_json::to_string_pretty(other).unwrap_or_default()),
    }
}

/// The part of a long line in which it begins to differ.
fn excerpt(text: &str, same: usize) -> String {
    let length = text.chars().count();
    if length <= EXCERPT_CHARS_MAX {
        return text.to_owned();
    }
    let from = same.saturating_sub(EXCERPT_CHARS_MAX / 4).min(length - EXCERPT_CHARS_MAX);
    let middle: String = text.chars().skip(from).take(EXCERPT_CHARS_MAX).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if from + EXCERPT_CHARS_MAX < length { "…" } else { "" };
    format!("{before}{middle}{after} ({} characters)", grouped(length))
}

fn unified(declared: &str, live: &str) -> Vec<Line> {
    let difference = TextDiff::from_lines(declared, live);
    let mut lines = Vec::new();
    for group in difference.grouped_ops(CONTEXT_LINES) {
        lines.push(Line {
            sign: Sign::Header,
            text: similar::udiff::UnifiedHunkHeader::new(&group).to_string(),
        });
        for change in group.iter().flat_map(|it| difference.iter_changes(it)) {
            let sign = match change.tag() {
                ChangeTag::Equal => Sign::Both,
                ChangeTag::Delete => Sign::Removed,
                ChangeTag::Insert => Sign::Added,
            };
            lines.push(Line { sign, text: excerpt(change.value().trim_end_matches(['\r', '\n']), 0) });
        }
    }
    let rest = lines.len().saturating_sub(LINES_MAX);
    if rest > 0 {
        lines.truncate(LINES_MAX);
        let text = format!("… {} more lines; the JSON report has them all", grouped(rest));
        lines.push(Line { sign: Sign::Header, text });
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(declared: Json, live: Json, expected: &str) {
        let text = match shown(&Difference::shown("a", declared, live)) {
            Shown::Hidden => "hidden".to_owned(),
            Shown::Inline { declared, live } => format!("{declared} -> {live}"),
            Shown::Lines(lines) => lines.iter().map(Line::written).collect::<Vec<_>>().join("\n"),
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn short_values_stand_in_a_line() {
        check(json!(30), json!(5), "30 -> 5");
        check(json!(null), json!("a\"b"), r#"(not set) -> "a\"b""#);
        check(json!([1, 2]), json!({ "a": true }), r#"[1,2] -> {"a":true}"#);
        check(json!("a\nb"), json!("\u{202e}"), "\"a\\nb\" -> \"\\u{202e}\"");
    }

    #[test]
    fn long_values_are_compared_line_by_line() {
        let text = |middle: &str| json!(format!("{}{middle}\n{}", "same\n".repeat(9), "tail\n".repeat(9)));
        check(
            text("old"),
            text("new"),
            "@@ -7,7 +7,7 @@\n same\n same\n same\n-old\n+new\n tail\n tail\n tail",
        );
        let list = |last: &str| json!(["a".repeat(30), "b".repeat(30), last]);
        let (a, b) = ("a".repeat(30), "b".repeat(30));
        let expected = format!("@@ -1,5 +1,5 @@\n [\n   \"{a}\",\n   \"{b}\",\n-  \"x\"\n+  \"y\"\n ]");
        check(list("x"), list("y"), &expected);
    }

    #[test]
    fn a_long_line_is_shown_where_it_begins_to_differ() {
        let text = |end: &str| json!(format!("{}{end}", "x".repeat(5_000)));
        let same = "x".repeat(239);
        check(text("1"), text("2"), &format!("-…{same}1 (5,001 characters)\n+…{same}2 (5,001 characters)"));
    }

    #[test]
    fn more_lines_than_anybody_reads_are_counted_instead() {
        let many = |word: &str| json!(format!("{word}\n").repeat(100));
        let Shown::Lines(lines) = shown(&Difference::shown("a", many("old"), many("new"))) else { panic!() };
        assert_eq!(lines.len(), LINES_MAX + 1);
        assert_eq!(lines.last().unwrap().text, "… 121 more lines; the JSON report has them all");
    }

    #[test]
    fn what_must_not_be_shown_is_not() {
        assert_eq!(shown(&Difference::hidden("a")), Shown::Hidden);
    }
}
