//! Adopting what is live: the change of the configuration that declares it, with comments and layout as they were.
//!
//! A value is only written where a plain value stands in the resource's own block. What comes from a variable, a
//! function or a module is told instead, because a change there would change more than what was found.

pub mod addition;
#[allow(clippy::disallowed_methods, reason = "reads and writes the files that are adopted into")]
pub mod disk;
pub mod edit;
pub mod literal;
pub mod locate;
pub mod offer;
pub mod outline;
pub mod removal;
pub mod unified;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use hcl_edit::Span as _;
use hcl_edit::structure::{Block, Body};
use tf_core::{Mode, Schema};

use crate::report::{Difference, Finding, InstanceReport, Values};
use edit::Edit;

/// The files of a configuration as they are, by the path that places name.
pub type Files = BTreeMap<String, String>;

/// The addresses of declared resources by the id of their record, for values that refer to another resource.
pub type Addresses = BTreeMap<String, String>;

/// What is added at the end of files, by the path of each.
pub type Ends = BTreeMap<String, Vec<String>>;

/// What a patch does to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePatch {
    /// Which.
    pub file: String,
    /// Its text as it is.
    pub before: String,
    /// Its text as it is to be.
    pub after: String,
    /// The unified difference.
    pub unified: String,
}

/// What can be adopted, and what a person has to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adoption {
    /// One patch for each file that changes, by path.
    pub patches: Vec<FilePatch>,
    /// Why some of a finding cannot be adopted by a patch, by its fingerprint.
    pub by_hand: BTreeMap<String, Vec<String>>,
}

/// What is to be done for one finding.
struct Step {
    file: String,
    /// Where its block is.
    block: Range<usize>,
    edits: Vec<Edit>,
    by_hand: Vec<String>,
}

/// The addresses of resources of the root module, by the ids of their records on an instance.
pub fn addresses(instance: &InstanceReport) -> Addresses {
    let mut known = Addresses::new();
    for integration in &instance.integrations {
        let connections = integration.connections.iter().map(|it| (&it.sys_id, &it.address));
        for (id, address) in connections.chain([(&integration.sys_id, &integration.address)]) {
            if let Some(address) = address.as_ref().filter(|it| locate::is_plain(it)) {
                known.insert(id.clone(), address.clone());
            }
        }
    }
    known
}

/// The patches that adopt what is live in all of these findings.
pub fn adopt<'a>(
    files: &Files,
    findings: impl IntoIterator<Item = &'a Finding>,
    addresses: &Addresses,
) -> Adoption {
    let (edits, by_hand) = value_edits(files, findings, addresses);
    Adoption { patches: patches(files, edits, &Ends::new()), by_hand }
}

/// Edits by the file that they are for, and why some of a finding has none, by its fingerprint.
pub type Edits = (BTreeMap<String, Vec<Edit>>, BTreeMap<String, Vec<String>>);

/// The edits after which the files declare the values that are live.
pub fn value_edits<'a>(
    files: &Files,
    findings: impl IntoIterator<Item = &'a Finding>,
    addresses: &Addresses,
) -> Edits {
    let sources = Sources::new(files);
    let mut by_hand: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut edits: BTreeMap<String, Vec<Edit>> = BTreeMap::new();
    for finding in findings.into_iter().filter(|it| is_written(it)) {
        let mut reasons = match sources.step(finding, addresses) {
            Ok(mut step) => {
                let known = edits.entry(step.file).or_default();
                let new: Vec<Edit> = step.edits.into_iter().filter(|it| !known.contains(it)).collect();
                if new.iter().any(|it| known.iter().any(|other| it.contradicts(other))) {
                    let reason = "Another finding changes the same lines: adopt one after the other.";
                    step.by_hand.push(reason.to_owned());
                } else {
                    known.extend(new);
                }
                step.by_hand
            }
            Err(reason) => vec![reason],
        };
        if !reasons.is_empty() {
            by_hand.entry(finding.fingerprint.clone()).or_default().append(&mut reasons);
        }
    }
    (edits, by_hand)
}

