//! The files of a configuration that findings point into: read for patches, and written where a person asked for it.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{FilePatch, Files};
use crate::declared::source::is_module_file;
use crate::formats::outputs::replace;
use crate::report::Finding;

/// Why a patch was not written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file is not what the patch was made from any more.
    #[error("`{file}` was changed while it was compared; it is as it was, run the command again")]
    Changed {
        /// Which.
        file: String,
    },
    /// It cannot be written.
    #[error("`{file}` could not be written, and is as it was")]
    Unwritable {
        /// Which.
        file: String,
        /// Why.
        source: io::Error,
    },
}

/// The files that the findings point into. One that cannot be read is left out: its findings then say so.
pub fn read<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Files {
    let places =
        findings.into_iter().filter(|it| !it.differences.is_empty()).filter_map(|it| it.place.as_ref());
    let names: BTreeSet<&String> = places.map(|it| &it.file).collect();
    names.into_iter().filter_map(|it| Some((it.clone(), fs::read_to_string(it).ok()?))).collect()
}

/// The files of the module in a folder, under the names that places have. One that cannot be read is left out.
pub fn folder(folder: &Path) -> Files {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_module = |it: &PathBuf| it.file_name().and_then(|it| it.to_str()).is_some_and(is_module_file);
    let paths = entries.map(|it| folder.join(it.file_name())).filter(is_module);
    paths.filter_map(|it| Some((named(&it), fs::read_to_string(&it).ok()?))).collect()
}

/// A file as places name it.
pub fn named(path: &Path) -> String {
    let place = crate::declared::Place { file: path.into(), line: 1 };
    crate::compare::findings::place(&place).map(|it| it.file).unwrap_or_default()
}

/// Writes a patched file, as a whole or not at all. One that was not there counts as empty.
///
/// # Errors
/// It was changed meanwhile, or cannot be written.
pub fn write(patch: &FilePatch) -> Result<(), WriteError> {
    let file = patch.file.clone();
    let now = match fs::read_to_string(&file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Some(String::new()),
        read => read.ok(),
    };
    if now.as_ref() != Some(&patch.before) {
        return Err(WriteError::Changed { file });
    }
    replace(Path::new(&patch.file), &patch.after).map_err(|source| WriteError::Unwritable { file, source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("main.tf");
        let patch = |before: &str| FilePatch {
            file: path.display().to_string(),
            before: before.to_owned(),
            after: "after\n".to_owned(),
            unified: String::new(),
        };
        fs::write(&path, "somebody else's\n").unwrap();
        assert!(matches!(write(&patch("before\n")), Err(WriteError::Changed { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "somebody else's\n");
        write(&patch("somebody else's\n")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "after\n");
    }
}
