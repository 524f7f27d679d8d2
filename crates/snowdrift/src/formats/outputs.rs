//! Where a report goes: one form on standard output, and any number of files.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum as _;

use super::style::Colour;
use super::{Format, Style, render};
use crate::commands::Variables;
use crate::history::History;
use crate::report::Report;
use crate::report::file::FileError;

/// The arguments that say where a report goes; `#[command(flatten)]` puts them into a command.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Output")]
pub struct Outputs {
    /// In which form the report is printed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Also writes the report to a file; may be given several times, such as `--out sarif=drift.sarif --out html=drift.html`
    #[arg(long = "out", value_name = "FORMAT=FILE", value_parser = parse)]
    files: Vec<Output>,
    /// A folder of earlier JSON reports: the HTML page then shows how the counts went and since when a finding is there
    #[arg(long, value_name = "FOLDER")]
    history: Option<PathBuf>,
    /// When to print in colour
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
}

/// A file that a report is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// In which form.
    pub format: Format,
    /// Which file.
    pub file: PathBuf,
}

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// Standard output is closed or full.
    #[error("the report could not be printed")]
    Print(#[source] io::Error),
    /// A file cannot be written. What was there before is still there.
    #[error("the report could not be written to `{}`; what was there before is unchanged", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The folder of earlier reports cannot be listed. Nothing was written.
    #[error("the history could not be read")]
    History(#[source] FileError),
    /// Two forms would overwrite each other.
    #[error("`{}` is given for more than one `--out`; each form needs a file of its own", file.display())]
    Twice {
        /// Which.
        file: PathBuf,
    },
}

fn parse(text: &str) -> Result<Output, String> {
    let formats = Format::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
    let names: Vec<String> = formats.map(|it| it.get_name().to_owned()).collect();
    let wrong = || format!("it needs the form FORMAT=FILE, where FORMAT is one of {}", names.join(", "));
    let (format, file) = text.split_once('=').ok_or_else(wrong)?;
    let format = Format::from_str(format, false).map_err(|_| wrong())?;
    if file.is_empty() {
        return Err(wrong());
    }
    Ok(Output { format, file: file.into() })
}

impl Outputs {
    /// Checks what can be checked before the work is done.
    ///
    /// # Errors
    /// Two forms would overwrite each other.
    pub fn check(&self) -> Result<(), OutputError> {
        for (index, one) in self.files.iter().enumerate() {
            if self.files.iter().skip(index + 1).any(|it| it.file == one.file) {
                return Err(OutputError::Twice { file: one.file.clone() });
            }
        }
        Ok(())
    }

    /// Writes the report everywhere: first to the files, each as a whole or not at all, then to `out`.
    ///
    /// # Errors
    /// Something cannot be written. The other outputs are written all the same.
    pub fn write(
        &self,
        report: &Report,
        environment: &Variables,
        out: &mut dyn Write,
    ) -> Result<(), OutputError> {
        self.check()?;
        // Read before anything is written, which may go to the same folder.
        let history = self.history(report)?;
        let mut outcome = Ok(());
        for output in &self.files {
            let text = render(output.format, report, &Style::default(), &history);
            let written = replace(&output.file, &text);
            outcome = outcome
                .and(written.map_err(|source| OutputError::File { file: output.file.clone(), source }));
        }
        let style = Style::of_output(self.color, environment);
        let text = render(self.format, report, &style, &history);
        let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        outcome.and(printed.map_err(OutputError::Print))
    }

    /// The folder of earlier reports, where one is given.
    pub fn history_folder(&self) -> Option<&Path> {
        self.history.as_deref()
    }

    fn history(&self, report: &Report) -> Result<History, OutputError> {
        let Some(folder) = &self.history else { return Ok(History::default()) };
        let history = History::read(folder).map_err(OutputError::History)?;
        Ok(history.before(&report.began))
    }
}

/// Writes a file beside the one that is wanted and puts it in its place, so that nobody ever reads half of it.
pub(crate) fn replace(file: &Path, text: &str) -> io::Result<()> {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    let name = file.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?;
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.partial", std::process::id()));
    let beside = file.with_file_name(beside);
    let written = write_synced(&beside, text).and_then(|()| fs::rename(&beside, file));
    if written.is_err() {
        // The first error says what went wrong; a part that cannot be removed either has the same cause.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_synced(file: &Path, text: &str) -> io::Result<()> {
    let mut opened = fs::File::create(file)?;
    opened.write_all(text.as_bytes())?;
    opened.sync_all()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "reads the files that were written")]
mod tests;
