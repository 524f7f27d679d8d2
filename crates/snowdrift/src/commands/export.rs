//! `snowdrift export`: takes over what exists on an instance as configuration.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::{FAILED, Failure, UNDECIDED, Variables, wait_for};
use crate::declared::Inputs;
use crate::export::document::{ExportReport, Reason};
use crate::export::render::Secrets;
use crate::export::selection::Selection;
use crate::export::{Options, export};
use crate::formats::clean::line;
use crate::progress::Stderr;
use crate::sign_in::SignIn;

/// A plan of the files would change something.
const WOULD_CHANGE: u8 = 2;

/// Writes what exists on an instance as HCL with `import` blocks, and proves that a plan would be empty.
///
/// One file for each integration with its alias, connections, credentials and the pointer to the active connection; what
/// several share and what other systems call has files of its own. Objects refer to each other instead of naming ids.
/// Secrets stay on the instance: nothing in the files writes over them. Nothing on the instance is changed.
///
/// An export goes on where it was interrupted: what the folder declares already is left as it is. What was left out, and
/// why, is in `export-report.json`.
///
/// Ends with 0 if a plan of the files would be empty, with 2 if it would change something, and with 3 if something may be
/// missing because the user may not see it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    snowdrift export --out servicenow                      everything\n  \
    snowdrift export --out jira --integration 'jira*'      what belongs to some integrations\n  \
    snowdrift export --unifi                               Unifi and what it refers to\n  \
    snowdrift export --type http_connection --query 'http_connection=nameSTARTSWITHacme'\n\n\
    Then: terraform init && terraform plan")]
pub struct Arguments {
    /// The folder of the files.
    #[arg(long = "out", value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Only integrations whose name fits the pattern, with all that belongs to them; may be given several times.
    #[arg(long = "integration", value_name = "GLOB")]
    integrations: Vec<String>,
    /// Only objects of this type, such as `http_connection`; may be given several times.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Only objects of a type that an encoded query selects; may be given several times.
    #[arg(long = "query", value_name = "TYPE=QUERY", value_parser = query)]
    queries: Vec<(String, String)>,
    /// Only Unifi, with what it refers to.
    #[arg(long)]
    unifi: bool,
    /// Exports as well what came with the platform and was not changed here. Without it an export of everything leaves that
    /// out and says what it was.
    #[arg(long)]
    include_platform: bool,
    /// Leaves to this folder what it declares.
    #[arg(long, value_name = "DIR")]
    beside: Option<PathBuf>,
    /// Replaces the files that an export wrote before. Files of others are never replaced.
    #[arg(long)]
    force: bool,
    /// Declares variables for secrets instead of comments. They write nothing until they get a version. The files then
    /// need Terraform or OpenTofu 1.11.
    #[arg(long)]
    secret_variables: bool,
    #[command(flatten)]
    sign_in: SignIn,
}

