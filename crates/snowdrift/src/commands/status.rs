//! `snowdrift status`: how integrations stand on an instance.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Failure, UNDECIDED, Variables, wait_for};
use crate::formats::outputs::replace;
use crate::formats::style::{Colour, Style};
use crate::progress::Stderr;
use crate::report::Status;
use crate::sign_in::SignIn;
use crate::status::document::StatusReport;
use crate::status::select::Wish;
use crate::status::{look, page, text};

/// Shows integrations, connections, credentials and inbound APIs with how each stands, and who changed it last.
///
/// The statuses are those of ServiceNow's own overview: Configured, Connected, Expired, Not Configured and Deactivated. No
/// table holds them, so that they are derived from connections, credentials, tokens and heartbeats; the reason says from
/// what. Nothing is asked of other systems: `snowdrift test` does that.
///
/// Ends with 3 if a table may not be seen by this user.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    snowdrift status\n  \
    snowdrift status --environment production --active\n  \
    snowdrift status --status expired --format json\n  \
    snowdrift status --format html --out integrations.html")]
pub struct Arguments {
    /// Only connections for this environment; may be given several times.
    #[arg(long = "environment", value_name = "NAME")]
    environments: Vec<String>,
    /// Only what stands so; may be given several times.
    #[arg(long = "status", value_name = "STATUS", value_parser = status)]
    statuses: Vec<Status>,
    /// Only integrations whose name fits the pattern; may be given several times.
    #[arg(long = "integration", value_name = "GLOB")]
    integrations: Vec<String>,
    /// Only active connections.
    #[arg(long)]
    active: bool,
    /// What to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// A file for it, instead of the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// When to print in colour.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    #[command(flatten)]
    sign_in: SignIn,
}

/// How the inventory is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines for a terminal.
    #[default]
    Text,
    /// A document with a published schema: an object for one instance, a list for several.
    Json,
    /// One page that needs nothing else.
    Html,
}

fn status(text: &str) -> Result<Status, String> {
    let word = |it: &Status| it.title().to_lowercase().replace(' ', "_");
    let all = [
        Status::Configured,
        Status::Connected,
        Status::Expired,
        Status::NotConfigured,
        Status::Deactivated,
        Status::Unknown,
    ];
    let meant = text.to_lowercase().replace([' ', '-'], "_");
    all.iter()
        .find(|it| word(it) == meant)
        .copied()
        .ok_or_else(|| format!("it is not one of {}", all.iter().map(word).collect::<Vec<_>>().join(", ")))
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// The instance does not let the user in or does not answer, or the output cannot be written.
    pub fn run(&self, environment: &Variables, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let folder = PathBuf::from(".");
        let config = self.sign_in.config(&folder)?;
        let targets = self.sign_in.targets(&config, &folder)?;
        if targets.len() > 1 && self.format == Format::Html {
            return Err(Failure::new("a page is of one instance; name it with `--instance`"));
        }
        let wish = Wish {
            environments: self.environments.clone(),
            statuses: self.statuses.clone(),
            integrations: self.integrations.clone(),
            active: self.active,
        };
        let watch = Stderr::new(environment);
        let reports = wait_for(async {
            let mut reports = Vec::new();
            for target in &targets {
                let live = target.sign_in(environment).await?;
                let mut report = look(&live, &watch).await.map_err(crate::live::Refused)?;
                wish.narrow(&mut report);
                reports.push(report);
            }
            Ok(reports)
        });
        watch.done();
        let reports = reports?;
        let is_printed = self.out.is_none();
        let style = if is_printed { Style::of_output(self.color, environment) } else { Style::default() };
        let written = self.written(&reports, &style)?;
        match &self.out {
            Some(path) => replace(path, &written)
                .map_err(|error| Failure::new(format!("`{}` cannot be written: {error}", path.display())))?,
            None => out.write_all(written.as_bytes())?,
        }
        let is_whole = reports.iter().all(|it| it.unseen.is_empty());
        Ok(if is_whole { ExitCode::SUCCESS } else { ExitCode::from(UNDECIDED) })
    }

    fn written(&self, reports: &[StatusReport], style: &Style) -> Result<String, Failure> {
        let text = match (self.format, reports) {
            (Format::Json, [one]) => serde_json::to_string_pretty(one)? + "\n",
            (Format::Json, several) => serde_json::to_string_pretty(several)? + "\n",
            (Format::Html, several) => several.iter().map(page::render).collect(),
            (Format::Text, several) => {
                let mut written = Vec::new();
                for it in several {
                    text::write(it, style, &mut written)?;
                }
                String::from_utf8(written)?
            }
        };
        Ok(text)
    }
}
