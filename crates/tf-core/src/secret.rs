//! Secrecy by type.

use std::fmt;

/// Below this a text is no secret.
const LENGTH_MIN: usize = 4;

/// Text that is never printed. An attribute of this type is sensitive because its type is.
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

    /// Takes the secret out of a text that somebody else wrote, such as an error that quotes what was sent. A secret of
    /// less than four bytes stays: it is none, and taking it out would garble every message.
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

/// A value of any type that is never printed. An attribute of this type is sensitive because its type is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Sensitive<T>(pub T);

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

/// A value that Terraform hands over during apply and never stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOnly<T>(pub T);

#[cfg(test)]
mod tests {
    use super::*;

    fn check(secret: &str, text: &str, expected: &str) {
        let mut text = text.to_owned();
        Secret::new(secret).redact(&mut text);
        assert_eq!(text, expected);
    }

    #[test]
    fn a_secret_is_taken_out_of_a_text_wherever_it_is() {
        check("hunter2", "cannot store hunter2: hunter2!", "cannot store (sensitive): (sensitive)!");
        check("hunter2", "nothing here", "nothing here");
        check("a", "a banana", "a banana");
        check("", "a banana", "a banana");
    }

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(
            format!("{:?} {:?} {:?}", Secret::new("x"), WriteOnly(Secret::new("x")), Sensitive(7)),
            "(sensitive) WriteOnly((sensitive)) (sensitive)"
        );
    }
}
