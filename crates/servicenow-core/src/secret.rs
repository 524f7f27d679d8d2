//! Text that proves who asks, and is never printed.

use std::fmt;

/// Below this a text is no secret.
const LENGTH_MIN: usize = 4;

/// Text that is never printed: passwords, tokens, keys.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself. A repository test lists the files that may call this.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many lines it has: 1 without a line break.
    pub fn line_count(&self) -> usize {
        1 + self.0.replace("\r\n", "\n").matches(['\n', '\r']).count()
    }

    /// Takes the secret out of a text that somebody else wrote. One of less than four bytes stays: it is none, and taking
    /// it out would garble every message.
    pub fn redact(&self, text: &mut String) {
        if self.0.len() >= LENGTH_MIN && text.contains(&self.0) {
            *text = text.replace(&self.0, "(sensitive)");
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_however_they_end() {
        for (text, lines) in [("", 1), ("a b", 1), ("a\n", 2), ("a\r\n", 2), ("a\rb", 2), ("a\r\nb\nc", 3)] {
            assert_eq!(Secret::new(text).line_count(), lines, "{text:?}");
        }
    }

    #[test]
    fn a_secret_is_neither_printed_nor_left_in_a_text() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?}"), "(sensitive)");
        let mut text = "hunter2 is not hunter3".to_owned();
        secret.redact(&mut text);
        assert_eq!(text, "(sensitive) is not hunter3");
    }

    #[test]
    fn what_is_too_short_to_be_one_garbles_no_message() {
        for short in ["", "a", "abc"] {
            let mut text = "abc, a banana".to_owned();
            Secret::new(short).redact(&mut text);
            assert_eq!(text, "abc, a banana");
        }
        assert!(Secret::default().is_empty());
    }
}
