//! What is declared and gone: the change of the configuration that does not declare it any more.
//!
//! A block is taken out only where nothing else would be left without what it names. What refers to it keeps it, unless
//! that is gone from the instance as well and goes with it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::edit::Edit;
use super::locate;
use super::outline::{Outline, Part, is_json};

/// How many of those that refer to a block a reason names.
const NAMED_MAX: usize = 3;

/// What takes the block of one resource away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Removal {
    /// By file.
    pub edits: Vec<(String, Edit)>,
    /// The addresses that refer to it and have to go as well.
    pub with: BTreeSet<String>,
}

/// What takes each of these addresses away, of which it is certain that the instance has no record; `Err` is why nothing
/// does, in whole sentences.
pub fn removals(
    outline: &Outline<'_>,
    gone: &BTreeMap<String, String>,
) -> BTreeMap<String, Result<Removal, String>> {
    let mut refused: BTreeMap<String, String> = BTreeMap::new();
    for (address, file) in gone {
        if let Err(reason) = may_go(outline, address, file) {
            refused.insert(address.clone(), reason);
        }
    }
    let naming = naming(outline, gone);
    // What stays keeps what it refers to, which then keeps what that refers to.
    loop {
        let before = refused.len();
        for address in gone.keys() {
            let goes = |it: &Part<'_>| {
                it.address.as_ref().is_some_and(|it| gone.contains_key(it) && !refused.contains_key(it))
            };
            let kept_by: Vec<&&Part<'_>> =
                naming.get(address).into_iter().flatten().filter(|it| !goes(it)).collect();
            if !kept_by.is_empty() && !refused.contains_key(address) {
                refused.insert(address.clone(), referred_to(outline, &kept_by));
            }
        }
        if refused.len() == before {
            break;
        }
    }
    let removal = |address: &String| match refused.get(address) {
        Some(reason) => Err(reason.clone()),
        None => removal(outline, address, &naming),
    };
    gone.keys().map(|it| (it.clone(), removal(it))).collect()
}

/// Whether the block of an address may be taken out for its own part.
fn may_go(outline: &Outline<'_>, address: &str, file: &str) -> Result<(), String> {
    if is_json(file) {
        return Err(format!("`{file}` is JSON, which no patch is made for: change it by hand."));
    }
    let body = outline.body(file).ok_or_else(|| format!("`{file}` is no file of the root module."))?;
    locate::block(body, address)?;
    match outline.declaring(address).as_slice() {
        [one] if one.is_guarded => {
            return Err(
                "Its block says `prevent_destroy`: remove it by hand if that does not hold any more."
                    .to_owned(),
            );
        }
        [_] => {}
        _ => return Err("A file overrides its block: remove both by hand.".to_owned()),
    }
    match outline.json_with(address).first() {
        Some(json) => Err(format!("`{json}` names it: remove both by hand.")),
        None => Ok(()),
    }
}

/// The blocks that name each address, apart from its own and those that only lead to it.
fn naming<'o, 'a>(
    outline: &'o Outline<'a>,
    gone: &BTreeMap<String, String>,
) -> BTreeMap<String, Vec<&'o Part<'a>>> {
    let mut naming: BTreeMap<String, Vec<&Part<'_>>> = BTreeMap::new();
    for block in &outline.blocks {
        let others = block.names.iter().filter(|it| gone.contains_key(*it));
        for address in others.filter(|it| block.address.as_ref() != Some(*it) && !is_about(block, it)) {
            naming.entry(address.clone()).or_default().push(block);
        }
    }
    naming
}

/// Whether a block is there for the sake of an address alone, such as its `import` block.
fn is_about(block: &Part<'_>, address: &str) -> bool {
    block.leads_to.as_deref() == Some(address)
}

fn referred_to(outline: &Outline<'_>, by: &[&&Part<'_>]) -> String {
    let named = by.iter().take(NAMED_MAX).map(|it| {
        let line = outline.text(it.file).and_then(|text| text.get(..it.range.start));
        format!("`{}` ({}:{})", it.title, it.file, line.map_or(0, |it| it.matches('\n').count()) + 1)
    });
    let named: Vec<String> = named.collect();
    let more = by.len().saturating_sub(named.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let verb = if by.len() == 1 { "refers" } else { "refer" };
    format!("{}{more} {verb} to it: decide what becomes of that first.", named.join(", "))
}

fn removal(
    outline: &Outline<'_>,
    address: &str,
    naming: &BTreeMap<String, Vec<&Part<'_>>>,
) -> Result<Removal, String> {
    let mut removal = Removal::default();
    let own =
        outline.blocks.iter().filter(|it| it.address.as_deref() == Some(address) || is_about(it, address));
    for block in own {
        let text = outline.text(block.file).unwrap_or_default();
        let range = lines_of(text, &block.range)
            .ok_or("Its block shares a line with something else: remove it by hand.")?;
        let edit = Edit { range, text: String::new(), attribute: String::new() };
        removal.edits.push((block.file.to_owned(), edit));
    }
    let referring = naming.get(address).into_iter().flatten();
    removal.with = referring.filter_map(|it| it.address.clone()).collect();
    Ok(removal)
}

/// The whole lines of a block, with the remarks directly above it and the empty line behind it.
fn lines_of(text: &str, block: &Range<usize>) -> Option<Range<usize>> {
    let line_start = |at: usize| text.get(..at).and_then(|it| it.rfind('\n')).map_or(0, |it| it + 1);
    let line_end =
        |at: usize| text.get(at..).and_then(|it| it.find('\n')).map_or(text.len(), |it| at + it + 1);
    let line = |start: usize| text.get(start..line_end(start)).unwrap_or_default();
    let mut start = line_start(block.start);
    let mut end = line_end(block.end.saturating_sub(1));
    let behind = text.get(block.end..end)?.trim();
    if !text.get(start..block.start)?.trim().is_empty() || !(behind.is_empty() || is_remark(behind)) {
        return None;
    }
    while start > 0 && is_remark(line(line_start(start - 1)).trim()) {
        start = line_start(start - 1);
    }
    if text.get(end..).is_some_and(|it| it.trim().is_empty()) {
        // At the end of a file it is the empty line before that would be left.
        end = text.len();
        while start > 0 && line(line_start(start - 1)).trim().is_empty() {
            start = line_start(start - 1);
        }
    } else if line(end).trim().is_empty() {
        end = line_end(end);
    }
    Some(start..end)
}

fn is_remark(line: &str) -> bool {
    line.starts_with('#') || line.starts_with("//")
}

#[cfg(test)]
mod tests;
