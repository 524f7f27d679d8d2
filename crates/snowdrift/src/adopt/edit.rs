//! Edits of a file's text: a value is replaced, an attribute or entry is added or removed, and nothing else moves.

use std::collections::BTreeSet;
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{Array, Expression, Object, ObjectValueTerminator, TraversalOperator};
use hcl_edit::structure::{Attribute, Block};
use serde_json::Value as Json;

use super::Addresses;
use super::literal::{self, alike};
use super::locate::Part;

/// A change of a file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is taken away; empty for what is only added.
    pub range: Range<usize>,
    /// What takes its place.
    pub text: String,
    /// The attribute of the resource in which it is.
    pub attribute: String,
}

/// What is declared, and what is to be.
pub struct Wish<'a> {
    /// The declared value that was compared.
    pub declared: &'a Json,
    /// The live value, which is to be declared.
    pub live: &'a Json,
    /// What ids stand for.
    pub addresses: &'a Addresses,
    /// Attributes of the resource that are to be unset, so that nothing can be put beside them.
    pub leaving: &'a BTreeSet<String>,
}

impl Edit {
    /// Whether both cannot be made.
    pub fn contradicts(&self, other: &Edit) -> bool {
        self != other && self.range.start < other.range.end && other.range.start < self.range.end
    }
}

/// The text with the edits made.
pub fn applied(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|it| (it.range.start, it.range.end));
    let mut result = String::with_capacity(text.len());
    let mut done = 0;
    for edit in sorted {
        result.push_str(text.get(done..edit.range.start).unwrap_or_default());
        result.push_str(&edit.text);
        done = edit.range.end.max(done);
    }
    result.push_str(text.get(done..).unwrap_or_default());
    result
}

/// The edits for a text that begins there.
pub fn shifted(edits: &[Edit], start: usize) -> Vec<Edit> {
    let shift = |it: &Edit| it.range.start.saturating_sub(start)..it.range.end.saturating_sub(start);
    edits.iter().map(|it| Edit { range: shift(it), ..it.clone() }).collect()
}

/// The edits after which the block declares what is live.
///
/// # Errors
/// Why none do, as the end of a sentence that begins with the attribute.
pub fn edits(text: &str, block: &Block, path: &[Part], wish: &Wish<'_>) -> Result<Vec<Edit>, String> {
    let Some((Part::Name(name), rest)) = path.split_first() else { return Err(unsafe_way()) };
    let mut editor = Editor { text, attribute: name.clone(), edits: Vec::new(), wish };
    match block.body.get_attribute(name) {
        Some(attribute) if rest.is_empty() && wish.live.is_null() => {
            literal::value(&attribute.value).ok_or_else(|| literal::source(&attribute.value))?;
            editor.remove_lines(&attribute.span().ok_or_else(unsafe_way)?)?;
        }
        Some(attribute) => editor.at(&attribute.value, rest, wish.declared, wish.live)?,
        None if rest.is_empty() && !wish.live.is_null() => editor.add_attribute(block, name)?,
        None => return Err("is not written in the block: change it by hand.".to_owned()),
    }
    Ok(editor.edits)
}

/// Whether the block declares what is live at that path.
pub fn declares(block: &Block, path: &[Part], wish: &Wish<'_>) -> bool {
    let Some((Part::Name(name), rest)) = path.split_first() else { return false };
    let mut found = block.body.get_attribute(name).map(|it| &it.value);
    for part in rest {
        found = found.and_then(|it| below(it, part));
    }
    match found {
        None => wish.live.is_null(),
        Some(it) => match literal::value(it) {
            Some(value) => alike(&value, wish.live),
            // Only a reference to what is live was put in place of a reference, or parts of it stay computed.
            None => refers_to(it, wish) || !wish.live.is_string(),
        },
    }
}

fn unsafe_way() -> String {
    "is written in a way that a patch cannot change safely: change it by hand.".to_owned()
}

