//! Earlier reports: how the counts went, and since when a finding has been there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::formats::words::Tally;
use crate::report::Report;
use crate::report::file::{self, FileError};

/// How many reports are read, the latest by name first. A year of daily runs, or two weeks of hourly ones.
const REPORTS_MAX: usize = 400;
/// The largest report that is read for its history.
const BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Earlier reports, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What is kept of each.
    pub entries: Vec<Entry>,
    /// The names of files that are no reports of this version, or could not be read.
    pub unread: Vec<String>,
}

/// What is kept of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When its run began.
    pub began: String,
    /// What it had.
    pub tally: Tally,
    /// The findings that it had.
    pub fingerprints: BTreeSet<String>,
}

/// Since when a finding has been there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When the first report began that has it.
    pub first: String,
    /// How many reports have it.
    pub reports: usize,
}

impl Entry {
    /// Of a report.
    pub fn of(report: &Report) -> Entry {
        let findings = report.instances.iter().flat_map(|it| &it.findings);
        Entry {
            began: report.began.clone(),
            tally: Tally::all(report),
            fingerprints: findings.map(|it| it.fingerprint.clone()).collect(),
        }
    }
}

impl History {
    /// The JSON reports in a folder. A folder that does not exist yet has none: the first run of a job is no error.
    ///
    /// # Errors
    /// The folder cannot be listed. A file that is no report is only noted: old files must not stop a job.
    pub fn read(folder: &Path) -> Result<History, FileError> {
        if !folder.exists() {
            return Ok(History::default());
        }
        let mut names = file::json_files(folder)?;
        names.drain(..names.len().saturating_sub(REPORTS_MAX));
        let mut reports = Vec::new();
        let mut unread = Vec::new();
        for path in names {
            match small_report(&path) {
                Some(report) => reports.push(Entry::of(&report)),
                None => unread.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned()),
            }
        }
        Ok(History { unread, ..History::new(reports) })
    }

    /// Of those reports, in whatever order.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> History {
        // A report that lies there under two names is one.
        let by_time: BTreeMap<String, Entry> = entries.into_iter().map(|it| (it.began.clone(), it)).collect();
        History { entries: by_time.into_values().collect(), unread: Vec::new() }
    }

    /// Only what is older than a run that began then.
    pub fn before(mut self, began: &str) -> History {
        self.entries.retain(|it| it.began.as_str() < began);
        self
    }

    /// Since when a finding has been there; nothing if no earlier report has it.
    pub fn seen(&self, fingerprint: &str) -> Option<Seen> {
        let mut with = self.entries.iter().filter(|it| it.fingerprints.contains(fingerprint));
        let first = with.next()?.began.clone();
        Some(Seen { first, reports: 1 + with.count() })
    }
}

fn small_report(path: &Path) -> Option<Report> {
    let length = fs::metadata(path).ok()?.len();
    let text = (length <= BYTES_MAX).then(|| fs::read_to_string(path).ok()).flatten()?;
    file::parse(&text, path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn entry(began: &str, fingerprints: &[&str]) -> Entry {
        let fingerprints = fingerprints.iter().map(|it| (*it).to_owned()).collect();
        Entry { began: began.to_owned(), tally: Tally::default(), fingerprints }
    }

    #[test]
    fn a_finding_is_known_since_the_first_report_that_has_it() {
        let history = History::new([
            entry("2026-11-03T00:00:00Z", &["a"]),
            entry("2026-11-01T00:00:00Z", &[]),
            entry("2026-11-02T00:00:00Z", &["a", "b"]),
            entry("2026-11-04T00:00:00Z", &["a"]),
        ]);
        let seen = |it: &str| history.seen(it).map(|it| (it.first, it.reports));
        assert_eq!(seen("a"), Some(("2026-11-02T00:00:00Z".to_owned(), 3)));
        assert_eq!(seen("b"), Some(("2026-11-02T00:00:00Z".to_owned(), 1)));
        assert_eq!(seen("c"), None);
        assert_eq!(history.clone().before("2026-11-03T00:00:00Z").entries.len(), 2);
    }

    #[test]
    fn a_folder_is_read_and_what_is_no_report_is_noted() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        for (name, text) in sample::FILES {
            write(&format!("{name}.json"), text);
        }
        write("again.json", sample::FILES[0].1);
        write("broken.json", "{");
        write("notes.txt", "{");
        let history = History::read(folder.path()).unwrap();
        // The examples have all begun at the same moment.
        assert_eq!(history.entries.len(), 1);
        assert_eq!(history.unread, ["broken.json"]);
    }

    #[test]
    fn a_folder_that_does_not_exist_yet_has_no_history() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(History::read(&folder.path().join("none")).unwrap(), History::default());
    }
}
