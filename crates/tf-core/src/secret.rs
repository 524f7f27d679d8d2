//! Secrecy by type.

use std::fmt;

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
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

/// A value that Terraform hands over during apply and never stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOnly<T>(pub T);
