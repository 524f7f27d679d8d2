//! Text from outside, made harmless for a terminal: what would move the cursor or turn the direction is spelled out.

use std::fmt::Write as _;

/// The text in one line: breaks and everything invisible are spelled out as Rust and JSON do.
pub fn line(text: &str) -> String {
    spelled(text, |_| false)
}

/// The text with its lines and tabs; everything else that is invisible is spelled out.
pub fn block(text: &str) -> String {
    spelled(text, |it| matches!(it, '\n' | '\t'))
}

/// Whether a character does something instead of showing something: control characters, which move the cursor or talk
/// to the terminal, and the marks that turn the direction of writing or join words without a trace.
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

fn spelled(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            it if keep(it) || !is_invisible(it) => clean.push(it),
            '\n' => clean.push_str("\\n"),
            '\r' => clean.push_str("\\r"),
            '\t' => clean.push_str("\\t"),
            it => {
                // Writing to a String cannot fail.
                let _ = write!(clean, "\\u{{{:x}}}", u32::from(it));
            }
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, in_line: &str, in_block: &str) {
        assert_eq!(line(text), in_line);
        assert_eq!(block(text), in_block);
    }

    #[test]
    fn what_is_visible_stays_and_what_is_not_is_spelled_out() {
        check("Ünïcödé 漢字 🚀 שלום", "Ünïcödé 漢字 🚀 שלום", "Ünïcödé 漢字 🚀 שלום");
        check("a\nb\tc", "a\\nb\\tc", "a\nb\tc");
        check("\x1b[31m\r\x07\u{9b}", "\\u{1b}[31m\\r\\u{7}\\u{9b}", "\\u{1b}[31m\\r\\u{7}\\u{9b}");
        check(
            "\u{202e}abc\u{2066}\u{200b}",
            "\\u{202e}abc\\u{2066}\\u{200b}",
            "\\u{202e}abc\\u{2066}\\u{200b}",
        );
    }

    proptest! {
        #[test]
        fn nothing_invisible_comes_through(text in any::<String>()) {
            prop_assert!(!line(&text).chars().any(is_invisible));
            prop_assert!(!block(&text).chars().any(|it| is_invisible(it) && !matches!(it, '\n' | '\t')));
        }
    }
}