fn below<'a>(expression: &'a Expression, part: &Part) -> Option<&'a Expression> {
    match (expression, part) {
        (Expression::Parenthesis(it), _) => below(it.inner(), part),
        (Expression::Object(object), Part::Name(name) | Part::Key(name)) => {
            let entry = object.iter().find(|(key, _)| literal::name(key).as_ref() == Some(name));
            entry.map(|(_, value)| value.expr())
        }
        (Expression::Array(items), Part::Index(index)) => items.get(*index),
        _ => None,
    }
}

/// The type, name and attribute of a reference such as `servicenow_http_connection.blue.id`.
fn reference(expression: &Expression) -> Option<(String, &str)> {
    let Expression::Traversal(it) = expression else { return None };
    let Expression::Variable(root) = &it.expr else { return None };
    let names: Vec<&str> = it
        .operators
        .iter()
        .map(|it| match it.value() {
            TraversalOperator::GetAttr(name) => Some(name.as_str()),
            _ => None,
        })
        .collect::<Option<_>>()?;
    match names.as_slice() {
        [name, attribute @ ("id" | "sys_id")] if root.as_str().starts_with("servicenow_") => {
            Some((format!("{}.{name}", root.as_str()), attribute))
        }
        _ => None,
    }
}

fn refers_to(expression: &Expression, wish: &Wish<'_>) -> bool {
    let wanted = wish.live.as_str().and_then(|it| wish.addresses.get(it));
    reference(expression).is_some_and(|(address, _)| Some(&address) == wanted)
}

struct Editor<'a> {
    text: &'a str,
    attribute: String,
    edits: Vec<Edit>,
    wish: &'a Wish<'a>,
}

