//! What a run comes to, in one word: the exit code of every command that writes a report.

use std::fmt;
use std::str::FromStr;

use super::{Class, Finding, Report, Severity};

/// What a run comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything was compared, and nothing is found that counts.
    Clean,
    /// The look is not complete because something failed.
    Failed,
    /// Something is found that counts.
    Drift,
    /// Nothing is found that counts, and not everything could be compared.
    Undecided,
}

/// A finding that ends a run with the code for drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// One of this class.
    Class(Class),
    /// One that is this bad, or worse.
    Severity(Severity),
}

/// A word that is neither a class nor a severity.
#[derive(Debug, thiserror::Error)]
#[error("`{word}` is neither a severity (info, warning, critical) nor a class ({})", Class::ALL.map(Class::word).join(", "))]
pub struct UnknownWord {
    /// What was given.
    word: String,
}

impl Verdict {
    /// The exit code of the process.
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Clean => 0,
            Verdict::Failed => 1,
            Verdict::Drift => 2,
            Verdict::Undecided => 3,
        }
    }
}

impl FailOn {
    fn meets(self, finding: &Finding) -> bool {
        match self {
            FailOn::Class(class) => finding.class == class,
            FailOn::Severity(severity) => finding.severity >= severity,
        }
    }
}

impl FromStr for FailOn {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<FailOn, UnknownWord> {
        let severity = Severity::ALL.into_iter().find(|it| it.word() == word).map(FailOn::Severity);
        let class = Class::ALL.into_iter().find(|it| it.word() == word).map(FailOn::Class);
        severity.or(class).ok_or_else(|| UnknownWord { word: word.to_owned() })
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FailOn::Class(class) => class.word(),
            FailOn::Severity(severity) => severity.word(),
        })
    }
}

impl Report {
    /// What the run comes to. Without a threshold every finding counts; a finding that is let be never does.
    pub fn verdict(&self, fail_on: &[FailOn]) -> Verdict {
        let counts = |finding: &Finding| fail_on.is_empty() || fail_on.iter().any(|it| it.meets(finding));
        if !self.problems.is_empty() || self.instances.iter().any(|it| !it.problems.is_empty()) {
            Verdict::Failed
        } else if self.instances.iter().flat_map(|it| &it.findings).any(counts) {
            Verdict::Drift
        } else if self.instances.iter().any(|it| !it.undecided.is_empty()) {
            Verdict::Undecided
        } else {
            Verdict::Clean
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[track_caller]
    fn check(report: &Report, fail_on: &str, expected: u8) {
        let fail_on: Vec<FailOn> = fail_on.split_whitespace().map(|it| it.parse().unwrap()).collect();
        assert_eq!(report.verdict(&fail_on).exit_code(), expected);
    }

    #[test]
    fn the_exit_code_follows_from_what_was_found() {
        check(&sample::everything(), "", 2);
        check(&sample::empty(), "", 0);
        check(&sample::nothing(), "", 0);
        check(&sample::two_instances(), "", 1);
    }

    #[test]
    fn a_threshold_lets_milder_findings_pass() {
        let mut report = sample::everything();
        report.instances[0].findings.retain(|it| it.severity < Severity::Critical);
        check(&report, "critical", 3);
        check(&report, "warning", 2);
        check(&report, "critical missing", 2);
        check(&report, "several_active", 3);
        report.instances[0].undecided.clear();
        check(&report, "critical", 0);
        assert_eq!(report.verdict(&[FailOn::Class(Class::Missing)]), Verdict::Drift);
    }

    #[test]
    fn an_unknown_word_is_refused_with_the_known_ones() {
        let message = "fatal".parse::<FailOn>().unwrap_err().to_string();
        assert!(message.contains("`fatal`") && message.contains("several_active"), "{message}");
    }
}