/// The files with these edits made and these ends added.
pub fn patches(files: &Files, mut edits: BTreeMap<String, Vec<Edit>>, ends: &Ends) -> Vec<FilePatch> {
    let names: BTreeSet<String> = edits.keys().chain(ends.keys()).cloned().collect();
    let patch = |file: String| {
        let known = files.get(&file);
        let before = known.cloned().unwrap_or_default();
        let edited = edit::applied(&before, &edits.remove(&file).unwrap_or_default());
        let after = ended(&edited, ends.get(&file).map(Vec::as_slice).unwrap_or_default());
        let unified = unified::between((known.map(|_| file.as_str()), &file), &before, &after, 0);
        (before != after).then_some(FilePatch { file, before, after, unified })
    };
    names.into_iter().filter_map(patch).collect()
}

/// A text with more blocks at its end, an empty line before each.
pub fn ended(text: &str, parts: &[String]) -> String {
    let mut all = text.to_owned();
    for part in parts {
        if !all.is_empty() && !all.ends_with('\n') {
            all.push('\n');
        }
        if !all.is_empty() && !all.ends_with("\n\n") && !all.ends_with("\n\r\n") {
            all.push('\n');
        }
        all.push_str(part);
    }
    let is_windows = text.contains("\r\n");
    if is_windows { all.replace("\r\n", "\n").replace('\n', "\r\n") } else { all }
}

/// Puts the patch of each finding, or what a person has to do instead, into its remedy.
pub fn fill(files: &Files, findings: &mut [Finding], addresses: &Addresses) {
    let sources = Sources::new(files);
    for finding in findings.iter_mut().filter(|it| is_written(it)) {
        let (patch, reasons) = match sources.step(finding, addresses) {
            Ok(step) => (sources.patch(&step), step.by_hand),
            Err(reason) => (None, vec![reason]),
        };
        finding.remedy.adopt = patch.or(finding.remedy.adopt.take());
        let all: Vec<String> = finding.remedy.by_hand.take().into_iter().chain(reasons).collect();
        finding.remedy.by_hand = (!all.is_empty()).then(|| all.join(" "));
    }
}

/// Whether it is about values that stand in a file.
fn is_written(finding: &Finding) -> bool {
    finding.place.is_some() && !finding.differences.is_empty()
}

/// Parsed files.
struct Sources<'a> {
    files: BTreeMap<&'a str, (&'a str, Result<Body, String>)>,
}

