//! The files of a module, parsed piece by piece, with the places of what is in them.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use hcl_edit::structure::{Block, Body};

use super::{LoadError, json};

/// The largest file that is read. Configurations are written by people; what is larger is something else.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Bytes that are parsed together at least. What was parsed takes twenty times as much memory, and is given up piece by piece.
const PIECE: usize = 64 * 1024;

/// One file of a module. What is in it is handed on.
#[derive(Debug)]
pub struct SourceFile {
    /// Where it lies, as the user named the folder.
    pub path: Arc<Path>,
    /// Whether it says which provider is used, or how.
    pub has_settings: bool,
    /// What it says, in HCL.
    pub text: Arc<str>,
    /// Where each line begins, and which one it is.
    lines: Vec<(usize, usize)>,
}

/// The paths of the files of a module, by name.
#[derive(Debug, Default)]
pub struct Paths {
    /// Those that stand for themselves.
    pub plain: Vec<PathBuf>,
    /// Those that override what others say.
    pub overriding: Vec<PathBuf>,
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
    /// The place of a span that is counted from an offset.
    pub fn place(&self, offset: usize, span: Option<Range<usize>>) -> Place {
        let start = span.map_or(0, |it| it.start + offset);
        let before = self.lines.partition_point(|it| it.0 <= start);
        let line = before.checked_sub(1).and_then(|it| self.lines.get(it)).map_or(1, |it| it.1);
        Place { file: Arc::clone(&self.path), line }
    }
}

/// Reads and parses one file of variables, all of it.
///
/// # Errors
/// It cannot be read, or is no HCL.
pub fn parse(path: &Path) -> Result<Body, LoadError> {
    let file = SourceFile::read(path)?;
    hcl_edit::parser::parse_body(&file.text).map_err(|it| wrong(path, &it))
}

impl SourceFile {
    /// Reads one file, of HCL or of its form in JSON.
    ///
    /// # Errors
    /// It cannot be read, or is no JSON.
    pub fn read(path: &Path) -> Result<SourceFile, LoadError> {
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
        Ok(SourceFile { path: path.into(), has_settings: false, text: text.into(), lines })
    }

    /// Hands on its blocks, one after the other, with the place that their spans are counted from.
    ///
    /// # Errors
    /// It is no HCL, or what `take` says.
    pub fn blocks(
        &mut self,
        mut take: impl FnMut(&SourceFile, Block, usize) -> Result<(), LoadError>,
    ) -> Result<(), LoadError> {
        let (text, mut start) = (Arc::clone(&self.text), 0);
        while start < text.len() {
            let (body, end) = piece(&text, start).map_err(|it| wrong(&self.path, &it))?;
            for block in body.into_blocks() {
                self.has_settings |= ["terraform", "provider"].contains(&block.ident.as_str());
                take(self, block, start)?;
            }
            start = end;
        }
        Ok(())
    }
}

fn wrong(path: &Path, error: &hcl_edit::parser::Error) -> LoadError {
    let line = error.location().line();
    LoadError::Syntax {
        path: path.to_owned(),
        line,
        column: error.location().column(),
        reason: error.message().to_owned(),
    }
}

/// What begins at a place outside of any block, parsed, up to where it ends: behind a line with nothing but a brace, if
/// there is one and everything up to it is whole. Such a line may as well belong to a text within a block; what ends there is
/// no HCL then, and more is taken.
///
/// A piece that is HCL by itself is what it would be within the whole: HCL is read from the front, and behind the end of a
/// block nothing is open.
fn piece(text: &str, start: usize) -> Result<(Body, usize), hcl_edit::parser::Error> {
    let mut length = PIECE;
    loop {
        let end = behind_block(text, start.saturating_add(length));
        match hcl_edit::parser::parse_body(text.get(start..end).unwrap_or_default()) {
            Ok(body) => return Ok((body, end)),
            // Where all of it is parsed, the error is at the right place.
            Err(error) if end == text.len() && start == 0 => return Err(error),
            Err(_) if end == text.len() => return hcl_edit::parser::parse_body(text).map(|it| (it, end)),
            Err(_) => length = length.saturating_mul(2),
        }
    }
}

/// Behind the next line that is nothing but a brace, or the end.
fn behind_block(text: &str, from: usize) -> usize {
    const BRACE: &[u8] = b"\n}\n";
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let found = rest.windows(BRACE.len()).position(|it| it == BRACE);
    found.map_or(text.len(), |it| from + it + BRACE.len())
}

/// Where each line of a text begins, and which one it is.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(place, _)| place + 1);
    std::iter::once(0).chain(breaks).enumerate().map(|(index, start)| (start, index + 1)).collect()
}

/// The files of a module, in Terraform's order.
///
/// # Errors
/// The folder cannot be read.
pub fn folder(path: &Path) -> Result<Paths, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: path.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        if let Some(name) = name.to_str().filter(|it| is_module_file(it)) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    let mut paths = Paths::default();
    for name in names {
        let list = if overrides(&name) { &mut paths.overriding } else { &mut paths.plain };
        list.push(path.join(name));
    }
    Ok(paths)
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

#[cfg(test)]
mod tests;
