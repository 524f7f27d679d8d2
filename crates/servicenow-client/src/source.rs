//! Where a secret comes from: given, in a file, or written by a command.

use std::path::PathBuf;

use servicenow_core::Secret;

use crate::command::{Command, without_line_end};

/// The largest file that is read as a secret: a bundle of certificates with its key stays below it.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Where a secret comes from. Its `Debug` shows no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The secret itself.
    Given(Secret),
    /// A file, read again when the instance no longer accepts what it held.
    File(PathBuf),
    /// A command, run again when the instance no longer accepts what it wrote.
    Command(Command),
}

/// Why there is no secret. Never holds one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SourceError {
    reason: String,
}

impl SourceError {
    pub(crate) fn new(reason: String) -> SourceError {
        SourceError { reason }
    }
}

impl Source {
    /// A secret that is known already.
    pub fn given(text: impl Into<String>) -> Source {
        Source::Given(Secret::new(text))
    }

    /// Whether asking again may bring another secret.
    pub fn may_change(&self) -> bool {
        !matches!(self, Source::Given(_))
    }

    /// The secret, if it is known already.
    pub fn as_given(&self) -> Option<&Secret> {
        match self {
            Source::Given(secret) => Some(secret),
            _ => None,
        }
    }

    /// The secret as it is now, which is one line as passwords and tokens are. One with more lines would be refused by the
    /// instance for a reason that nobody sees, and bring its user nearer to being locked out.
    ///
    /// # Errors
    /// As of [`Source::read`], or there are several lines.
    pub async fn read_line(&self) -> Result<Secret, SourceError> {
        let secret = self.read().await?;
        match secret.line_count() {
            1 => Ok(secret),
            lines => Err(SourceError::new(self.several_lines(lines))),
        }
    }

    fn several_lines(&self, lines: usize) -> String {
        match self {
            Source::Given(_) => {
                "the secret that is given holds a line break, as a text that was read from a file often does at its end: \
                 take it away, for example with `trimspace`"
                    .to_owned()
            }
            Source::File(path) => {
                format!("the file `{}` holds {lines} lines, and the secret has one", path.display())
            }
            Source::Command(command) => {
                format!("the command `{}` wrote {lines} lines, and the secret has one", command.program())
            }
        }
    }

    /// The secret as it is now.
    ///
    /// # Errors
    /// The file cannot be read or the command fails.
    pub async fn read(&self) -> Result<Secret, SourceError> {
        match self {
            Source::Given(secret) => Ok(secret.clone()),
            Source::File(path) => read_file(path).await,
            Source::Command(command) => command.read().await,
        }
    }
}

async fn read_file(path: &PathBuf) -> Result<Secret, SourceError> {
    let bytes = read_bytes(path).await?;
    let refused = |reason: &str| SourceError::new(format!("the file `{}` {reason}", path.display()));
    let text = String::from_utf8(bytes).map_err(|_| refused("holds something that is no text"))?;
    match without_line_end(&text) {
        "" => Err(refused("is empty")),
        text => Ok(Secret::new(text)),
    }
}

/// The bytes of a file that holds a secret, a key or certificates.
///
/// # Errors
/// The file cannot be read or is too large.
pub async fn read_bytes(path: &PathBuf) -> Result<Vec<u8>, SourceError> {
    let refused = |reason: String| SourceError::new(format!("the file `{}` {reason}", path.display()));
    let unreadable = |error: std::io::Error| refused(format!("cannot be read: {}", error.kind()));
    let size = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    if size > FILE_BYTES_MAX {
        return Err(refused(format!("is larger than {FILE_BYTES_MAX} bytes")));
    }
    tokio::fs::read(path).await.map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_holds_the_secret_and_perhaps_a_line_end() {
        let folder = tempfile::tempdir().unwrap();
        for (content, expected) in [
            (&b"planted"[..], Ok("planted")),
            (b"planted\n", Ok("planted")),
            (b"planted \r\n", Ok("planted ")),
            (b"", Err("is empty")),
            (b"\n", Err("is empty")),
            (b"\xffplanted", Err("no text")),
        ] {
            let path = folder.path().join("secret");
            tokio::fs::write(&path, content).await.unwrap();
            let found = Source::File(path).read().await;
            match (found, expected) {
                (Ok(secret), Ok(expected)) => assert_eq!(secret.expose(), expected),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, expected) => panic!("{found:?} is not {expected:?}"),
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Source::File(folder.path().join("missing")).read().await.unwrap_err().to_string();
        assert!(missing.contains("missing` cannot be read: entity not found"), "{missing}");
        let large = folder.path().join("large");
        tokio::fs::File::create(&large).await.unwrap().set_len(FILE_BYTES_MAX + 1).await.unwrap();
        let large = Source::File(large).read().await.unwrap_err().to_string();
        assert!(large.contains("is larger than"), "{large}");
    }

    #[tokio::test]
    async fn a_password_or_token_is_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        tokio::fs::write(&file, "planted\nuser: planted\n").await.unwrap();
        let words = ["printf", "planted\\nuser: planted\\nurl\\n"].map(str::to_owned);
        for (source, part) in [
            (Source::given("planted\n"), "holds a line break"),
            (Source::given("plan\rted"), "holds a line break"),
            (Source::File(file), "secret` holds 2 lines, and the secret has one"),
            (Source::Command(Command::new(words).unwrap()), "the command `printf` wrote 3 lines"),
        ] {
            let error = source.read_line().await.unwrap_err().to_string();
            assert!(error.contains(part) && !error.contains("planted"), "{error}");
            assert!(source.read().await.is_ok(), "a key has many lines");
        }
        for text in ["planted", " planted ", ""] {
            assert_eq!(Source::given(text).read_line().await.unwrap().expose(), text);
        }
    }

    #[test]
    fn debugging_shows_no_secret() {
        assert_eq!(format!("{:?}", Source::given("planted")), "Given((sensitive))");
    }
}
