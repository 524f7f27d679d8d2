//! The patch of each finding, and the changes of files that a person asked for.
//!
//! Values that differ are changed where they stand. A declaration is only taken away for a record of which it is certain that
//! it is gone: whoever hides records must not cost anybody what is declared.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::addition::{self, Addition, FILE_NAME, Soil};
use super::outline::Outline;
use super::removal::{Removal, removals};
use super::{Adoption, Ends, addresses, disk, edit::Edit, fill, patches, unified, value_edits};
use crate::compare::footing::Footing;
use crate::export::existing::Existing;
use crate::live::Live;
use crate::report::{Class, Finding, InstanceReport};

/// Records for which blocks are offered in one report: each has to be read and planned, and nobody reads more patches.
/// Where they are asked for, all are made.
const OFFERED_MAX: usize = 200;

/// What is declared, where, and for whom.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// The folder of the root module; nothing where a state or a plan is compared.
    pub folder: Option<PathBuf>,
    /// The alias of the provider block that is for this instance.
    pub provider: Option<String>,
    /// Another instance that the same blocks are for.
    pub shared_with: Option<String>,
}

/// Which findings the files are to be changed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Those about values.
    pub values: bool,
    /// Those about what is declared and gone.
    pub missing: bool,
    /// Those about what is nowhere declared.
    pub unmanaged: bool,
}

impl Asked {
    /// Whether any file is to be changed.
    pub fn is_any(self) -> bool {
        self.values || self.missing || self.unmanaged
    }
}

/// Puts a patch, or why there is none, into each finding. Returns what was asked for as changes of files.
pub async fn offer(
    live: &Arc<Live>,
    report: &mut InstanceReport,
    footing: &Footing,
    ground: &Ground,
    asked: Asked,
) -> Adoption {
    let mut files = disk::read(&report.findings);
    let known = addresses(report);
    fill(&files, &mut report.findings, &known);
    let (mut edits, by_hand) = if asked.values {
        value_edits(&files, &report.findings, &known)
    } else {
        (BTreeMap::new(), BTreeMap::new())
    };
    let mut ends = Ends::new();
    let is_about_blocks = |it: &Finding| matches!(it.class, Class::Missing | Class::Unmanaged);
    if let Some(folder) = ground.folder.as_ref().filter(|_| report.findings.iter().any(is_about_blocks)) {
        let whole = disk::folder(folder);
        let outline = Outline::of(&whole);
        let gone = gone(report, footing, ground);
        let gone = offer_removals(report, &outline, &gone);
        let found = offer_additions(live, report, footing, ground, &outline, (folder, asked)).await;
        if asked.missing {
            gone.into_values()
                .flat_map(|it| it.edits)
                .for_each(|(file, it)| edits.entry(file).or_default().push(it));
        }
        if asked.unmanaged {
            found.into_values().for_each(|it| ends.entry(it.file).or_default().push(it.text));
        }
        files.extend(whole);
    }
    report.counts.requests = live.traffic.requests();
    Adoption { patches: patches(&files, edits, &ends), by_hand }
}

/// Why nothing that follows from what was not found, or from what was found alone, is to be trusted.
fn in_general(report: &InstanceReport, ground: &Ground) -> Option<String> {
    let is_copy = |it: &&Finding| it.class == Class::CloneDetected;
    if let Some(problem) = report.problems.first() {
        return Some(format!("The look is not complete ({}).", problem.summary));
    }
    if report.findings.iter().any(|it| is_copy(&it)) {
        return Some("The instance is not the one that is expected.".to_owned());
    }
    let other = ground.shared_with.as_ref()?;
    Some(format!("The same blocks are for the instance \"{other}\" as well."))
}

