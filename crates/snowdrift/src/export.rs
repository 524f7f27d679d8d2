//! A brownfield instance as configuration: files that take over what exists, and a proof that nothing would change.
//!
//! What there is comes from the provider's own lists, how a person would write it from the rules by which the plugin
//! generates configuration, and the proof from its own imports, reads and plans.

pub mod arrange;
pub mod collect;
pub mod document;
pub mod existing;
pub mod expression;
pub mod identifier;
pub mod platform;
pub mod pointers;
pub mod prove;
pub mod references;
pub mod render;
pub mod selection;
pub mod usual;
#[allow(clippy::disallowed_methods, reason = "writes the files of an export")]
pub mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use collect::{Collected, Item};
use document::{ExportReport, Exported, FORMAT_VERSION, Reason, Skipped, Unresolved};
use existing::{Beside, Existing};
use expression::{Line, body};
use references::{Addresses, Writing};
use render::{Block, MARK, Secrets};
use selection::Selection;
use terraform_provider_servicenow::outside::Outside;
use write::{Texts, WriteError};

use crate::declared::{Inputs, LoadError};
use crate::live::{Live, Refused};
use crate::progress::Watch;

/// What to do and where.
#[derive(Debug, Default)]
pub struct Options {
    /// Where the files go.
    pub folder: PathBuf,
    /// What is exported.
    pub selection: Selection,
    /// Whether files that are there already are replaced.
    pub force: bool,
    /// A folder whose resources are left to it, with its variables.
    pub beside: Option<(PathBuf, Inputs)>,
    /// How secrets appear.
    pub secrets: Secrets,
}

/// Why there is no export.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The instance does not answer.
    #[error("{0}")]
    Instance(Refused),
    /// A folder cannot be looked at.
    #[error(transparent)]
    Folder(#[from] LoadError),
    /// A file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Exports what is selected, and proves that a plan of the folder would be empty.
///
/// # Errors
/// The instance does not answer, or a file cannot be read or written. What is left out is no error: the report says it.
pub async fn export(
    live: &Arc<Live>,
    options: &Options,
    watch: &dyn Watch,
) -> Result<ExportReport, ExportError> {
    let began = now();
    let folder = options.folder.as_path();
    let replaced = if options.force { write::own(folder) } else { BTreeSet::new() };
    let existing = Existing::of(folder, &|name| replaced.contains(name))?;
    let mut collected = collected(live, options, watch).await?;
    let mut report = ExportReport {
        format_version: FORMAT_VERSION,
        snowdrift_version: env!("CARGO_PKG_VERSION").to_owned(),
        began,
        instance: live.url.clone(),
        user: live.user.clone(),
        ..ExportReport::default()
    };
    let work = Work { live, options, existing: &existing, replaced: &replaced, items: &collected.items };
    let open = work.still_open(&mut report)?;
    work.write_files(&open, &mut report).await?;
    report.skipped = std::mem::take(&mut collected.skipped);
    report.skipped.sort_by(|one, other| {
        (one.reason, &one.table, &one.name, &one.id).cmp(&(
            other.reason,
            &other.table,
            &other.name,
            &other.id,
        ))
    });
    report.proof = prove::prove(live, folder, watch).await?;
    report.totals = totals(&report);
    report.ended = now();
    write::file(folder, document::FILE_NAME, &text(&report))?;
    Ok(report)
}

fn now() -> String {
    format!("{}Z", Outside::default().now().replace(' ', "T"))
}

/// The report as its file holds it.
pub fn text(report: &ExportReport) -> String {
    serde_json::to_string_pretty(report).map(|it| it + "\n").unwrap_or_default()
}

fn totals(report: &ExportReport) -> BTreeMap<String, u64> {
    let mut totals = BTreeMap::new();
    for it in report.written.iter().chain(&report.already_declared) {
        let type_name = it.address.split('.').next().unwrap_or_default();
        *totals.entry(type_name.to_owned()).or_default() += 1;
    }
    totals
}

/// Everything that is selected, in an order that does not depend on the instance.
async fn collected(live: &Arc<Live>, options: &Options, watch: &dyn Watch) -> Result<Collected, ExportError> {
    let selection = &options.selection;
    let refused = |it| ExportError::Instance(Refused(it));
    let mut collected = collect::collect(live, selection, watch).await.map_err(refused)?;
    if selection.is_everything() && !selection.include_platform {
        platform::leave_out(live, &mut collected).await;
    }
    pointers::add(live, &mut collected).await;
    let wanted = arrange::wanted(&collected.items, selection);
    let mut keep = wanted.iter().copied();
    collected.items.retain(|_| keep.next().unwrap_or_default());
    let left_out = wanted.iter().filter(|it| !**it).count();
    if left_out > 0 {
        collected.skipped.push(Skipped {
            reason: Reason::NotSelected,
            type_name: None,
            table: String::new(),
            id: None,
            name: None,
            count: u64::try_from(left_out).unwrap_or(u64::MAX),
            detail: "The filters of this export leave them out.".to_owned(),
        });
    }
    let order = |it: &Item| (rank(&it.type_name), it.label.to_lowercase(), it.id.clone());
    collected.items.sort_by_key(order);
    Ok(collected)
}

/// Where a type stands in a file: what others refer to comes first, the pointer last.
fn rank(type_name: &str) -> usize {
    const FIRST: [&str; 6] = [
        "servicenow_connection_alias",
        "servicenow_unifi_integration",
        "servicenow_oauth_provider",
        "servicenow_oauth_profile",
        "servicenow_retry_policy",
        "servicenow_unifi_environment",
    ];
    if pointers::is_pointer(type_name) {
        return usize::MAX;
    }
    if type_name.ends_with("_credential") {
        return FIRST.len();
    }
    FIRST.iter().position(|it| *it == type_name).unwrap_or(FIRST.len() + 1)
}

/// What an export works with once everything was read.
struct Work<'a> {
    live: &'a Live,
    options: &'a Options,
    existing: &'a Existing,
    replaced: &'a BTreeSet<String>,
    items: &'a [Item],
}

