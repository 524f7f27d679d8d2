//! Unified differences of files, whole or of the surroundings of a block.

use std::ops::Range;

use similar::{ChangeTag, DiffOp, TextDiff};

use super::edit::{Edit, applied, shifted};
use super::ended;

/// Lines around a difference, as other tools show.
const CONTEXT_LINES: usize = 3;

/// What stands for a file that is not there.
const NO_FILE: &str = "/dev/null";

/// The unified difference of two texts that begin after so many lines of the file. A file has no name before it is there.
pub fn between(
    (name_before, name): (Option<&str>, &str),
    before: &str,
    after: &str,
    lines_before: usize,
) -> String {
    let difference = TextDiff::from_lines(before, after);
    let mut text = format!("--- {}\n+++ {name}\n", name_before.unwrap_or(NO_FILE));
    for group in difference.grouped_ops(CONTEXT_LINES) {
        text.push_str(&header(&group, lines_before));
        for change in group.iter().flat_map(|it| difference.iter_changes(it)) {
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            text.push(sign);
            text.push_str(change.value());
            if !change.value().ends_with('\n') {
                text.push_str("\n\\ No newline at end of file\n");
            }
        }
    }
    text
}

fn header(group: &[DiffOp], lines_before: usize) -> String {
    let span = |range: fn(&DiffOp) -> Range<usize>| {
        let from = group.first().map(|it| range(it).start).unwrap_or_default();
        let to = group.last().map(|it| range(it).end).unwrap_or_default();
        // A range without lines names the line before it.
        let first = if to > from { from + 1 } else { from };
        format!("{},{}", first + lines_before, to - from)
    };
    format!("@@ -{} +{} @@\n", span(DiffOp::old_range), span(DiffOp::new_range))
}

/// The unified difference that edits of a file make.
pub fn of_edits(file: &str, text: &str, edits: &[Edit]) -> String {
    let from = edits.iter().map(|it| it.range.start).min().unwrap_or_default();
    let to = edits.iter().map(|it| it.range.end).max().unwrap_or_default();
    // The line behind what is taken away is context already.
    let (range, lines) = around(text, &(from..to.saturating_sub(1).max(from)));
    let before = text.get(range.clone()).unwrap_or_default();
    between((Some(file), file), before, &applied(before, &shifted(edits, range.start)), lines)
}

/// The unified difference that blocks at the end of a file make, which may not be there yet.
pub fn of_end(file: &str, text: Option<&str>, parts: &[String]) -> String {
    let whole = text.unwrap_or_default();
    let (range, lines) = around(whole, &(whole.len()..whole.len()));
    let before = whole.get(range).unwrap_or_default();
    between((text.map(|_| file), file), before, &ended(before, parts), lines)
}

/// The whole lines of a block with the lines of context around it, and how many lines are before them.
pub fn around(text: &str, block: &Range<usize>) -> (Range<usize>, usize) {
    let line_start = |at: usize| text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let line_end =
        |at: usize| text.get(at..).and_then(|it| it.find('\n')).map_or(text.len(), |it| at + it + 1);
    let mut from = line_start(block.start.min(text.len()));
    let mut to = line_end(block.end.min(text.len()));
    for _ in 0..CONTEXT_LINES {
        from = line_start(from.saturating_sub(1));
        to = if to < text.len() { line_end(to) } else { to };
    }
    let lines = text.get(..from).map_or(0, |it| it.matches('\n').count());
    (from..to, lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_file_has_the_line_numbers_of_the_file() {
        let text: String = (1..=20).map(|it| format!("line {it}\n")).collect();
        let at = text.find("line 10").unwrap();
        let (range, lines) = around(&text, &(at..at + 7));
        assert_eq!((text[range.clone()].lines().count(), lines), (7, 6));
        let after = text[range.clone()].replace("line 10", "ten");
        let expected = "--- a.tf\n+++ a.tf\n@@ -7,7 +7,7 @@\n line 7\n line 8\n line 9\n-line 10\n+ten\n line 11\n line 12\n line 13\n";
        assert_eq!(between((Some("a.tf"), "a.tf"), &text[range], &after, lines), expected);
        assert_eq!(between((Some("a.tf"), "a.tf"), &text, &text.replace("line 10", "ten"), 0), expected);
    }

    #[test]
    fn a_missing_line_end_is_told() {
        assert_eq!(
            between((Some("a"), "a"), "x", "y", 0),
            "--- a\n+++ a\n@@ -1,1 +1,1 @@\n-x\n\\ No newline at end of file\n+y\n\\ No newline at end of file\n"
        );
    }
}
