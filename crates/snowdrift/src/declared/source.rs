//! The files of a module, parsed, with the places of what is in them.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use hcl_edit::structure::Body;

use super::{LoadError, json};

/// The largest file that is read. Configurations are written by people; what is larger is something else.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// One file of a module. What is in it is handed on.
#[derive(Debug)]
pub struct SourceFile {
    /// Where it lies, as the user named the folder.
    pub path: Arc<Path>,
    /// Whether it says which provider is used, or how.
    pub has_settings: bool,
    /// Where each line begins, and which one it is.
    lines: Vec<(usize, usize)>,
}

/// The files of a module, each with what is in it.
#[derive(Debug, Default)]
pub struct Files {
    /// By name.
    pub plain: Vec<(SourceFile, Body)>,
    /// Those that override what others say, by name.
    pub overriding: Vec<(SourceFile, Body)>,
}

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file. Every attribute has a place, and all of a file share its path.
    pub file: Arc<Path>,
    /// The line, from 1.
    pub line: usize,
}

impl Default for Place {
    fn default() -> Place {
        static NOWHERE: LazyLock<Arc<Path>> = LazyLock::new(|| Arc::from(Path::new("")));
        Place { file: Arc::clone(&NOWHERE), line: 0 }
    }
}

impl SourceFile {
    /// The place of a span.
    pub fn place(&self, span: Option<Range<usize>>) -> Place {
        let start = span.map_or(0, |it| it.start);
        let before = self.lines.partition_point(|it| it.0 <= start);
        let line = before.checked_sub(1).and_then(|it| self.lines.get(it)).map_or(1, |it| it.1);
        Place { file: Arc::clone(&self.path), line }
    }
}

/// Reads and parses one file, of HCL or of its form in JSON.
///
/// # Errors
/// It cannot be read, or is neither.
pub fn parse(path: &Path) -> Result<(SourceFile, Body), LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let length = fs::metadata(path).map_err(unreadable)?.len();
    if length > BYTES_MAX {
        return Err(LoadError::TooLarge { path: path.to_owned(), bytes: length, bytes_max: BYTES_MAX });
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let (text, lines) = if path.extension().is_some_and(|it| it == "json") {
        json::to_hcl(&text).map_err(|it| LoadError::Json {
            path: path.to_owned(),
            line: it.line,
            column: it.column,
            reason: it.reason,
        })?
    } else {
        let lines = lines(&text);
        (text, lines)
    };
    let body = hcl_edit::parser::parse_body(&text).map_err(|it| {
        let line = it.location().line();
        LoadError::Syntax {
            path: path.to_owned(),
            line,
            column: it.location().column(),
            reason: it.message().to_owned(),
        }
    })?;
    let has_settings = body.blocks().any(|it| ["terraform", "provider"].contains(&it.ident.as_str()));
    Ok((SourceFile { path: path.into(), has_settings, lines }, body))
}

/// Where each line of a text begins, and which one it is.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(place, _)| place + 1);
    std::iter::once(0).chain(breaks).enumerate().map(|(index, start)| (start, index + 1)).collect()
}

/// The files of a module, in Terraform's order.
///
/// # Errors
/// The folder cannot be read, or a file is not HCL.
pub fn folder(path: &Path) -> Result<Files, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        if let Some(name) = name.to_str().filter(|it| is_module_file(it)) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    let mut files = Files::default();
    for name in names {
        let file = parse(&path.join(&name))?;
        if overrides(&name) { files.overriding.push(file) } else { files.plain.push(file) }
    }
    Ok(files)
}

/// Whether a file is one of a module, by its name.
pub fn is_module_file(name: &str) -> bool {
    let hidden =
        name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'));
    let module = [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|it| name.ends_with(it));
    module && !hidden
}

/// Whether a file overrides what others say, by its name without `.tf` or `.tf.json`.
fn overrides(name: &str) -> bool {
    let ends = [".tf.json", ".tofu.json", ".tf", ".tofu"];
    let stem = ends.iter().find_map(|it| name.strip_suffix(it)).unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}
