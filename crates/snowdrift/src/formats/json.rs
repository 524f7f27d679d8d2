//! The whole document as JSON: what other programs, `snowdrift merge` and `--history` read.

use std::fmt::Write as _;

use serde::Serialize;

use super::clean::is_invisible;
use crate::report::Report;

/// The document.
pub fn render(report: &Report) -> String {
    let mut text = escaped(report);
    text.push('\n');
    text
}

/// Anything as JSON in which nothing is invisible.
pub fn escaped(document: &impl Serialize) -> String {
    // What is written here has text keys only and no number that JSON lacks.
    let text = serde_json::to_string_pretty(document).unwrap_or_default();
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        // Invisible characters occur in strings only, where the escape means the same and a terminal is not moved.
        if is_invisible(character) && character != '\n' {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_document_comes_back_as_it_was_and_holds_nothing_invisible() {
        for (name, _) in sample::FILES {
            let report = sample::named(name);
            let text = render(&report);
            assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report, "{name}");
            assert!(!text.chars().any(|it| is_invisible(it) && it != '\n'), "{name}");
        }
    }
}