impl Editor<'_> {
    /// Makes the value at a path the live one.
    fn at(
        &mut self,
        expression: &Expression,
        path: &[Part],
        declared: &Json,
        live: &Json,
    ) -> Result<(), String> {
        if let Expression::Parenthesis(it) = expression {
            return self.at(it.inner(), path, declared, live);
        }
        let Some((part, rest)) = path.split_first() else { return self.value(expression, declared, live) };
        match (expression, below(expression, part), part) {
            (Expression::Object(object), Some(_), Part::Name(name) | Part::Key(name))
                if rest.is_empty() && live.is_null() =>
            {
                self.remove_entry(object, name)
            }
            (_, Some(found), _) => self.at(found, rest, declared, live),
            (Expression::Object(object), None, Part::Name(name) | Part::Key(name))
                if rest.is_empty() && !live.is_null() =>
            {
                self.add_entry(object, name, live)
            }
            (Expression::Object(_) | Expression::Array(_), ..) => {
                Err("is not written in the block: change it by hand.".to_owned())
            }
            _ => Err(literal::source(expression)),
        }
    }

    /// Replaces a value, part by part where it has parts.
    fn value(&mut self, expression: &Expression, declared: &Json, live: &Json) -> Result<(), String> {
        if declared == live {
            return Ok(());
        }
        match (expression, declared, live) {
            (Expression::Parenthesis(it), ..) => return self.value(it.inner(), declared, live),
            (Expression::Object(object), Json::Object(_), Json::Object(_)) => {
                return self.members(object, declared, live);
            }
            (Expression::Array(items), Json::Array(before), Json::Array(after))
                if items.len() == before.len()
                    && before.len() == after.len()
                    && self.in_order(items, before) =>
            {
                let elements = items.iter().zip(before.iter().zip(after));
                return elements
                    .into_iter()
                    .try_for_each(|(it, (before, after))| self.value(it, before, after));
            }
            _ => {}
        }
        if let Some(edit) = self.other_reference(expression, live) {
            self.edits.push(edit);
            return Ok(());
        }
        let written = literal::value(expression).ok_or_else(|| literal::source(expression))?;
        if !alike(&written, declared) {
            return Err("says something else in the file than what was compared: run the comparison again."
                .to_owned());
        }
        let range = expression.span().ok_or_else(unsafe_way)?;
        if matches!(expression, Expression::Array(_) | Expression::Object(_)) && self.has_comment(&range) {
            return Err(
                "has comments within its value, which a patch would lose: change it by hand.".to_owned()
            );
        }
        let level = self.level(range.start);
        let text = literal::written(&self.kept_order(&written, live), level).ok_or_else(unsafe_way)?;
        self.push(range, text);
        Ok(())
    }

    /// Whether plain elements stand in the order in which they were compared, as in a list but not in a set.
    fn in_order(&self, items: &Array, before: &[Json]) -> bool {
        let same =
            |(item, before): (&Expression, &Json)| literal::value(item).is_none_or(|it| alike(&it, before));
        items.iter().zip(before).all(same)
    }

    fn members(&mut self, object: &Object, declared: &Json, live: &Json) -> Result<(), String> {
        let of = |value: &Json, name: &str| value.get(name).cloned().unwrap_or(Json::Null);
        let both = [declared, live].into_iter().filter_map(Json::as_object).flat_map(|it| it.keys());
        let mut names: Vec<&String> = both.collect();
        names.sort();
        names.dedup();
        for name in names {
            let (declared, live) = (of(declared, name), of(live, name));
            let entry = object.iter().find(|(key, _)| literal::name(key).as_ref() == Some(name));
            match entry {
                _ if declared == live => {}
                Some(_) if live.is_null() => self.remove_entry(object, name)?,
                Some((_, value)) => self.value(value.expr(), &declared, &live)?,
                None => self.add_entry(object, name, &live)?,
            }
        }
        Ok(())
    }

    /// Elements that stay keep their order in the file, in which a set was compared without.
    fn kept_order(&self, written: &Json, live: &Json) -> Json {
        let (Json::Array(written), Json::Array(live)) = (written, live) else { return live.clone() };
        let declared = self.wish.declared.as_array();
        if declared.is_none_or(|it| it.iter().zip(written).all(|(one, other)| alike(one, other))) {
            return Json::Array(live.clone());
        }
        let stay = written.iter().filter(|it| live.iter().any(|other| alike(it, other)));
        let new = live.iter().filter(|it| !written.iter().any(|other| alike(it, other)));
        Json::Array(stay.chain(new).cloned().collect())
    }

    /// A reference to another resource that is declared in the same module.
    fn other_reference(&self, expression: &Expression, live: &Json) -> Option<Edit> {
        let (_, attribute) = reference(expression)?;
        let address = self.wish.addresses.get(live.as_str()?)?;
        let text = format!("{address}.{attribute}");
        Some(Edit { range: expression.span()?, text, attribute: self.attribute.clone() })
    }

    fn push(&mut self, range: Range<usize>, text: String) {
        let text =
            if self.text.contains("\r\n") { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text };
        self.edits.push(Edit { range, text, attribute: self.attribute.clone() });
    }

    /// Takes away a thing that has its lines for itself, with the remark behind it.
    fn remove_lines(&mut self, range: &Range<usize>) -> Result<(), String> {
        let start = self.line_start(range.start);
        let end = self.line_end(range.end);
        let before = self.text.get(start..range.start).unwrap_or_default();
        let behind = self.text.get(range.end..end).unwrap_or_default().trim().trim_start_matches(',').trim();
        let remark = behind.is_empty() || behind.starts_with('#') || behind.starts_with("//");
        if !before.trim().is_empty() || !remark {
            return Err(unsafe_way());
        }
        let end = if self.text.get(end..).is_some_and(|it| it.starts_with('\n')) { end + 1 } else { end };
        self.push(start..end, String::new());
        Ok(())
    }

    fn remove_entry(&mut self, object: &Object, name: &str) -> Result<(), String> {
        let mut previous = None;
        for (key, value) in object.iter() {
            let (begin, end) =
                (key.span().ok_or_else(unsafe_way)?, value.expr().span().ok_or_else(unsafe_way)?);
            if literal::name(key).as_deref() == Some(name) {
                literal::value(value.expr()).ok_or_else(|| literal::source(value.expr()))?;
                let whole = begin.start..end.end;
                if self.remove_lines(&whole).is_ok() {
                    return Ok(());
                }
                // In one line: from the end of the entry before, else up to the next entry.
                let next = object.iter().filter_map(|(key, _)| key.span()).find(|it| it.start > end.end);
                let range = match (previous, next) {
                    (Some(from), _) => from..whole.end,
                    (None, Some(next)) => whole.start..next.start,
                    (None, None) => whole,
                };
                self.push(range, String::new());
                return Ok(());
            }
            previous = Some(end.end);
        }
        Err(unsafe_way())
    }

    fn add_entry(&mut self, object: &Object, name: &str, live: &Json) -> Result<(), String> {
        let last = object.iter().last();
        let Some((key, value)) = last else {
            let range = object.span().ok_or_else(unsafe_way)?;
            if self.has_comment(&range) {
                return Err(
                    "has comments within its value, which a patch would lose: change it by hand.".to_owned()
                );
            }
            let text = literal::written(live, self.level(range.start)).ok_or_else(unsafe_way)?;
            self.push(range, format!("{{ {} = {text} }}", literal::key(name)));
            return Ok(());
        };
        let (begin, end) = (key.span().ok_or_else(unsafe_way)?, value.expr().span().ok_or_else(unsafe_way)?);
        let own_line =
            self.text.get(self.line_start(begin.start)..begin.start).is_some_and(|it| it.trim().is_empty());
        let entry = |level| literal::written(live, level).map(|it| format!("{} = {it}", literal::key(name)));
        match value.terminator() {
            ObjectValueTerminator::Newline if own_line => {
                let entry = entry(self.level(begin.start)).ok_or_else(unsafe_way)?;
                let at = self.line_end(end.end);
                self.push(at..at, format!("\n{}{entry}", self.indent(begin.start)));
            }
            ObjectValueTerminator::Comma if own_line => {
                let entry = entry(self.level(begin.start)).ok_or_else(unsafe_way)?;
                self.push(end.end..end.end, format!(",\n{}{entry}", self.indent(begin.start)));
            }
            _ => {
                let entry = entry(0).ok_or_else(unsafe_way)?;
                self.push(end.end..end.end, format!(", {entry}"));
            }
        }
        Ok(())
    }

    /// Adds an attribute behind the last one, with its equals sign below that one's.
    fn add_attribute(&mut self, block: &Block, name: &str) -> Result<(), String> {
        let meta = ["lifecycle", "depends_on", "provider", "count", "for_each"];
        let stays = |it: &&Attribute| {
            !meta.contains(&it.key.as_str()) && !self.wish.leaving.contains(it.key.as_str())
        };
        let last = block.body.attributes().filter(stays).last();
        let last =
            last.ok_or_else(|| "is not written in the block, which is empty: add it by hand.".to_owned())?;
        let span = last.span().ok_or_else(unsafe_way)?;
        let key = last.key.as_str();
        let indent = self.indent(span.start);
        let level = indent.chars().count() / 2;
        let text = literal::written(self.wish.live, level).ok_or_else(unsafe_way)?;
        let gap = self.text.get(span.start + key.len()..span.end).and_then(|it| it.find('=')).unwrap_or(1);
        let width = key.chars().count() + gap - 1;
        let at = self.line_end(span.end);
        self.push(at..at, format!("\n{indent}{name:width$} = {text}"));
        Ok(())
    }

    fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1)
    }

    /// The end of the line without its break.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = at + rest.find('\n').unwrap_or(rest.len());
        if end > at && self.text.get(..end).is_some_and(|it| it.ends_with('\r')) { end - 1 } else { end }
    }

    fn indent(&self, at: usize) -> String {
        let line = self.text.get(self.line_start(at)..).unwrap_or_default();
        line.chars().take_while(|it| matches!(it, ' ' | '\t')).collect()
    }

    fn level(&self, at: usize) -> usize {
        self.indent(at).chars().count() / 2
    }

    /// Whether there is a comment outside of quotation marks.
    fn has_comment(&self, range: &Range<usize>) -> bool {
        let mut quoted = false;
        let mut before = ' ';
        for character in self.text.get(range.clone()).unwrap_or_default().chars() {
            match (quoted, before, character) {
                (false, _, '#') | (false, '/', '/' | '*') => return true,
                (true, '\\', _) => {
                    before = ' ';
                    continue;
                }
                (_, _, '"') => quoted = !quoted,
                _ => {}
            }
            before = character;
        }
        false
    }
}
