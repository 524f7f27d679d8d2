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
pub mod ignored;
pub mod matching;
pub mod news;
pub mod remembered;
pub mod tables;
pub mod who;
pub mod wish;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tf_core::{Object, Value};
use tf_plugin::State;
use tokio::task::JoinSet;

use crate::config::Unmanaged;
use crate::declared::{Declared, Folder, Inputs, Known, Resource};
use crate::live::Live;
use crate::progress::Watched;
use crate::report::{Counts, Finding, InstanceReport, Problem, Severity, Since, Undecided};
use crate::timings::Timings;
use differences::Differing;
use matching::{Match, Matcher};
use tables::Tables;
use wish::Wish;

/// Rounds of evaluating and matching at most: references between resources are rarely five deep, and each round that
/// finds nothing new is the last one anyway.
const ROUNDS_MAX: usize = 16;

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
}

/// A declared object that was found on the instance.
#[derive(Debug)]
pub struct Pair {
    /// What is declared.
    pub resource: Resource,
    /// What is live.
    pub state: State,
    /// How the two differ.
    pub differing: Differing,
}

/// Everything that a comparison came to, before it is told who did it.
#[derive(Debug, Default)]
pub struct Compared {
    /// What was found on both sides, by address.
    pub pairs: Vec<Pair>,
    /// Declared and not on the instance.
    pub missing: Vec<Resource>,
    /// Declared, and hidden from this user, with the reason.
    pub hidden: Vec<(Resource, String)>,
    /// What could not be compared.
    pub undecided: Vec<Undecided>,
}

impl Source {
    /// What it declares. Objects are handed over once: nothing about them changes with what is known.
    fn declared(&mut self, live: &Live, known: &Known) -> Declared {
        match self {
            Source::Folder(folder, inputs) => folder.declared(inputs, live.schemas(), known),
            Source::Objects(declared) => {
                let resources = std::mem::take(&mut declared.resources);
                Declared { resources, ..Declared::default() }
            }
        }
    }

    fn undecided(&self) -> &[crate::declared::Undecided] {
        match self {
            Source::Folder(..) => &[],
            Source::Objects(declared) => &declared.undecided,
        }
    }
}