impl<'a> Sources<'a> {
    fn new(files: &'a Files) -> Sources<'a> {
        let parsed = |text: &str| hcl_edit::parser::parse_body(text).map_err(|it| it.message().to_owned());
        let files = files.iter().map(|(path, text)| (path.as_str(), (text.as_str(), parsed(text))));
        Sources { files: files.collect() }
    }

    /// What is to be done for a finding; `Err` is why nothing can be.
    fn step(&self, finding: &Finding, addresses: &Addresses) -> Result<Step, String> {
        let address = finding.address.as_ref().ok_or("Nothing declares it.")?;
        let place =
            finding.place.as_ref().ok_or_else(|| format!("Where `{address}` is declared is not known."))?;
        let (text, body) = self
            .files
            .get(place.file.as_str())
            .ok_or_else(|| format!("`{}`, which declares `{address}`, was not read.", place.file))?;
        if place.file.ends_with(".json") {
            return Err(format!("`{}` is JSON, which no patch is made for: change it by hand.", place.file));
        }
        let body = body.as_ref().map_err(|it| format!("`{}` is not HCL: {it}.", place.file))?;
        let block = locate::block(body, address)?;
        let range = block.span().ok_or("Where the block stands is not known.")?;
        let mut step =
            Step { file: place.file.clone(), block: range, edits: Vec::new(), by_hand: Vec::new() };
        let mut done = BTreeSet::new();
        let leaving = leaving(&finding.differences);
        for difference in &finding.differences {
            let Values::Shown { declared, live } = &difference.values else {
                let reason = "is not shown: put the new value where the secret comes from.";
                step.by_hand.push(format!("`{}` {reason}", difference.attribute));
                continue;
            };
            if let Some(other) = difference.place.as_ref().filter(|it| it.file != place.file) {
                let reason = format!("is overridden in `{}`: change it there.", other.file);
                step.by_hand.push(format!("`{}` {reason}", difference.attribute));
                continue;
            }
            if live.is_null() && is_required(&finding.type_name, &difference.attribute) {
                let reason = "is not set on the instance, and the provider requires it: set it there, or remove the block.";
                step.by_hand.push(format!("`{}` {reason}", difference.attribute));
                continue;
            }
            let wish = edit::Wish { declared, live, addresses, leaving: &leaving };
            let checked = locate::path(&difference.attribute)
                .and_then(|path| edit::edits(text, block, &path, &wish).map(|it| (path, it)))
                .and_then(|(path, edits)| verified(text, &step, block, edits, &path, &wish));
            match checked {
                Ok(edits) if done.insert(&difference.attribute) => step.edits.extend(edits),
                Ok(_) => {}
                Err(reason) => step.by_hand.push(format!("`{}` {reason}", difference.attribute)),
            }
        }
        Ok(step)
    }

    /// The unified difference of one step, as if it were the only one.
    fn patch(&self, step: &Step) -> Option<String> {
        let (text, _) = self.files.get(step.file.as_str()).filter(|_| !step.edits.is_empty())?;
        let (range, line) = unified::around(text, &step.block);
        let before = text.get(range.clone())?;
        let after = edit::applied(before, &edit::shifted(&step.edits, range.start));
        Some(unified::between((Some(&step.file), &step.file), before, &after, line))
    }
}

/// The attributes that are live unset.
fn leaving(differences: &[Difference]) -> BTreeSet<String> {
    let is_unset = |it: &&Difference| matches!(&it.values, Values::Shown { live, .. } if live.is_null());
    differences.iter().filter(is_unset).map(|it| it.attribute.clone()).collect()
}

/// Whether a type has no objects without that attribute.
fn is_required(type_name: &str, attribute: &str) -> bool {
    static REQUIRED: LazyLock<BTreeSet<(String, String)>> = LazyLock::new(|| {
        let of = |(type_name, schema): (String, Schema)| {
            let required =
                schema.block.attributes.into_iter().filter(|it| it.behavior.mode == Mode::Required);
            required.map(|it| (type_name.clone(), it.name)).collect::<Vec<_>>()
        };
        crate::live::schemas().into_iter().flat_map(of).collect()
    });
    REQUIRED.contains(&(type_name.to_owned(), attribute.to_owned()))
}

/// The edits, if the block then declares what is live and everything else of it is as it was. HCL has more ways to write a
/// thing than an edit foresees; what would come out wrong is left to a person.
fn verified(
    text: &str,
    step: &Step,
    block: &Block,
    edits: Vec<Edit>,
    path: &[locate::Part],
    wish: &edit::Wish<'_>,
) -> Result<Vec<Edit>, String> {
    let wrong = || "is written in a way that a patch cannot change safely: change it by hand.".to_owned();
    if step.edits.iter().any(|it| edits.iter().any(|other| it.contradicts(other))) {
        return Err(wrong());
    }
    let all: Vec<Edit> = step.edits.iter().chain(&edits).cloned().collect();
    let before = text.get(step.block.clone()).ok_or_else(wrong)?;
    let after = edit::applied(before, &edit::shifted(&all, step.block.start));
    let body = hcl_edit::parser::parse_body(&after).map_err(|_| wrong())?;
    let changed = body.blocks().next().filter(|_| body.len() == 1).ok_or_else(wrong)?;
    let reached = edit::declares(changed, path, wish);
    let touched: BTreeSet<&str> = all.iter().map(|it| it.attribute.as_str()).collect();
    if reached && literal::same_besides(block, changed, &touched) { Ok(edits) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests;