impl Work<'_> {
    /// The objects that nobody declares yet, by their places.
    fn still_open(&self, report: &mut ExportReport) -> Result<Vec<usize>, ExportError> {
        let Work { live, options, existing, items, .. } = self;
        let beside = match &options.beside {
            Some((folder, inputs)) => Some((folder, Beside::of(folder, inputs, live.schemas())?)),
            None => None,
        };
        let elsewhere = beside.as_ref().map(|(_, it)| it.declares(items)).unwrap_or_default();
        let mut open = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let here = existing.imported.get(&(item.type_name.clone(), item.id.clone()));
            if let Some(here) = here {
                report.already_declared.push(Exported { name: item.label.clone(), ..here.clone() });
            } else if let Some((address, (folder, _))) = elsewhere.get(&at).zip(beside.as_ref()) {
                let (address, id, name) = (address.clone(), item.id.clone(), item.label.clone());
                let file = folder.display().to_string();
                report.already_declared.push(Exported { address, id, name, file });
            } else {
                open.push(at);
            }
        }
        report.already_declared.sort();
        Ok(open)
    }

    /// Names, references and files of the objects that are still to be declared.
    async fn write_files(&self, open: &[usize], report: &mut ExportReport) -> Result<(), ExportError> {
        let Work { live, options, existing, items, .. } = self;
        let wanted: Vec<identifier::Wanted<'_>> = open
            .iter()
            .filter_map(|at| items.get(*at))
            .map(|it| identifier::Wanted { kind: &it.type_name, label: &it.label, id: &it.id })
            .collect();
        let assigned: BTreeMap<usize, String> =
            open.iter().copied().zip(identifier::assign(&wanted, &existing.taken)).collect();
        let mut addresses = Addresses::new();
        for (at, item) in items.iter().enumerate().filter(|(_, it)| !pointers::is_pointer(&it.type_name)) {
            let here = existing.imported.get(&(item.type_name.clone(), item.id.clone()));
            let new = assigned.get(&at).map(|name| format!("{}.{name}", item.type_name));
            if let Some(address) = here.map(|it| it.address.clone()).or(new) {
                addresses.insert(item.id.clone(), address);
            }
        }
        let names = references::names(live, items, &addresses).await;
        let cuts = references::circles(items, &addresses);
        let stems = arrange::files(items, &arrange::served(items));
        let mut texts = Texts::default();
        let mut placed: BTreeMap<String, Vec<Exported>> = BTreeMap::new();
        for (at, name) in &assigned {
            let (Some(item), Some(stem), Some(cut)) = (items.get(*at), stems.get(*at), cuts.get(*at)) else {
                continue;
            };
            let Some(schema) = live.schema(&item.type_name) else { continue };
            let is_allowed = |config: &tf_core::Object| !live.validate(&item.type_name, config).has_errors();
            let secrets = render::secrets(schema, &item.config, &is_allowed);
            let block = Block { item, name, schema, secrets: &secrets, provider: None };
            let writing = Writing { addresses: &addresses, names: &names, cut };
            texts.add(stem, block.text(&writing, options.secrets));
            if options.secrets == Secrets::Variables {
                block.variables().into_iter().for_each(|it| texts.add("variables", it));
            }
            report.secrets.extend(block.kept(options.secrets));
            report.unresolved.extend(unresolved(item, &block.address(), &writing));
            let (address, id, name) = (block.address(), item.id.clone(), item.label.clone());
            placed.entry(stem.clone()).or_default().push(Exported { address, id, name, file: String::new() });
        }
        self.put(&texts, placed, report)
    }

    /// Puts the texts into files: one that is there already is left alone, or replaced where that was asked for.
    fn put(
        &self,
        texts: &Texts,
        placed: BTreeMap<String, Vec<Exported>>,
        report: &mut ExportReport,
    ) -> Result<(), ExportError> {
        let Work { live, existing, replaced, .. } = self;
        let folder: &Path = &self.options.folder;
        let mut files = existing.files.clone();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut fresh: BTreeSet<String> = BTreeSet::new();
        for (stem, text) in texts.whole() {
            let file = write::free(stem, &files);
            write::file(folder, &file, &format!("{MARK} from {}.\n\n{text}", live.url))?;
            files.insert(file.clone());
            fresh.insert(file.clone());
            names.insert(stem.to_owned(), file);
        }
        if !existing.has_settings {
            let file = write::free("versions", &files);
            write::file(folder, &file, &settings())?;
            fresh.insert(file);
        }
        for old in replaced.difference(&fresh) {
            write::remove(folder, old)?;
        }
        for (stem, exported) in placed {
            let file = names.get(&stem).cloned().unwrap_or_default();
            report.written.extend(exported.into_iter().map(|it| Exported { file: file.clone(), ..it }));
        }
        report.written.sort();
        Ok(())
    }
}