/// What is certain to be gone: the file of each address; `Err` is why it is not certain.
fn gone(
    report: &InstanceReport,
    footing: &Footing,
    ground: &Ground,
) -> BTreeMap<String, Result<String, String>> {
    let general = in_general(report, ground);
    let missing = report.findings.iter().filter(|it| it.class == Class::Missing);
    let mut gone = BTreeMap::new();
    for finding in missing {
        let (Some(address), Some(place)) = (&finding.address, &finding.place) else { continue };
        let certain = match &general {
            Some(reason) => Err(reason.clone()),
            None if footing.whole.contains(&finding.type_name) => Ok(place.file.clone()),
            None => Err("That it is gone is not certain: this user does not see every row of its table, or sees none, or the \
                         table is too large to be read whole."
                .to_owned()),
        };
        gone.insert(address.clone(), certain);
    }
    gone
}

/// Offers what takes away the blocks of what is gone. Returns what can be taken away.
fn offer_removals(
    report: &mut InstanceReport,
    outline: &Outline<'_>,
    gone: &BTreeMap<String, Result<String, String>>,
) -> BTreeMap<String, Removal> {
    let certain = gone.iter().filter_map(|(address, it)| Some((address.clone(), it.as_ref().ok()?.clone())));
    let removals = removals(outline, &certain.collect());
    let mut possible = BTreeMap::new();
    for finding in report.findings.iter_mut().filter(|it| it.class == Class::Missing) {
        let Some(address) = finding.address.clone() else { continue };
        let reason = match (removals.get(&address), gone.get(&address)) {
            (Some(Ok(removal)), _) => {
                let all = closed(&address, &removals, |it| &it.with);
                let patch = all.as_ref().map(|all| removing(outline, all));
                finding.remedy.adopt = patch;
                finding.remedy.by_hand = Some(going_with(&address, all.as_deref().unwrap_or_default()));
                possible.insert(address, removal.clone());
                continue;
            }
            (Some(Err(reason)), _) | (None, Some(Err(reason))) => reason,
            (None, _) => continue,
        };
        let known = finding.remedy.by_hand.take().map(|it| format!("{it} ")).unwrap_or_default();
        finding.remedy.by_hand = Some(format!("{known}No patch is made. {reason}"));
    }
    possible
}

/// A thing with all that has to go with it, each once.
fn closed<'a, T>(
    key: &str,
    all: &'a BTreeMap<String, Result<T, String>>,
    with: impl Fn(&T) -> &BTreeSet<String>,
) -> Option<Vec<(&'a str, &'a T)>> {
    let (mut open, mut seen) = (vec![key.to_owned()], BTreeMap::new());
    while let Some(key) = open.pop() {
        let (key, it) = all.get_key_value(&key)?;
        let it = it.as_ref().ok()?;
        if seen.insert(key.as_str(), it).is_none() {
            open.extend(with(it).iter().cloned());
        }
    }
    Some(seen.into_iter().collect())
}

fn going_with(address: &str, all: &[(&str, &Removal)]) -> String {
    let others: Vec<String> =
        all.iter().filter(|it| it.0 != address).map(|it| format!("`{}`", it.0)).collect();
    let with = match others.as_slice() {
        [] => String::new(),
        _ => format!(" What refers to it is gone as well and goes with it: {}.", others.join(", ")),
    };
    format!("If it is not wanted any more, `snowdrift drift --write-missing` takes its block away.{with}")
}

fn removing(outline: &Outline<'_>, all: &[(&str, &Removal)]) -> String {
    let mut by_file: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    for (file, edit) in all.iter().flat_map(|it| &it.1.edits) {
        by_file.entry(file).or_default().push(edit.clone());
    }
    let of_file = |(file, edits): (&str, Vec<Edit>)| {
        outline.text(file).map(|text| unified::of_edits(file, text, &edits)).unwrap_or_default()
    };
    by_file.into_iter().map(of_file).collect()
}

