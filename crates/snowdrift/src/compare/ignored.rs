//! Applies the rules of `snowdrift.toml` to what was found: what one lets be is listed apart, with the reason.

use jiff::civil::Date;

use crate::config::Rule;
use crate::report::{Finding, Ignored, InstanceReport, Problem};

/// Takes out of a report what the rules let be. A rule that has run out is told where it would have mattered.
pub fn apply(report: &mut InstanceReport, rules: &[Rule], today: Date) {
    let mut kept = Vec::new();
    for finding in std::mem::take(&mut report.findings) {
        match weighed(finding, rules, &report.name, today) {
            (Some(finding), ignored) => {
                kept.push(finding);
                report.ignored.extend(ignored);
            }
            (None, ignored) => report.ignored.extend(ignored),
        }
    }
    report.findings = kept;
}

/// What is left of a finding, and what was let be.
fn weighed(
    mut finding: Finding,
    rules: &[Rule],
    instance: &str,
    today: Date,
) -> (Option<Finding>, Vec<Ignored>) {
    let mut ignored = Vec::new();
    let about: Vec<&Rule> = rules.iter().filter(|it| it.is_about(&finding, instance)).collect();
    for rule in about {
        if !rule.holds_on(today) {
            ran_out(&mut finding, rule);
            continue;
        }
        if rule.attribute.is_none() {
            ignored.push(entry(finding, rule));
            return (None, ignored);
        }
        let (taken, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut finding.differences).into_iter().partition(|it| rule.names(&it.attribute));
        finding.differences = left;
        if taken.is_empty() {
            continue;
        }
        ignored.push(entry(Finding { differences: taken, ..finding.clone() }, rule));
        if finding.differences.is_empty() {
            return (None, ignored);
        }
    }
    (Some(finding), ignored)
}

fn entry(finding: Finding, rule: &Rule) -> Ignored {
    Ignored { finding, reason: rule.reason.clone(), until: rule.until.map(|it| it.to_string()) }
}

fn ran_out(finding: &mut Finding, rule: &Rule) {
    let until = rule.until.map(|it| it.to_string()).unwrap_or_default();
    let words = format!(" A rule that let it be (\"{}\") ran out after {until}.", rule.reason);
    if !finding.summary.contains(&words) {
        finding.summary.push_str(&words);
    }
}

/// A problem for the report of an instance that could not be looked at.
pub fn failed(name: &str, url: &str, declared_in: &str, detail: String) -> InstanceReport {
    InstanceReport {
        name: name.to_owned(),
        url: url.to_owned(),
        declared_in: declared_in.to_owned(),
        problems: vec![Problem { summary: format!("Could not look at \"{name}\""), detail }],
        ..InstanceReport::default()
    }
}