/// Ids that nothing in the files declares and that have no name. A circle is told as such.
fn unresolved(item: &Item, address: &str, writing: &Writing<'_>) -> Vec<Unresolved> {
    let mut found = Vec::new();
    for (path, id) in references::ids(&item.config) {
        let is_cut = writing.cut.contains(&id);
        let named = references::lookup_at(&item.type_name, &path)
            .is_some_and(|it| writing.names.contains_key(&(it.table, id.clone())));
        if !is_cut && (named || writing.addresses.contains_key(&id)) {
            continue;
        }
        let detail = if is_cut {
            "What it refers to refers back to it, and Terraform refuses circles, so that the id stands there."
        } else {
            "Nothing in the files is that record: it was not selected, was left out, is declared elsewhere, may not be seen, or \
             does not exist. The id stands there, and a plan keeps it."
        };
        found.push(Unresolved {
            address: address.to_owned(),
            attribute: path.join("."),
            id,
            detail: detail.to_owned(),
        });
    }
    found
}

/// The file that names the provider.
fn settings() -> String {
    let remark = |it: &str| Line::Remark(it.to_owned());
    let about = body(
        &[
            remark(
                "The address of the instance and the sign-in come from the environment: SERVICENOW_INSTANCE_URL and",
            ),
            remark("SERVICENOW_USERNAME with SERVICENOW_PASSWORD, or another way to sign in."),
        ],
        0,
    );
    format!(
        "{MARK}.\n\nterraform {{\n  required_version = \">= 1.5\"\n\n  required_providers {{\n    servicenow = {{\n      source = \
         \"snowdrift/servicenow\"\n    }}\n  }}\n}}\n\n{about}provider \"servicenow\" {{}}\n"
    )
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at the files that were written")]
mod tests;
