//! Several reports as one: the shares of a fleet, or instances that were looked at apart.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use crate::formats::words::severest_first;
use crate::report::{
    ConnectionLine, Counts, FORMAT_VERSION, Finding, InstanceReport, IntegrationLine, Problem, Report, Shard,
};

/// A report, and what it is called in messages.
#[derive(Clone, Debug)]
pub struct Part {
    /// Such as the path of its file.
    pub name: String,
    /// What is in it.
    pub report: Report,
}

/// What becomes of an instance that several reports of the whole have looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Twice {
    /// It is refused, because one of them must be old.
    #[default]
    Refuse,
    /// The one that began last counts.
    Newest,
}

/// Why reports cannot be merged. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// Two reports have looked at the same instance as a whole.
    #[error(
        "`{one}` and `{other}` both look at the instance \"{instance}\", and not as shares of one run: leave one out, or take the later one with `--newest`"
    )]
    Twice {
        /// Its name.
        instance: String,
        /// The first report.
        one: String,
        /// The second report.
        other: String,
    },
    /// The same name stands for two instances.
    #[error(
        "\"{instance}\" is at {one_url} in `{one}` and at {other_url} in `{other}`: give each instance a name of its own"
    )]
    TwoAddresses {
        /// Its name.
        instance: String,
        /// The first report.
        one: String,
        /// Its address there.
        one_url: String,
        /// The second report.
        other: String,
        /// Its address there.
        other_url: String,
    },
    /// Two shares contradict each other.
    #[error(
        "`{one}` and `{other}` contradict each other about {subject} of \"{instance}\": they are not of one run over the same declarations"
    )]
    Contradiction {
        /// The instance.
        instance: String,
        /// What they contradict each other about.
        subject: String,
        /// The first report.
        one: String,
        /// The second report.
        other: String,
    },
    /// Shares of fleets that were split differently.
    #[error("`{one}` is one of {one_of} shares and `{other}` one of {other_of}: they are not of one run")]
    OtherSplit {
        /// The first report.
        one: String,
        /// Of how many it is one.
        one_of: u32,
        /// The second report.
        other: String,
        /// Of how many it is one.
        other_of: u32,
    },
}

/// Merges reports.
///
/// What several shares say about the same thing is in the result once. A share that is missing is a problem of the
/// result, so that it is never taken for clean.
///
/// # Errors
/// They contradict each other.
pub fn merge(mut parts: Vec<Part>, twice: Twice) -> Result<Report, MergeError> {
    // The order of the files must not matter, and what began last counts where that decides.
    parts.sort_by(|one, other| (&one.report.began, &one.name).cmp(&(&other.report.began, &other.name)));
    let problems = missing_shares(&parts)?;
    let mut merged: BTreeMap<String, (Part, InstanceReport)> = BTreeMap::new();
    for part in &parts {
        for instance in &part.report.instances {
            let next = match merged.remove(&instance.name) {
                None => instance.clone(),
                Some((before, known)) => both((&before, known), (part, instance), twice)?,
            };
            let part = Part {
                name: part.name.clone(),
                report: Report { instances: Vec::new(), ..part.report.clone() },
            };
            merged.insert(instance.name.clone(), (part, next));
        }
    }
    let of_parts = parts.iter().flat_map(|it| it.report.problems.iter().cloned());
    let mut all: Vec<Problem> = Vec::new();
    for problem in of_parts.chain(problems) {
        if !all.contains(&problem) {
            all.push(problem);
        }
    }
    Ok(Report {
        format_version: FORMAT_VERSION,
        snowdrift_version: env!("CARGO_PKG_VERSION").to_owned(),
        began: parts.iter().map(|it| it.report.began.clone()).min().unwrap_or_default(),
        ended: parts.iter().map(|it| it.report.ended.clone()).max().unwrap_or_default(),
        shard: None,
        instances: merged.into_values().map(|(_, it)| it).collect(),
        problems: all,
    })
}

/// A problem for each share that is not among the parts.
fn missing_shares(parts: &[Part]) -> Result<Option<Problem>, MergeError> {
    let mut shares = parts.iter().filter_map(|it| Some((it, it.report.shard?)));
    let Some((first, Shard { of, index })) = shares.next() else { return Ok(None) };
    let mut present = BTreeSet::from([index]);
    for (part, shard) in shares {
        if shard.of != of {
            return Err(MergeError::OtherSplit {
                one: first.name.clone(),
                one_of: of,
                other: part.name.clone(),
                other_of: shard.of,
            });
        }
        present.insert(shard.index);
    }
    let missing: Vec<String> =
        (1..=of).filter(|it| !present.contains(it)).map(|it| format!("{it}/{of}")).collect();
    let detail = format!(
        "These shares have no report here: {}. What they would have looked at is not in this report. Run them again, then \
         merge the reports of all {of} shares.",
        missing.join(", ")
    );
    Ok((!missing.is_empty())
        .then(|| Problem { summary: "Shares of the fleet are missing".to_owned(), detail }))
}