fn query(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=').filter(|it| !it.0.is_empty() && !it.1.is_empty());
    let (type_name, query) = split.ok_or_else(|| "it needs the form TYPE=QUERY".to_owned())?;
    Ok((Selection::type_name(type_name), query.to_owned()))
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// The instance does not let the user in or does not answer, or a file cannot be read or written.
    pub fn run(&self, environment: &Variables, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let options = self.options(environment)?;
        // A folder that is still to be made says nothing of the instance.
        let place = if self.folder.is_dir() { self.folder.clone() } else { PathBuf::from(".") };
        let config = self.sign_in.config(&place)?;
        let targets = self.sign_in.targets(&config, &place)?;
        let [target] = targets.as_slice() else {
            return Err(Failure::new("an export is of one instance; name it with `--instance`"));
        };
        let watch = Stderr::new(environment);
        let report = wait_for(async {
            let live = Arc::new(target.sign_in(environment).await?);
            Ok(export(&live, &options, &watch).await?)
        });
        watch.done();
        let report = report?;
        self.tell(&report, out)?;
        Ok(code(&report))
    }

    fn options(&self, environment: &Variables) -> Result<Options, Failure> {
        let beside = match &self.beside {
            Some(folder) => Some((folder.clone(), Inputs::collect(folder, environment.clone(), &[], &[])?)),
            None => None,
        };
        let selection = Selection {
            integrations: self.integrations.clone(),
            types: self.known_types()?,
            queries: self.queries.iter().cloned().collect(),
            unifi: self.unifi,
            include_platform: self.include_platform,
        };
        let secrets = if self.secret_variables { Secrets::Variables } else { Secrets::Comments };
        Ok(Options { folder: self.folder.clone(), selection, force: self.force, beside, secrets })
    }

    fn known_types(&self) -> Result<Vec<String>, Failure> {
        let schemas = crate::live::schemas();
        let asked = self.types.iter().map(|it| Selection::type_name(it));
        for type_name in asked.clone().chain(self.queries.iter().map(|it| it.0.clone())) {
            if !schemas.contains_key(&type_name) {
                let reason = format!("there is no type `{type_name}`; `snowdrift schema` lists them");
                return Err(Failure::new(reason));
            }
        }
        Ok(asked.collect())
    }

    fn tell(&self, report: &ExportReport, out: &mut dyn Write) -> Result<(), Failure> {
        let folder = self.folder.display();
        let (new, old) = (report.written.len(), report.already_declared.len());
        writeln!(
            out,
            "{new} objects of {} were written to {folder}; {old} were declared already.",
            report.instance
        )?;
        for (type_name, count) in &report.totals {
            writeln!(out, "  {count:>6}  {type_name}")?;
        }
        tell_skipped(report, out)?;
        if !report.unresolved.is_empty() {
            writeln!(
                out,
                "{} references stay ids, because the files declare no such record.",
                report.unresolved.len()
            )?;
        }
        if !report.secrets.is_empty() {
            writeln!(out, "{} secrets stay on the instance as they are.", report.secrets.len())?;
        }
        tell_proof(report, out)?;
        writeln!(
            out,
            "The whole report is {}.",
            self.folder.join(crate::export::document::FILE_NAME).display()
        )?;
        if report.proof.is_empty_plan() {
            writeln!(out, "Next: terraform init && terraform plan, in {folder}.")?;
        }
        Ok(())
    }
}

fn tell_skipped(report: &ExportReport, out: &mut dyn Write) -> Result<(), Failure> {
    let mut counts: BTreeMap<(Reason, &str), u64> = BTreeMap::new();
    for it in &report.skipped {
        *counts.entry((it.reason, it.table.as_str())).or_default() += it.count;
    }
    if !counts.is_empty() {
        writeln!(out, "Left out:")?;
    }
    for ((reason, table), count) in counts {
        let words = match reason {
            Reason::Hidden => "may not be seen by this user",
            Reason::Unreadable => "could not be read",
            Reason::Unsupported => "have no resource type",
            Reason::AnotherKind => "are something else",
            Reason::Invalid => "have values that no plan accepts",
            Reason::SeveralActive => "have several active connections",
            Reason::Platform => "came with the platform and were not changed here",
            Reason::NotSelected => "were not selected",
        };
        let of = if table.is_empty() { String::new() } else { format!(" of {table}") };
        // How many there are is not known of a table that is closed.
        let count = if count == 0 { "all".to_owned() } else { count.to_string() };
        writeln!(out, "  {count:>6}{of} {words}")?;
    }
    Ok(())
}

fn tell_proof(report: &ExportReport, out: &mut dyn Write) -> Result<(), Failure> {
    let proof = &report.proof;
    if proof.is_empty_plan() {
        writeln!(
            out,
            "Proven: a plan would be {} to import, 0 to add, 0 to change, 0 to destroy.",
            proof.unchanged
        )?;
        return Ok(());
    }
    writeln!(out, "A plan would not be empty:")?;
    for it in &proof.differences {
        writeln!(out, "  {}: {} would become {}, and is {}", it.address, it.attribute, it.planned, it.live)?;
    }
    for it in &proof.failures {
        writeln!(out, "  {}: {}", it.address, line(&it.detail))?;
    }
    Ok(())
}

fn code(report: &ExportReport) -> ExitCode {
    match () {
        () if !report.proof.failures.is_empty() => ExitCode::from(FAILED),
        () if !report.proof.differences.is_empty() => ExitCode::from(WOULD_CHANGE),
        () if report.is_incomplete() => ExitCode::from(UNDECIDED),
        () => ExitCode::SUCCESS,
    }
}
