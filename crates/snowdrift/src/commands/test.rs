//! `snowdrift test`: whether the other systems of connections can be reached from here.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use servicenow_client::tls::Authorities;
use terraform_provider_servicenow::outside::Outside;
use tf_core::Secret;

use super::{Failure, Variables, wait_for};
use crate::connection_test::document::{FORMAT_VERSION, Outcome, TestReport};
use crate::connection_test::{Asking, chosen, test};
use crate::formats::clean::line;
use crate::formats::style::{Colour, Style};
use crate::live::Refused;
use crate::progress::Stderr;
use crate::sign_in::SignIn;
use crate::status::inventory;

/// A stage of a test failed.
const FAILED_TEST: u8 = 2;

/// Tests connections stage by stage: name, TCP, TLS with the end of the certificate, proxy, authentication, authorisation
/// and content.
///
/// One `GET` is sent to each endpoint, from the machine where snowdrift runs, which may see something else than the instance
/// or its MID servers do. Secrets of an instance cannot be read, so that nothing is signed in with unless it is given here:
/// without it a 401 or 403 leaves the last stages open.
///
/// Ends with 2 if a stage of a connection failed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    snowdrift test                                  every active connection\n  \
    snowdrift test Orders                           the active connection of an integration\n  \
    snowdrift test 'Orders green' --format json     a connection, before it is activated\n  \
    ORDERS_PASSWORD=... snowdrift test Orders --username svc_orders --password-env ORDERS_PASSWORD")]
pub struct Arguments {
    /// A connection or an integration, by its name or sys_id. Without it, every active connection.
    name: Option<String>,
    /// Inactive connections as well.
    #[arg(long)]
    inactive: bool,
    /// Seconds that a connection and an answer may take each.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=120))]
    timeout: u64,
    /// Certificates of authorities that are trusted beside those of the system, in PEM.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Signs in with this user name at the other system.
    #[arg(long, value_name = "NAME", requires = "password_env", requires = "name")]
    username: Option<String>,
    /// The variable of the environment that holds the password.
    #[arg(long, value_name = "VARIABLE", requires = "username")]
    password_env: Option<String>,
    /// The variable of the environment that holds a token to sign in with.
    #[arg(long, value_name = "VARIABLE", conflicts_with = "username", requires = "name")]
    token_env: Option<String>,
    /// What to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// When to print in colour.
    #[arg(long, value_enum, default_value_t = Colour::Auto)]
    color: Colour,
    #[command(flatten)]
    sign_in: SignIn,
}

/// How the tests are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Lines for a terminal.
    #[default]
    Text,
    /// A document with a published schema.
    Json,
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// The instance does not let the user in or does not answer, there is no such connection, or the output cannot be
    /// written.
    pub fn run(&self, environment: &Variables, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let folder = PathBuf::from(".");
        let config = self.sign_in.config(&folder)?;
        let targets = self.sign_in.targets(&config, &folder)?;
        let [target] = targets.as_slice() else {
            return Err(Failure::new("connections of one instance are tested; name it with `--instance`"));
        };
        let asking = self.asking(environment)?;
        let watch = Stderr::new(environment);
        let report = wait_for(async {
            let live = Arc::new(target.sign_in(environment).await?);
            let integrations = inventory(&live, &watch).await.map_err(Refused)?;
            let chosen = chosen(&integrations, self.name.as_deref(), self.inactive);
            if let (true, Some(name)) = (chosen.is_empty(), &self.name) {
                let reason = format!(
                    "no connection is called `{name}`, and no integration of that name has an active one; `snowdrift status` \
                     lists them"
                );
                return Err(Failure::new(reason));
            }
            Ok(TestReport {
                format_version: FORMAT_VERSION,
                snowdrift_version: env!("CARGO_PKG_VERSION").to_owned(),
                began: format!("{}Z", asking.now.replace(' ', "T")),
                instance: live.name.clone(),
                connections: test(&live, chosen, &asking, &watch).await.map_err(Refused)?,
            })
        });
        watch.done();
        let report = report?;
        match self.format {
            Format::Json => {
                serde_json::to_writer_pretty(&mut *out, &report)?;
                writeln!(out)?;
            }
            Format::Text => tell(&report, &Style::of_output(self.color, environment), out)?,
        }
        let passed = report.connections.iter().all(|it| it.passed);
        Ok(if passed { ExitCode::SUCCESS } else { ExitCode::from(FAILED_TEST) })
    }

    fn asking(&self, environment: &Variables) -> Result<Asking, Failure> {
        let authorities = match &self.ca_file {
            Some(path) => {
                let unreadable =
                    |error: &dyn std::fmt::Display| Failure::new(format!("`{}`: {error}", path.display()));
                let pem = std::fs::read(path).map_err(|error| unreadable(&error))?;
                Some(Authorities::from_pem(&pem).map_err(|error| unreadable(&error))?)
            }
            None => None,
        };
        Ok(Asking {
            timeout: Duration::from_secs(self.timeout),
            authorities,
            authorization: self.authorization(environment)?,
            now: Outside::default().now(),
        })
    }

    fn authorization(&self, environment: &Variables) -> Result<Option<Secret>, Failure> {
        let held = |name: &str| {
            let value = environment.get(name).filter(|it| !it.is_empty());
            value.ok_or_else(|| Failure::new(format!("the variable `{name}` of the environment is not set")))
        };
        let header = match (&self.username, &self.password_env, &self.token_env) {
            (Some(user), Some(variable), _) => {
                format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{}", held(variable)?)))
            }
            (_, _, Some(variable)) => format!("Bearer {}", held(variable)?),
            _ => return Ok(None),
        };
        Ok(Some(Secret::new(header)))
    }
}

fn tell(report: &TestReport, style: &Style, out: &mut dyn Write) -> Result<(), Failure> {
    if report.connections.is_empty() {
        writeln!(out, "No connection of {} is active.", report.instance)?;
    }
    for it in &report.connections {
        let verdict = if it.passed { style.green("passed") } else { style.red("FAILED") };
        let endpoint = it.endpoint.as_deref().map_or_else(|| "no address".to_owned(), line);
        writeln!(out, "{verdict}: {} / {} at {endpoint}", line(&it.integration), line(&it.name))?;
        writeln!(out, "  from {}", it.vantage_point)?;
        for step in &it.stages {
            // Padded before it is painted: colours have no width.
            let outcome = painted(style, step.outcome, &format!("{:12}", step.outcome.word()));
            writeln!(out, "  {:15} {outcome} {}", step.stage.word(), line(&step.detail))?;
        }
    }
    Ok(())
}

fn painted(style: &Style, outcome: Outcome, text: &str) -> String {
    match outcome {
        Outcome::Passed => style.green(text),
        Outcome::Failed => style.red(text),
        Outcome::Open => style.yellow(text),
        Outcome::Skipped | Outcome::NotReached => style.faint(text),
    }
}
