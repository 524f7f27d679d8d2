//! Files appear whole or not at all, and what somebody else wrote stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::render::MARK;

/// Files of one name in one folder at most; the thousandth run of an export that never finds its own files is a mistake.
const NUMBER_MAX: u32 = 1_000;

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("`{}` cannot be written", path.display())]
pub struct WriteError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Writes a file in one step, so that an interrupted export leaves none that is half.
///
/// # Errors
/// The folder or the file cannot be written.
pub fn file(folder: &Path, name: &str, text: &str) -> Result<(), WriteError> {
    let path = folder.join(name);
    let beside = folder.join(format!(".{name}.part"));
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(&beside, text)?;
        fs::rename(&beside, &path)
    };
    write().map_err(|source| WriteError { path: path.clone(), source })
}

/// The files of a folder that an export wrote, by name.
pub fn own(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|it| it.file_name().into_string().ok()).filter(|it| it.ends_with(".tf"));
    names.filter(|it| fs::read_to_string(folder.join(it)).is_ok_and(|text| text.starts_with(MARK))).collect()
}

/// Removes a file that another one replaces.
///
/// # Errors
/// It cannot be removed.
pub fn remove(folder: &Path, name: &str) -> Result<(), WriteError> {
    let path = folder.join(name);
    match fs::remove_file(&path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(WriteError { path, source }),
        _ => Ok(()),
    }
}

/// The first name of this stem that no file has: `orders.tf`, `orders_2.tf`.
pub fn free(stem: &str, files: &BTreeSet<String>) -> String {
    let names =
        std::iter::once(format!("{stem}.tf")).chain((2..NUMBER_MAX).map(|it| format!("{stem}_{it}.tf")));
    names.into_iter().find(|it| !files.contains(it)).unwrap_or_else(|| format!("{stem}.tf"))
}

/// The texts of files by their stems, in the order in which they were added.
#[derive(Debug, Default)]
pub struct Texts(BTreeMap<String, Vec<String>>);

impl Texts {
    /// Adds a part to a file.
    pub fn add(&mut self, stem: &str, part: String) {
        self.0.entry(stem.to_owned()).or_default().push(part);
    }

    /// Every stem with its whole text.
    pub fn whole(&self) -> impl Iterator<Item = (&str, String)> {
        self.0.iter().map(|(stem, parts)| (stem.as_str(), parts.join("\n")))
    }
}