/// Offers the blocks that take over what is nowhere declared. Returns what can be taken over, by id.
async fn offer_additions(
    live: &Arc<Live>,
    report: &mut InstanceReport,
    footing: &Footing,
    ground: &Ground,
    outline: &Outline<'_>,
    (folder, asked): (&Path, Asked),
) -> BTreeMap<String, Addition> {
    let general = in_general(report, ground);
    let is_unmanaged = |it: &&Finding| it.class == Class::Unmanaged;
    let records =
        report.findings.iter().filter(is_unmanaged).filter_map(|it| Some((it.record.as_ref()?, it)));
    let most = if asked.unmanaged { usize::MAX } else { OFFERED_MAX };
    let wanted: BTreeMap<String, String> =
        records.take(most).map(|(record, it)| (record.sys_id.clone(), it.type_name.clone())).collect();
    let (open, wanted): (BTreeMap<_, _>, BTreeMap<_, _>) =
        wanted.into_iter().partition(|it| may_be(report, outline, ground, &it.1).is_some());
    let mut additions = match (&general, Existing::of(folder, &|_| false)) {
        (Some(reason), _) => refused(&wanted, reason),
        (None, Err(error)) => refused(&wanted, &format!("{error}.")),
        (None, Ok(existing)) => {
            let soil = Soil {
                outline,
                addresses: &footing.addresses,
                taken: &existing.taken,
                provider: ground.provider.as_deref(),
                file: disk::named(&folder.join(FILE_NAME)),
            };
            addition::additions(live, &wanted, &soil).await
        }
    };
    for (id, type_name) in open {
        let address = may_be(report, outline, ground, &type_name).unwrap_or_default();
        let reason = format!("`{address}` may be it, which is declared and could not be decided.");
        additions.insert(id, Err(reason));
    }
    for finding in report.findings.iter_mut().filter(|it| it.class == Class::Unmanaged) {
        let Some(id) = finding.record.as_ref().map(|it| it.sys_id.as_str()) else { continue };
        match additions.get(id) {
            Some(Ok(_)) => {
                let all = closed(id, &additions, |it| &it.with);
                finding.remedy.adopt = all.map(|it| adding(outline, &it));
                let words = "`snowdrift drift --write-unmanaged` declares it as it is; or delete the record on the instance.";
                finding.remedy.by_hand = Some(words.to_owned());
            }
            Some(Err(reason)) => {
                let known = finding.remedy.by_hand.take().map(|it| format!("{it} ")).unwrap_or_default();
                finding.remedy.by_hand = Some(format!("{known}No patch is made. {reason}"));
            }
            None => {}
        }
    }
    additions.into_iter().filter_map(|(id, it)| Some((id, it.ok()?))).collect()
}

/// Something that is declared, was not matched with any record, and may be one of that type.
fn may_be(
    report: &InstanceReport,
    outline: &Outline<'_>,
    ground: &Ground,
    type_name: &str,
) -> Option<String> {
    let is_of_another = |address: &str| {
        let block = outline.declaring(address.split('[').next().unwrap_or(address));
        block.first().is_some_and(|it| it.provider != ground.provider)
    };
    // A module of which nothing is known may declare anything.
    let is_type = |address: &str| match address.split('.').find(|it| it.starts_with("servicenow_")) {
        Some(own) => own == type_name,
        None => address.starts_with("module."),
    };
    let whole = report.undecided.iter().filter(|it| it.attribute.is_none()).map(|it| it.address.as_str());
    whole.filter(|it| is_type(it)).find(|it| !is_of_another(it)).map(str::to_owned)
}

fn refused(wanted: &BTreeMap<String, String>, reason: &str) -> BTreeMap<String, Result<Addition, String>> {
    wanted.keys().map(|it| (it.clone(), Err(reason.to_owned()))).collect()
}

fn adding(outline: &Outline<'_>, all: &[(&str, &Addition)]) -> String {
    let mut by_file: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (_, it) in all {
        by_file.entry(&it.file).or_default().push(it.text.clone());
    }
    let of_file = |(file, parts): (&str, Vec<String>)| unified::of_end(file, outline.text(file), &parts);
    by_file.into_iter().map(of_file).collect()
}