/// What two reports say about one instance; the second began later.
fn both(
    (before, known): (&Part, InstanceReport),
    (part, next): (&Part, &InstanceReport),
    twice: Twice,
) -> Result<InstanceReport, MergeError> {
    let (one, other) = (before.name.clone(), part.name.clone());
    let instance = known.name.clone();
    if known.url != next.url {
        let (one_url, other_url) = (known.url, next.url.clone());
        return Err(MergeError::TwoAddresses { instance, one, one_url, other, other_url });
    }
    if known == *next {
        return Ok(known);
    }
    let shares = before.report.shard.zip(part.report.shard).is_some_and(|(one, other)| one != other);
    match twice {
        _ if shares => {
            shared(known, next).map_err(|subject| MergeError::Contradiction { instance, subject, one, other })
        }
        Twice::Newest => Ok(next.clone()),
        Twice::Refuse => Err(MergeError::Twice { instance, one, other }),
    }
}

/// Two shares of one instance; `Err` is what they contradict each other about.
fn shared(one: InstanceReport, other: &InstanceReport) -> Result<InstanceReport, String> {
    let findings = united(one.findings, &other.findings, |it| it.fingerprint.clone())
        .map_err(|it| format!("the finding {it}"))?;
    let ignored = united(one.ignored, &other.ignored, |it| it.finding.fingerprint.clone())
        .map_err(|it| format!("the finding {it}"))?;
    let undecided = united(one.undecided, &other.undecided, |it| (it.address.clone(), it.attribute.clone()))
        .map_err(|(address, _)| address)?;
    let clean: BTreeSet<String> = one.clean.into_iter().chain(other.clean.iter().cloned()).collect();
    let found = findings.iter().filter_map(|it: &Finding| it.address.clone());
    if let Some(address) =
        found.chain(undecided.iter().map(|it| it.address.clone())).find(|it| clean.contains(it))
    {
        return Err(address);
    }
    let mut problems = one.problems;
    problems.extend(other.problems.iter().filter(|it| !problems.contains(it)).cloned().collect::<Vec<_>>());
    Ok(InstanceReport {
        name: one.name,
        url: one.url,
        user: one.user.or_else(|| other.user.clone()),
        declared_in: one.declared_in,
        since: one.since.or_else(|| other.since.clone()),
        counts: Counts {
            declared: one.counts.declared.saturating_add(other.counts.declared),
            clean: one.counts.clean.saturating_add(other.counts.clean),
            live: one.counts.live.saturating_add(other.counts.live),
            requests: one.counts.requests.saturating_add(other.counts.requests),
        },
        clean: clean.into_iter().collect(),
        findings: severest_first(&findings).into_iter().cloned().collect(),
        undecided,
        ignored,
        integrations: integrations(one.integrations, &other.integrations),
        problems,
    })
}

/// Things of two shares, each key once; `Err` is a key under which they have different things.
fn united<T: Clone + PartialEq, K: Ord>(
    one: Vec<T>,
    other: &[T],
    key: impl Fn(&T) -> K,
) -> Result<Vec<T>, K> {
    // Several things of one share may have the same key; what another share has under it is held against the first.
    let mut places: BTreeMap<K, usize> = BTreeMap::new();
    for (place, thing) in one.iter().enumerate() {
        places.entry(key(thing)).or_insert(place);
    }
    let mut all = one;
    for thing in other {
        match places.entry(key(thing)) {
            Entry::Vacant(it) => {
                it.insert(all.len());
                all.push(thing.clone());
            }
            Entry::Occupied(it) if all.get(*it.get()) == Some(thing) => {}
            Entry::Occupied(it) => return Err(it.remove_entry().0),
        }
    }
    all.sort_by_cached_key(|it| key(it));
    Ok(all)
}

/// The inventory is what was seen at a moment: where two shares have looked, the later look counts.
fn integrations(one: Vec<IntegrationLine>, other: &[IntegrationLine]) -> Vec<IntegrationLine> {
    let mut all: BTreeMap<(String, String), IntegrationLine> = BTreeMap::new();
    for line in one.into_iter().chain(other.iter().cloned()) {
        let key = (line.name.clone(), line.sys_id.clone());
        let connections: Vec<ConnectionLine> = all.remove(&key).map(|it| it.connections).unwrap_or_default();
        let mut by_id: BTreeMap<(String, String), ConnectionLine> = BTreeMap::new();
        for connection in connections.into_iter().chain(line.connections.iter().cloned()) {
            by_id.insert((connection.name.clone(), connection.sys_id.clone()), connection);
        }
        all.insert(key, IntegrationLine { connections: by_id.into_values().collect(), ..line });
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests;
