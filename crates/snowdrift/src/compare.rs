//! Declared against live: what a plan of the provider would change is what differs.
//!
//! Nothing here has an opinion of its own about values. Each declared object is found on the instance, read with the
//! provider's own refresh and planned with the provider's own rules; the difference between the two is the finding. So
//! it cannot disagree with the plugin.

pub mod active;
pub mod beyond;
pub mod clone;
pub mod differences;
pub mod findings;
pub mod footing;
pub mod ignored;
pub mod matching;
pub mod news;
pub mod pair;
pub mod remembered;
mod rounds;
pub mod tables;
pub mod who;
pub mod wish;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};

use tf_core::{Object, Value};

use crate::config::Unmanaged;
use crate::declared::{self, Declared, Folder, Inputs, Known, Schemas};
use crate::live::Live;
use crate::progress::Watched;
use crate::report::{Class, Counts, Finding, InstanceReport, Problem, Severity, Since, Undecided};
use crate::status::standing::stand;
use crate::timings::Timings;
use footing::Footing;
use pair::{Declaration, Pair};
use rounds::Rounds;
use tables::Tables;

/// Where what is declared comes from.
#[derive(Debug)]
pub enum Source {
    /// A folder of HCL, evaluated here.
    Folder(Box<Folder>, Inputs),
    /// A state or a plan: values that are known already.
    Objects(Declared),
}

/// How to compare.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where records that nothing declares are looked for.
    pub unmanaged: Unmanaged,
    /// The alias of the provider block that is for this instance.
    pub provider: Option<String>,
    /// The users that the pipeline applies as; nothing is said of who wrote a secret where this is empty.
    pub written_by: Vec<String>,
    /// How bad each class is, where that differs from the usual.
    pub severity: BTreeMap<String, Severity>,
    /// Only what was written since then is told: `2026-11-22 12:00:00`, in UTC by the clock of the instance.
    pub since: Option<String>,
    /// Where the time goes.
    pub timings: Arc<Timings>,
    /// Who watches.
    pub watch: Watched,
    /// What is known beside the report, where something is missing or nowhere declared.
    pub footing: Arc<OnceLock<Footing>>,
}

/// Everything that a comparison came to, before it is told who did it.
#[derive(Debug, Default)]
pub struct Compared {
    /// What was found on both sides, by address.
    pub pairs: Vec<Pair>,
    /// Declared and not on the instance.
    pub missing: Vec<Declaration>,
    /// Declared, and hidden from this user, with the reason.
    pub hidden: Vec<(Declaration, String)>,
    /// What could not be compared.
    pub undecided: Vec<Undecided>,
}

impl Source {
    /// What it declares and is not settled. Objects are handed over once: nothing about them changes with what is known.
    fn declared(&mut self, schemas: &Schemas, known: &Known) -> Declared {
        match self {
            Source::Folder(folder, inputs) => folder.declared(inputs, schemas, known),
            Source::Objects(declared) => {
                let resources = std::mem::take(&mut declared.resources);
                Declared { resources, ..Declared::default() }
            }
        }
    }

    /// How many objects of each type it declares.
    fn counts(&self, schemas: &Schemas) -> declared::Counts {
        match self {
            Source::Folder(folder, inputs) => folder.counts(inputs, schemas),
            Source::Objects(declared) => declared.counts(),
        }
    }

    /// Whether nothing about it changes with what is known.
    fn is_final(&self) -> bool {
        matches!(self, Source::Objects(_))
    }

    fn undecided(&self) -> &[declared::Undecided] {
        match self {
            Source::Folder(..) => &[],
            Source::Objects(declared) => &declared.undecided,
        }
    }
}

