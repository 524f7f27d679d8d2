//! What an evaluation says when there is no value.

use std::fmt;

/// The expression is wrong: Terraform would refuse it too. Never quotes a value, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong(pub String);

/// A value, or why there is none.
pub type Outcome<T> = Result<T, Wrong>;

impl Wrong {
    /// For that reason, a clause without a full stop.
    pub fn new(reason: impl Into<String>) -> Wrong {
        Wrong(reason.into())
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}
