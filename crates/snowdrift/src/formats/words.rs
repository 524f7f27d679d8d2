//! The words and the order that every form of a report shares.

use jiff::Timestamp;

use crate::report::{Change, Class, Evidence, Finding, InstanceReport, Place, Report, Severity, Source};

/// How many things a report has of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings that are critical.
    pub critical: usize,
    /// Findings that warn.
    pub warning: usize,
    /// Findings that inform.
    pub info: usize,
    /// What could not be compared.
    pub undecided: usize,
    /// What is let be.
    pub ignored: usize,
    /// Why the look is not complete.
    pub problems: usize,
}

impl Tally {
    /// Of one instance.
    pub fn of(instance: &InstanceReport) -> Tally {
        let severe = |severity| instance.findings.iter().filter(|it| it.severity == severity).count();
        Tally {
            critical: severe(Severity::Critical),
            warning: severe(Severity::Warning),
            info: severe(Severity::Info),
            undecided: instance.undecided.len(),
            ignored: instance.ignored.len(),
            problems: instance.problems.len(),
        }
    }

    /// Of all instances.
    pub fn all(report: &Report) -> Tally {
        let whole = Tally { problems: report.problems.len(), ..Tally::default() };
        report.instances.iter().map(Tally::of).fold(whole, |one, other| Tally {
            critical: one.critical + other.critical,
            warning: one.warning + other.warning,
            info: one.info + other.info,
            undecided: one.undecided + other.undecided,
            ignored: one.ignored + other.ignored,
            problems: one.problems + other.problems,
        })
    }

    /// How many findings.
    pub fn findings(&self) -> usize {
        self.critical + self.warning + self.info
    }

    /// In one sentence without a full stop.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |count: usize, one: &str, many: &str| {
            if count > 0 {
                parts.push(counted(count, one, many));
            }
        };
        add(self.problems, "problem", "problems");
        add(self.critical, "critical finding", "critical findings");
        add(self.warning, "warning", "warnings");
        add(self.info, "note", "notes");
        add(self.undecided, "undecided", "undecided");
        add(self.ignored, "let be", "let be");
        if self.findings() + self.undecided + self.problems == 0 {
            parts.insert(0, "no drift".to_owned());
        }
        parts.join(", ")
    }
}

/// A count with its noun.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// A number as people read it: `10,000`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The findings as people should read them: the severest first, then the gravest class, then by address.
pub fn severest_first<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<&'a Finding> {
    let mut sorted: Vec<&Finding> = findings.into_iter().collect();
    sorted.sort_by_key(|it| {
        let grave = Class::ALL.iter().position(|class| *class == it.class);
        (std::cmp::Reverse(it.severity), grave, it.address.clone(), it.fingerprint.clone())
    });
    sorted
}

/// A class in words.
pub fn class(class: Class) -> String {
    class.word().replace('_', " ")
}

/// What a class means, in one sentence.
pub fn meaning(class: Class) -> &'static str {
    match class {
        Class::Changed => "A declared record has other values than declared.",
        Class::Missing => "A declared record does not exist.",
        Class::Unmanaged => "A record exists that nothing declares.",
        Class::ActivationMoved => "Another connection of an integration is active than the declared one.",
        Class::NoneActive => "An integration has no active connection, so that nothing is sent.",
        Class::SeveralActive => "An integration has more than one active connection.",
        Class::SecretPossiblyChanged => {
            "A credential was written by somebody else since it was last written as declared."
        }
        Class::OrphanedCredential => "No connection uses this credential.",
        Class::EnvironmentMismatch => {
            "An endpoint or an instance does not fit the environment of its connection."
        }
        Class::Hidden => "The user may not see a declared record, so that nobody knows whether it exists.",
        Class::CloneDetected => "The instance is a copy of another one.",
    }
}

/// What a finding is about: its address, else its record, else its type.
pub fn subject(finding: &Finding) -> String {
    match (&finding.address, &finding.record) {
        (Some(address), _) => address.clone(),
        (None, Some(record)) => format!("{} \"{}\"", record.table, record.name),
        (None, None) => finding.type_name.clone(),
    }
}

/// A place as editors and terminals open it.
pub fn place(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

/// Who changed it, when, and how that is known.
pub fn who(change: &Change) -> String {
    let evidence = match change.evidence {
        Evidence::Audit => "by the audit of the attribute",
        Evidence::Record => "by the last write of the record",
    };
    let mut text = format!("{}, {}, {evidence}", change.by, moment(&change.on));
    match change.source {
        Some(Source::Manual) => text.push_str(", by hand"),
        Some(Source::Platform) => text.push_str(", by the platform itself"),
        None => {}
    }
    if let Some(set) = &change.update_set {
        text.push_str(&format!(", update set \"{set}\""));
    }
    text
}

/// A moment as people read it: `2026-11-22 12:00:00 UTC`; what is no moment stays as it is.
pub fn moment(text: &str) -> String {
    match text.parse::<Timestamp>() {
        Ok(it) => it.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// Whole seconds between two moments; nothing if one of them is none.
pub fn seconds_between(began: &str, ended: &str) -> Option<i64> {
    let (began, ended) = (began.parse::<Timestamp>().ok()?, ended.parse::<Timestamp>().ok()?);
    Some((ended.as_millisecond() - began.as_millisecond()) / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_tally_says_what_there_is_and_nothing_else() {
        for (report, expected) in [
            (sample::everything(), "5 critical findings, 4 warnings, 2 notes, 2 undecided, 2 let be"),
            (sample::empty(), "no drift"),
            (sample::nothing(), "no drift"),
            (sample::two_instances(), "1 problem, 1 warning"),
        ] {
            assert_eq!(Tally::all(&report).sentence(), expected);
        }
    }

    #[test]
    fn whole_seconds_pass_between_moments() {
        for (began, ended, expected) in [
            ("2026-11-22T12:00:00Z", "2026-11-22T12:00:07Z", Some(7)),
            ("2026-11-22T12:00:00.900Z", "2026-11-22T12:00:01.100Z", Some(0)),
            ("2026-11-22T12:00:00.900Z", "2026-11-22T12:00:01.900Z", Some(1)),
            ("yesterday", "2026-11-22T12:00:01Z", None),
        ] {
            assert_eq!(seconds_between(began, ended), expected, "{began} to {ended}");
        }
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, expected) in [(0, "0"), (999, "999"), (1000, "1,000"), (1234567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn the_severest_come_first_whatever_order_they_were_found_in() {
        let report = sample::everything();
        let mut shuffled = report.instances[0].findings.clone();
        shuffled.reverse();
        let sorted = severest_first(&shuffled);
        let classes: Vec<Class> = sorted.iter().map(|it| it.class).collect();
        assert_eq!(classes, Class::ALL);
    }
}