/// Compares one instance. What stands in the way is a problem of the report, never a clean result.
pub async fn compare(
    live: &Arc<Live>,
    source: Source,
    options: &Options,
    declared_in: &str,
) -> InstanceReport {
    let mut report = InstanceReport {
        name: live.name.clone(),
        url: live.url.clone(),
        user: live.user.clone(),
        declared_in: declared_in.to_owned(),
        ..InstanceReport::default()
    };
    live.plan_anew();
    let timings = &options.timings;
    let counts = timings.of("counting", || source.counts(live.schemas()));
    if let Some(time) = &options.since {
        let nothing_new = !timings.during("tables", news::any(live, &counts, options, time)).await;
        report.since = Some(Since { time: who::time(time), nothing_new });
        if nothing_new {
            let ours = counts.iter().filter(|it| live.schema(it.0).is_some());
            report.counts = Counts {
                declared: ours.map(|it| it.1).sum(),
                requests: live.traffic.requests(),
                ..Counts::default()
            };
            return report;
        }
    }
    // Which tables are read follows from the types alone, so that the values are computed while the instance answers.
    let reading = timings.during("tables", Tables::look(live, &counts, options));
    let (tables, (source, first)) = tokio::join!(reading, evaluated(live, source, timings));
    let tables = Arc::new(tables);
    report.problems.extend(tables.problems.iter().cloned());
    let compared = Rounds::new(live, &tables, options).all(source, first).await;
    let findings = timings.during("findings", found(live, &compared, &tables, options)).await;
    report.integrations = timings.of("listing", || active::lines(live, &compared, &tables));
    timings.during("statuses", stand(live, &mut report.integrations, &tables)).await;
    if findings.iter().any(|it| matches!(it.class, Class::Missing | Class::Unmanaged)) {
        let _ = options.footing.set(Footing::of(&compared, &tables));
    }
    timings.of("listing", || finish(report, live, compared, findings, &tables))
}

/// What a source declares, computed on a thread of its own.
async fn evaluated(live: &Arc<Live>, mut source: Source, timings: &Arc<Timings>) -> (Source, Declared) {
    let (live, timings) = (Arc::clone(live), Arc::clone(timings));
    let work = move || {
        let first = timings.of("evaluation", || source.declared(live.schemas(), &Known::new()));
        (source, first)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(evaluated) => evaluated,
        // Work that began is never taken back, so that it ended with a mistake in this program: that goes the way that it
        // would have gone on this thread.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Everything that is to be told.
async fn found(live: &Live, compared: &Compared, tables: &Tables, options: &Options) -> Vec<Finding> {
    let mut findings = findings::of(live, compared, tables, options);
    findings.extend(clone::look(live).await);
    findings.extend(beyond::look(live, compared, tables, options));
    who::fill_in(live, &mut findings, tables).await;
    for finding in &mut findings {
        if let Some(severity) = options.severity.get(finding.class.word()) {
            finding.severity = *severity;
        }
    }
    tables.since(options, findings)
}

fn finish(
    mut report: InstanceReport,
    live: &Live,
    compared: Compared,
    mut findings: Vec<Finding>,
    tables: &Tables,
) -> InstanceReport {
    let touched: HashSet<&str> = findings.iter().filter_map(|it| it.address.as_deref()).collect();
    let doubtful: HashSet<&str> = compared.undecided.iter().map(|it| it.address.as_str()).collect();
    let addresses = || compared.pairs.iter().map(|it| it.declaration.address.as_str());
    report.clean =
        addresses().filter(|it| !touched.contains(it) && !doubtful.contains(it)).map(str::to_owned).collect();
    let declared = compared.pairs.len() + compared.missing.len() + compared.hidden.len();
    let paired: HashSet<&str> = addresses().filter(|it| doubtful.contains(it)).collect();
    let unmatched = doubtful.len() - paired.len();
    report.counts = Counts {
        declared: count(declared + unmatched),
        clean: count(report.clean.len()),
        live: count(tables.seen()),
        requests: live.traffic.requests(),
    };
    findings.sort_by(|one, other| {
        let key = |it: &Finding| {
            (std::cmp::Reverse(it.severity), it.address.clone(), it.record.as_ref().map(|it| it.name.clone()))
        };
        key(one).cmp(&key(other)).then_with(|| one.class.cmp(&other.class))
    });
    report.findings = findings;
    report.undecided = compared.undecided;
    report
        .undecided
        .sort_by(|one, other| (&one.address, &one.attribute).cmp(&(&other.address, &other.attribute)));
    report
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A text of an object.
pub fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}

/// A problem of the whole look, from the provider's messages.
pub fn problems(said: &tf_core::Diagnostics) -> Vec<Problem> {
    let problem =
        |it: &tf_core::Diagnostic| Problem { summary: it.summary.clone(), detail: it.detail.clone() };
    said.0.iter().filter(|it| it.severity == tf_core::Severity::Error).map(problem).collect()
}

#[cfg(test)]
pub(crate) mod tests;