/// Compares one instance. What stands in the way is a problem of the report, never a clean result.
pub async fn compare(
    live: &Arc<Live>,
    mut source: Source,
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
    let first = timings.of("evaluation", || source.declared(live, &Known::new()));
    if let Some(time) = &options.since {
        let nothing_new = !timings.during("tables", news::any(live, &first, options, time)).await;
        report.since = Some(Since { time: who::time(time), nothing_new });
        if nothing_new {
            let ours = first.resources.iter().filter(|it| live.schema(&it.type_name).is_some());
            report.counts = Counts {
                declared: count(ours.count()),
                requests: live.traffic.requests(),
                ..Counts::default()
            };
            return report;
        }
    }
    let tables = Arc::new(timings.during("tables", Tables::look(live, &first, options)).await);
    report.problems.extend(tables.problems.iter().cloned());
    let (matched, undecided) = matched(live, source, options, &tables, first).await;
    let mut compared = timings.during("planning", planned(live, matched)).await;
    compared.undecided.extend(undecided.iter().filter_map(of_this_provider(live)));
    let findings = timings.during("findings", found(live, &compared, &tables, options)).await;
    report.integrations = active::lines(live, &compared, &tables);
    finish(report, live, compared, findings, &tables)
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
    let touched: BTreeSet<&str> = findings.iter().filter_map(|it| it.address.as_deref()).collect();
    let doubtful: BTreeSet<&str> = compared.undecided.iter().map(|it| it.address.as_str()).collect();
    let clean = compared.pairs.iter().map(|it| it.resource.address.as_str());
    report.clean =
        clean.filter(|it| !touched.contains(it) && !doubtful.contains(it)).map(str::to_owned).collect();
    let declared = compared.pairs.len() + compared.missing.len() + compared.hidden.len();
    let paired: BTreeSet<&str> = compared.pairs.iter().map(|it| it.resource.address.as_str()).collect();
    let unmatched = doubtful.difference(&paired).count();
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

/// What was undecided as a whole, apart from resources of other providers.
fn of_this_provider(live: &Live) -> impl Fn(&crate::declared::Undecided) -> Option<Undecided> {
    let types: BTreeSet<String> = live.schemas().keys().cloned().collect();
    move |it| {
        let last = it.address.rsplit_once("module.").map_or(it.address.as_str(), |_| "module");
        let type_name = last.split('.').next().unwrap_or(last);
        (type_name == "module" || types.contains(type_name)).then(|| Undecided {
            address: it.address.clone(),
            attribute: None,
            place: findings::place(&it.place),
            reasons: it.reasons.iter().map(|it| findings::sentence(it)).collect(),
        })
    }
}

/// What every declared object was matched with, by evaluating again what could not be decided before its references were
/// found. What was undecided as a whole comes beside. The files are forgotten on return.
async fn matched(
    live: &Arc<Live>,
    mut source: Source,
    options: &Options,
    tables: &Arc<Tables>,
    first: Declared,
) -> (Vec<(Resource, Match)>, Vec<crate::declared::Undecided>) {
    let timings = &options.timings;
    let mut matcher =
        Matcher::new(live.clone(), tables.clone(), options.provider.clone(), options.watch.clone());
    let mut declared = first;
    for _ in 0..ROUNDS_MAX {
        let resources = std::mem::take(&mut declared.resources);
        let (found, resources) = timings.during("matching", matcher.round(resources)).await;
        declared.resources = resources;
        if found == 0 || matches!(source, Source::Objects(_)) || declared.is_decided() {
            break;
        }
        // Both at a time would be twice the memory.
        drop(declared);
        declared = timings.of("evaluation", || source.declared(live, matcher.known()));
    }
    declared.undecided.extend(source.undecided().iter().cloned());
    drop(source);
    (matcher.finish(declared.resources), declared.undecided)
}

/// Plans what was found on both sides.
async fn planned(live: &Arc<Live>, matched: Vec<(Resource, Match)>) -> Compared {
    let mut compared = Compared::default();
    let mut plans = JoinSet::new();
    for (resource, found) in matched {
        match found {
            Match::Live(state) => {
                let live = live.clone();
                plans.spawn(async move { plan(&live, resource, *state).await });
            }
            Match::Missing => compared.missing.push(resource),
            Match::Hidden(reason) => compared.hidden.push((resource, reason)),
            Match::Undecided(reasons) => compared.undecided.push(Undecided {
                address: resource.address.clone(),
                attribute: None,
                place: findings::place(&resource.place),
                reasons: reasons.iter().map(|it| findings::sentence(it)).collect(),
            }),
        }
    }
    for (pair, undecided) in plans.join_all().await {
        compared.undecided.extend(undecided);
        compared.pairs.push(pair);
    }
    compared.pairs.sort_by(|one, other| one.resource.address.cmp(&other.resource.address));
    compared
}

async fn plan(live: &Live, resource: Resource, state: State) -> (Pair, Vec<Undecided>) {
    let wish = Wish::of(live, &resource);
    let undecided =
        |attribute: Option<&str>, place: &crate::declared::Place, reasons: Vec<String>| Undecided {
            address: resource.address.clone(),
            attribute: attribute.map(str::to_owned),
            place: findings::place(place),
            reasons: reasons.iter().map(|it| findings::sentence(it)).collect(),
        };
    let mut doubts: Vec<Undecided> =
        wish.undecided.iter().map(|(name, it)| undecided(Some(name), &it.place, it.doubts.clone())).collect();
    let (config, prior) = wish.beside(live, &state);
    let prior = State { object: prior, private: state.private.clone() };
    let planned = live.plan(&resource.type_name, Some(&prior), &config).await;
    let errors = planned.said.0.iter().filter(|it| it.severity == tf_core::Severity::Error);
    let errors: Vec<String> = errors.map(|it| format!("{}: {}", it.summary, it.detail)).collect();
    if !errors.is_empty() {
        doubts.push(undecided(None, &resource.place, errors));
    }
    let differing = differences::between(live, &resource, &wish, &prior.object, &planned.object);
    (Pair { resource, state: prior, differing }, doubts)
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
mod tests;
