//! A report in the forms that people and programs read it in.

pub mod clean;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
#[allow(clippy::disallowed_methods, reason = "writes the files that were asked for")]
pub mod outputs;
pub mod sarif;
pub mod style;
pub mod text;
pub mod values;
pub mod words;

use clap::ValueEnum;

use crate::history::History;
use crate::report::Report;
pub use outputs::{OutputError, Outputs};
pub use style::Style;

/// A form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Format {
    /// For a person at a terminal or in a log.
    #[default]
    Text,
    /// The whole document, with a published schema.
    Json,
    /// For a pull request or the summary of a job; cut to a size that hosts take.
    Markdown,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for the test reports of build servers.
    Junit,
    /// One page for a browser that needs nothing else.
    Html,
}

/// The report in that form, with a line break at its end.
///
/// Only the page shows the history: the other forms stay the same for the same report.
pub fn render(format: Format, report: &Report, style: &Style, history: &History) -> String {
    match format {
        Format::Text => text::render(report, style),
        Format::Json => json::render(report),
        Format::Markdown => markdown::render(report),
        Format::Sarif => sarif::render(report),
        Format::Junit => junit::render(report),
        Format::Html => html::render(report, history),
    }
}

#[cfg(test)]
mod tests;
