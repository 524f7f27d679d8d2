//! Since when: a time that somebody gives, or that of the newest report of an instance.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};

use crate::commands::Failure;
use crate::report::file;

/// Stands for the newest report.
pub const LAST: &str = "last";

/// How much before the last run is looked at: its clock may have been behind that of the instance, and what is told twice does
/// no harm.
const MARGIN: SignedDuration = SignedDuration::from_mins(10);

/// A time as the instance writes it.
///
/// # Errors
/// The text is no time.
pub fn time(text: &str) -> Result<String, Failure> {
    let day = || text.parse::<jiff::civil::Date>().ok().map(|it| format!("{it} 00:00:00"));
    let moment = text.parse::<Timestamp>().ok().map(|it| it.strftime("%Y-%m-%d %H:%M:%S").to_string());
    moment.or_else(day).ok_or_else(|| {
        Failure::new(format!("`--since {text}` is no time; write 2026-11-22T12:00:00Z, 2026-11-22 or last"))
    })
}

/// When the newest look at an instance began that was complete; nothing if there is none. Without a name every report counts
/// that is about one instance.
///
/// # Errors
/// The folder cannot be listed.
pub fn last(folder: &Path, name: Option<&str>) -> Result<Option<String>, Failure> {
    if !folder.exists() {
        return Ok(None);
    }
    let mut newest: Option<Timestamp> = None;
    for path in file::json_files(folder)? {
        // A file that is no report is none of this command's.
        let report = std::fs::read_to_string(&path).ok().and_then(|it| file::parse(&it, &path).ok());
        let Some(report) = report else { continue };
        let is_whole = match name {
            Some(name) => report.instances.iter().any(|it| it.name == name && it.problems.is_empty()),
            None => matches!(report.instances.as_slice(), [only] if only.problems.is_empty()),
        };
        let began = report.began.parse::<Timestamp>().ok().filter(|_| is_whole);
        newest = newest.max(began);
    }
    let from = newest.and_then(|it| it.checked_sub(MARGIN).ok());
    Ok(from.map(|it| it.strftime("%Y-%m-%d %H:%M:%S").to_string()))
}

/// Why everything is looked at.
pub fn no_report(folder: &Path, name: Option<&str>) -> String {
    let of = name.map_or_else(|| "the instance".to_owned(), |it| format!("\"{it}\""));
    format!(
        "Everything is looked at: `{}` has no complete report of {of} that `--since last` could go on from.",
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{InstanceReport, Problem, Report};

    fn write(folder: &Path, began: &str, name: &str, is_whole: bool) {
        let problem = Problem { summary: "s".to_owned(), detail: "d".to_owned() };
        let problems = if is_whole { Vec::new() } else { vec![problem] };
        let instance = InstanceReport { name: name.to_owned(), problems, ..InstanceReport::default() };
        let report = Report {
            format_version: crate::report::FORMAT_VERSION,
            snowdrift_version: String::new(),
            began: began.to_owned(),
            ended: began.to_owned(),
            shard: None,
            instances: vec![instance],
            problems: Vec::new(),
        };
        let path = folder.join(format!("{name}-{began}.json").replace(':', ""));
        std::fs::write(path, serde_json::to_string(&report).unwrap()).unwrap();
    }

    #[test]
    fn the_last_look_is_the_newest_complete_one_of_the_same_instance() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "2026-11-22T10:00:00Z", "prod", true);
        write(folder.path(), "2026-11-22T11:00:00Z", "prod", true);
        write(folder.path(), "2026-11-22T12:00:00Z", "prod", false);
        write(folder.path(), "2026-11-22T13:00:00Z", "test", true);
        std::fs::write(folder.path().join("other.json"), "{").unwrap();
        let last = |name| last(folder.path(), name).unwrap();
        assert_eq!(last(Some("prod")).as_deref(), Some("2026-11-22 10:50:00"));
        assert_eq!(last(Some("none")), None);
        assert_eq!(last(None).as_deref(), Some("2026-11-22 12:50:00"));
        assert_eq!(super::last(&folder.path().join("none"), None).unwrap(), None);
    }

    #[test]
    fn a_time_is_written_as_the_instance_does() {
        assert_eq!(time("2026-11-22T12:00:00+02:00").unwrap(), "2026-11-22 10:00:00");
        assert_eq!(time("2026-11-22").unwrap(), "2026-11-22 00:00:00");
        assert!(time("soon").unwrap_err().to_string().contains("`--since soon` is no time"));
    }
}
