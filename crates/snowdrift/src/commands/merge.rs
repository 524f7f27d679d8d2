//! `snowdrift merge`: the reports of shares and instances as one.

use std::fs;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Failure, Variables};
use crate::formats::Outputs;
use crate::merge::{Part, Twice, merge};
use crate::report::FailOn;
use crate::report::file::{self, FileError, parse};

/// The largest report that is read. One of 10,000 resources that all differ has 20 MB.
const BYTES_MAX: u64 = 256 * 1024 * 1024;

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Merges the JSON reports of shares and instances into one.
///
/// A fleet that was looked at in shares (`snowdrift drift --shard 1/4`) or one instance at a time becomes one report in
/// any form. A share that is missing is a problem of the result, so that it is never taken for clean. Ends like
/// `snowdrift drift`: 0 clean, 2 drift, 1 problems, 3 undecided.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  snowdrift merge share-*.json --out html=fleet.html --out json=fleet.json
  snowdrift merge reports/ --format markdown >> \"$GITHUB_STEP_SUMMARY\"
  cat drift.json | snowdrift merge - --format sarif")]
pub struct Arguments {
    /// Reports that `snowdrift drift --format json` or `--out json=FILE` wrote, folders of them, or `-`
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,
    /// Takes the later one of two reports that have looked at the same instance as a whole, instead of refusing both
    #[arg(long)]
    newest: bool,
    /// Ends with 2 only for findings of this class or severity, or worse; may be given several times
    #[arg(long, value_name = "CLASS|SEVERITY")]
    fail_on: Vec<FailOn>,
    #[command(flatten)]
    outputs: Outputs,
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// A file is no report, the reports contradict each other, or the result cannot be written.
    pub fn run(&self, environment: &Variables, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        self.outputs.check()?;
        let mut parts = Vec::new();
        for path in self.files()? {
            let name = path.display().to_string();
            parts.push(Part { name, report: parse(&read(&path)?, &path)? });
        }
        let twice = if self.newest { Twice::Newest } else { Twice::Refuse };
        let report = merge(parts, twice)?;
        self.outputs.write(&report, environment, out)?;
        Ok(ExitCode::from(report.verdict(&self.fail_on).exit_code()))
    }

    /// The files, those of a folder in the order of their names.
    fn files(&self) -> Result<Vec<PathBuf>, FileError> {
        let mut files = Vec::new();
        for path in &self.reports {
            if path.is_dir() {
                files.extend(file::json_files(path)?);
            } else {
                files.push(path.clone());
            }
        }
        Ok(files)
    }
}

/// The text of a report.
fn read(path: &Path) -> Result<String, FileError> {
    let unreadable = |source| FileError::Unreadable { path: path.to_owned(), source };
    let mut text = String::new();
    let read = if path.as_os_str() == STANDARD_INPUT {
        std::io::stdin().lock().take(BYTES_MAX + 1).read_to_string(&mut text)
    } else {
        let file = fs::File::open(path).map_err(unreadable)?;
        file.take(BYTES_MAX + 1).read_to_string(&mut text)
    };
    let bytes = u64::try_from(read.map_err(unreadable)?).unwrap_or(u64::MAX);
    if bytes > BYTES_MAX {
        return Err(FileError::TooLarge { path: path.to_owned(), bytes, bytes_max: BYTES_MAX });
    }
    Ok(text)
}
