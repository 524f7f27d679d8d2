//! The files of a module, parsed, with the places of what is in them.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use hcl_edit::structure::Body;

use super::LoadError;

/// The largest file that is read. Configurations are written by people; what is larger is something else.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// One file of a module.
#[derive(Debug)]
pub struct SourceFile {
    /// Where it lies, as the user named the folder.
    pub path: PathBuf,
    /// What is in it.
    pub body: Body,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// Where something is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
}

impl SourceFile {
    /// The place of a span.
    pub fn place(&self, span: Option<Range<usize>>) -> Place {
        let start = span.map_or(0, |it| it.start);
        Place { file: self.path.clone(), line: self.lines.partition_point(|it| *it <= start) }
    }
}

/// Reads and parses one file of HCL.
///
/// # Errors
/// It cannot be read, or is not HCL.
pub fn parse(path: &Path) -> Result<SourceFile, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if length > BYTES_MAX {
        return Err(LoadError::TooLarge { path: path.to_owned(), bytes: length, bytes_max: BYTES_MAX });
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let body = hcl_edit::parser::parse_body(&text).map_err(|it| LoadError::Syntax {
        path: path.to_owned(),
        line: it.location().line(),
        column: it.location().column(),
        reason: it.message().to_owned(),
    })?;
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(place, _)| place + 1);
    Ok(SourceFile { path: path.to_owned(), body, lines: std::iter::once(0).chain(breaks).collect() })
}

/// The files of a module in Terraform's order: by name, those that override last.
///
/// # Errors
/// The folder cannot be read, or a file is not HCL.
pub fn folder(path: &Path) -> Result<Vec<SourceFile>, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        if let Some(name) = name.to_str().filter(|it| is_module_file(it)) {
            names.push(name.to_owned());
        }
    }
    if let Some(name) = names.iter().find(|it| it.ends_with(".json") || overrides(it)) {
        return Err(LoadError::Unsupported { path: path.join(name) });
    }
    names.sort();
    names.iter().map(|it| parse(&path.join(it))).collect()
}

fn is_module_file(name: &str) -> bool {
    let hidden =
        name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    let module = [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|it| name.ends_with(it));
    module && !hidden
}

fn overrides(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}
