//! Reports that were written before, read again with an eye on their version.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{FORMAT_VERSION, Report};

/// Why a file is not a report that can be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("the report `{}` cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is larger than any report.
    #[error("`{}` has {bytes} bytes; reports of more than {bytes_max} are not read", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// Its length.
        bytes: u64,
        /// The bound.
        bytes_max: u64,
    },
    /// It is something else.
    #[error("`{}` is not a report of `snowdrift drift --format json`: line {line}, column {column}: {reason}", path.display())]
    NoReport {
        /// Which.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What the parser says, without the text around it.
        reason: String,
    },
    /// Another version of snowdrift wrote it.
    #[error("`{}` has format version {found}, and this snowdrift reads version {FORMAT_VERSION}: run `snowdrift drift` and this command in the same version", path.display())]
    OtherVersion {
        /// Which.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
}

/// What every version has.
#[derive(Deserialize)]
struct Versioned {
    format_version: u64,
}

/// The report in a text.
///
/// # Errors
/// It is something else, or of another version; `path` is only named.
pub fn parse(text: &str, path: &Path) -> Result<Report, FileError> {
    let wrong = |it: serde_json::Error| FileError::NoReport {
        path: path.to_owned(),
        line: it.line(),
        column: it.column(),
        reason: it.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    };
    let version = serde_json::from_str::<Versioned>(text).map_err(wrong)?.format_version;
    if version != u64::from(FORMAT_VERSION) {
        return Err(FileError::OtherVersion { path: path.to_owned(), found: version });
    }
    serde_json::from_str(text).map_err(wrong)
}

/// The JSON files of a folder by name, without hidden ones.
///
/// # Errors
/// The folder cannot be listed.
pub fn json_files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let unreadable = |source| FileError::Unreadable { path: folder.to_owned(), source };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let hidden = path.file_name().is_some_and(|it| it.as_encoded_bytes().starts_with(b"."));
        if path.extension().is_some_and(|it| it == "json") && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let message = parse(text, Path::new("a.json")).unwrap_err().to_string();
        assert!(message.contains("`a.json`") && message.contains(expected), "{message}");
    }

    #[test]
    fn what_is_no_report_is_named_with_the_place() {
        check("", "is not a report");
        check("{\n  \"format_version\": 1,\n  \"resources\": []\n}", "line 3");
        check("{\"format_version\": 1}", "missing field");
        check("[]", "is not a report");
    }

    #[test]
    fn another_version_is_refused_before_anything_else_is_looked_at() {
        check(
            "{\"format_version\": 2, \"future\": true}",
            "format version 2, and this snowdrift reads version 1",
        );
    }

    #[test]
    fn a_report_is_read() {
        let (_, text) = sample::FILES[0];
        assert_eq!(parse(text, Path::new("a.json")).unwrap(), sample::everything());
    }
}
