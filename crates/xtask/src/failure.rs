//! Why a command stopped, in a sentence for the person who typed it.

use std::fmt;
use std::io;
use std::path::Path;

/// What a command gives back.
pub type Outcome<T> = Result<T, Failure>;

/// The reason and the way out.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    /// A failure with this text.
    pub fn new(text: impl Into<String>) -> Failure {
        Failure(text.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure(error.to_string())
    }
}

/// Says what was attempted with which file when that fails.
pub fn with_path<T>(result: io::Result<T>, what: &str, path: &Path) -> Outcome<T> {
    result.map_err(|error| Failure::new(format!("could not {what} {}: {error}", path.display())))
}
