//! `snowdrift drift`: what is declared against what is live, on one instance or on a fleet.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

mod since;

use super::{Failure, Variables, wait_for};
use crate::adopt::offer::{Asked, Ground, offer};
use crate::adopt::{self, Adoption, FilePatch};
use crate::compare::footing::Footing;
use crate::compare::{Options, Source, compare, ignored};
use crate::config::{Config, Instance, Rule, Unmanaged};
use crate::declared::{Declared, Folder, Schemas, stored};
use crate::formats::Outputs;
use crate::live::{self, Live, schemas};
use crate::progress::{Stderr, Watch as _, Watched};
use crate::report::{FORMAT_VERSION, FailOn, InstanceReport, Report, Shard};
use crate::sign_in::{SignIn, Target};
use crate::timings::Timings;

/// Instances that are looked at side by side: each takes a few connections and some memory.
const SIDE_BY_SIDE: usize = 8;

/// Compares what is declared with what is on the instance
///
/// What is declared comes from the HCL files of a folder, without Terraform and without a state; or from a state or a plan.
/// Nothing is written anywhere. Each object is read and planned by the provider's own code: what its plan would change is
/// drift.
///
/// Ends with 0 when nothing differs, 2 when something does, 3 when nothing differs but something could not be decided, and
/// 1 when an instance could not be looked at.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The folder of the root module
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Sets a variable of the root module
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = super::declared::pair)]
    variables: Vec<(String, String)>,
    /// Reads variables of the root module from a file
    #[arg(long = "var-file", value_name = "FILE")]
    variable_files: Vec<PathBuf>,
    /// Compares with a state instead of the folder: a state file, the output of `terraform show -json`, or `-` for either
    /// on standard input
    #[arg(long, value_name = "FILE", conflicts_with = "plan")]
    state: Option<PathBuf>,
    /// Compares with what a plan would make: the output of `terraform show -json PLAN`, or `-` for standard input
    #[arg(long = "plan-json", value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Where records that nothing declares are looked for [default: managed]
    #[arg(long, value_enum)]
    unmanaged: Option<Unmanaged>,
    /// Ends with 2 from this severity on (info, warning, critical), or for these classes alone; may be given several times
    /// [default: info]
    #[arg(long, value_name = "CLASS|SEVERITY")]
    fail_on: Vec<FailOn>,
    /// Tells only of records that were written since a time by the clock of the instance, such as 2026-11-22T12:00:00Z, or since
    /// the `last` report of `--history`, ten minutes earlier in case clocks differ. Where nothing was written nothing is
    /// compared, and what was deleted is not seen
    #[arg(long, value_name = "TIME|last")]
    since: Option<String>,
    /// Looks at every n-th instance of the fleet, such as 2/5
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<Shard>,
    /// Adopts what is live: changes the files where plain values of a resource stand, keeping comments and layout. What comes
    /// from variables, functions and modules is told instead. For one instance at a time, as the two below
    #[arg(long, conflicts_with_all = ["state", "plan"])]
    write: bool,
    /// Takes the blocks of what is certain to be gone from the instance out of the files, with their `import` and `moved`
    /// blocks. What anything else refers to stays, and so does what this user may just not see
    #[arg(long, conflicts_with_all = ["state", "plan"])]
    write_missing: bool,
    /// Writes `import` and `resource` blocks for what nothing declares: into the file of its integration, else into
    /// `adopted.tf`. What is looked at is chosen by `--unmanaged`
    #[arg(long, conflicts_with_all = ["state", "plan"])]
    write_unmanaged: bool,
    /// Tells on standard error where the time went
    #[arg(long)]
    timings: bool,
    #[command(flatten)]
    sign_in: SignIn,
    #[command(flatten)]
    outputs: Outputs,
}

const EXAMPLES: &str = "\
Examples:
  snowdrift drift                                    this folder against the instance of the environment
  snowdrift drift live/prod --var-file prod.tfvars
  terraform show -json | snowdrift drift --state -
  snowdrift drift --instance prod --fail-on warning --out sarif=drift.sarif
  snowdrift drift --config fleet.toml --shard 2/5 --format json
  snowdrift drift --write --write-missing --write-unmanaged     the files follow the instance";

fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').and_then(|(index, of)| Some((index.parse().ok()?, of.parse().ok()?)));
    match parts {
        Some((index, of)) if index >= 1 && index <= of => Ok(Shard { index, of }),
        _ => Err("it needs the form I/N, with I from 1 to N".to_owned()),
    }
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// What is declared cannot be read, `snowdrift.toml` is wrong, or the output cannot be written. An instance that cannot
    /// be looked at is a problem of the report instead.
    pub fn run(&self, environment: &Variables, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let config = self.sign_in.config(&self.folder)?;
        let usual = || config.drift.fail_on.iter().map(|it| it.parse()).collect::<Result<Vec<FailOn>, _>>();
        let fail_on = if self.fail_on.is_empty() { usual()? } else { self.fail_on.clone() };
        self.outputs.check()?;
        let began = Timestamp::now();
        let targets = self.targets(&config)?;
        if self.asked().is_any() && targets.len() > 1 {
            return Err(Failure::new(
                "`--write` adopts from one instance, because others may differ from it: say which with `--instance`. Nothing \
                 was looked at",
            ));
        }
        let bars = Arc::new(Stderr::new(environment));
        // Of several at a time it is told which are done, and not how far each is.
        let watch = if targets.len() == 1 { Watched(bars.clone()) } else { Watched::default() };
        let today = began.to_zoned(jiff::tz::TimeZone::UTC).date();
        let jobs = targets
            .into_iter()
            .map(|it| self.job(&it, &config, environment, &watch, today))
            .collect::<Result<Vec<_>, _>>()?;
        if jobs.len() > 1 {
            bars.begins("Looking at instances", jobs.len());
        }
        let timings: Vec<_> = jobs.iter().map(|it| (it.name.clone(), it.options.timings.clone())).collect();
        let looked = wait_for(side_by_side(jobs, environment.clone(), bars.clone()))?;
        bars.done();
        let reporting = Timings::default();
        let (mut instances, adoptions): (Vec<_>, Vec<_>) = looked.into_iter().unzip();
        instances.sort_by(|one, other| one.name.cmp(&other.name));
        let report = Report {
            format_version: FORMAT_VERSION,
            snowdrift_version: env!("CARGO_PKG_VERSION").to_owned(),
            began: written(began),
            ended: written(Timestamp::now()),
            shard: self.shard,
            instances,
            problems: Vec::new(),
        };
        reporting.of("report", || self.outputs.write(&report, environment, out))?;
        if self.timings {
            let parts: String = timings.iter().map(|(name, it)| it.lines(name.as_deref())).collect();
            // Nobody listens any more if this cannot be written.
            let _ = write!(std::io::stderr(), "{parts}{}", reporting.lines(None));
        }
        adoptions.iter().flat_map(|it| &it.patches).try_for_each(adopt_in)?;
        Ok(ExitCode::from(report.verdict(&fail_on).exit_code()))
    }

    /// The time since which something has to be written to be told; nothing without one, and where there is no last report.
    fn since(&self, target: &Target) -> Result<Option<String>, Failure> {
        match (self.since.as_deref(), self.outputs.history_folder()) {
            (None, _) => Ok(None),
            (Some(since::LAST), None) => Err(Failure::new(
                "`--since last` goes on from the newest report of a folder: give the folder with `--history`. Nothing was \
                 looked at",
            )),
            (Some(since::LAST), Some(folder)) => {
                let last = since::last(folder, target.name())?;
                if last.is_none() {
                    // Nobody listens any more if this cannot be written.
                    let _ = writeln!(std::io::stderr(), "{}", since::no_report(folder, target.name()));
                }
                Ok(last)
            }
            (Some(text), _) => since::time(text).map(Some),
        }
    }

    /// The instances of this share of the fleet.
    fn targets(&self, config: &Config) -> Result<Vec<Target>, Failure> {
        let mut targets = self.sign_in.targets(config, &self.folder)?;
        if let Some(Shard { index, of }) = self.shard {
            targets.retain(|it| share(it.name().unwrap_or_default(), of) == index);
        }
        Ok(targets)
    }

    fn job(
        &self,
        target: &Target,
        config: &Config,
        environment: &Variables,
        watch: &Watched,
        today: Date,
    ) -> Result<Job, Failure> {
        let own = target.instance.as_ref().map(|it| it.written_by.clone()).filter(|it| !it.is_empty());
        let options = Options {
            unmanaged: self.unmanaged.or(config.drift.unmanaged).unwrap_or_default(),
            provider: target.provider().map(str::to_owned),
            written_by: own.unwrap_or_else(|| config.drift.written_by.clone()),
            severity: config.drift.severity.clone(),
            since: self.since(target)?,
            timings: Arc::default(),
            watch: watch.clone(),
            footing: Arc::default(),
        };
        let state = self.state.clone().or_else(|| target.instance.as_ref().and_then(|it| it.state.clone()));
        let declared_in = match (&state, &self.plan) {
            (Some(file), _) | (None, Some(file)) => file.display().to_string(),
            (None, None) => target.folder.display().to_string(),
        };
        let inputs = target.inputs(environment, &self.variable_files, &self.variables)?;
        let (source, written) = match (&state, &self.plan) {
            (None, None) => {
                let folder = options.timings.of("files", || Folder::load(&target.folder))?;
                let written = folder.provider_block(&inputs, target.provider());
                (Source::Folder(Box::new(folder), inputs), written)
            }
            (Some(file), _) => (stored_in(file, stored::state)?, target.written(&inputs)?),
            (None, Some(file)) => (stored_in(file, stored::plan)?, target.written(&inputs)?),
        };
        let block = target.block(written.as_ref(), environment);
        let ground = Ground {
            folder: matches!(source, Source::Folder(..)).then(|| target.folder.clone()),
            provider: target.provider().map(str::to_owned),
            shared_with: shared_with(target, config, &self.folder),
        };
        let (name, asked, rules) = (target.name().map(str::to_owned), self.asked(), config.rules.clone());
        Ok(Job { name, block, source, options, declared_in, ground, asked, rules, today })
    }

    fn asked(&self) -> Asked {
        Asked { values: self.write, missing: self.write_missing, unmanaged: self.write_unmanaged }
    }
}

/// Changes a file, and says which.
fn adopt_in(patch: &FilePatch) -> Result<(), Failure> {
    adopt::disk::write(patch)?;
    // Nobody listens any more if this cannot be written.
    let _ = writeln!(std::io::stderr(), "Adopted in {}", patch.file);
    Ok(())
}

/// Another instance that the blocks of this one are for as well: what is gone from one need not be gone from the other.
fn shared_with(target: &Target, config: &Config, folder: &Path) -> Option<String> {
    let folder_of = |it: &Instance| it.folder.clone().unwrap_or_else(|| folder.to_owned());
    let is_other = |it: &&Instance| {
        Some(it.name.as_str()) != target.name()
            && it.state.is_none()
            && it.provider.as_deref() == target.provider()
            && folder_of(it) == target.folder
    };
    config.instances.iter().find(is_other).map(|it| it.name.clone())
}

/// One instance to look at, with everything read that needs no instance.
struct Job {
    name: Option<String>,
    block: Result<tf_core::Object, Failure>,
    source: Source,
    options: Options,
    declared_in: String,
    ground: Ground,
    asked: Asked,
    rules: Vec<Rule>,
    today: Date,
}

type Parse = fn(&str, &Schemas) -> Result<Declared, stored::StoredError>;

fn stored_in(file: &Path, parse: Parse) -> Result<Source, Failure> {
    let text = stored::read(file)?;
    Ok(Source::Objects(parse(&text, &schemas())?))
}

/// Looks at the instances, some at a time. What goes wrong with one does not stop the others.
async fn side_by_side(
    jobs: Vec<Job>,
    environment: Variables,
    bars: Arc<Stderr>,
) -> Result<Vec<(InstanceReport, Adoption)>, Failure> {
    let is_fleet = jobs.len() > 1;
    let (environment, room) = (Arc::new(environment), Arc::new(Semaphore::new(SIDE_BY_SIDE)));
    let mut running = JoinSet::new();
    for job in jobs {
        let (environment, room) = (environment.clone(), room.clone());
        running.spawn(async move {
            // The room is never closed.
            let _place = room.acquire_owned().await;
            look(job, &environment).await
        });
    }
    let mut reports = Vec::new();
    while let Some(report) = running.join_next().await {
        reports.push(report?);
        if is_fleet {
            bars.advances(1);
        }
    }
    Ok(reports)
}

async fn look(job: Job, environment: &Variables) -> (InstanceReport, Adoption) {
    let name = job.name.as_deref();
    let address = job.block.as_ref().ok().and_then(|it| live::address(it, environment));
    let failed = |detail: String| {
        let url = address.as_ref().map(ToString::to_string).unwrap_or_default();
        let called = name.or_else(|| Some(url.split_once("://")?.1)).unwrap_or("the instance");
        (ignored::failed(called, &url, &job.declared_in, detail), Adoption::default())
    };
    let block = match job.block.as_ref() {
        Ok(block) => block.clone(),
        Err(failure) => return failed(failure.to_string()),
    };
    let connected = Live::connect(name, block, environment);
    match job.options.timings.during("sign-in", connected).await {
        Ok(live) => {
            let live = Arc::new(live);
            let mut report = compare(&live, job.source, &job.options, &job.declared_in).await;
            ignored::apply(&mut report, &job.rules, job.today);
            let none = Footing::default();
            let footing = job.options.footing.get().unwrap_or(&none);
            let offered = offer(&live, &mut report, footing, &job.ground, job.asked);
            let adoption = job.options.timings.during("patches", offered).await;
            (report, adoption)
        }
        Err(refused) => failed(refused.to_string()),
    }
}

/// Which share of a fleet an instance belongs to, from 1: by a hash of its name that is the same on every machine, so that
/// a new instance moves no other one.
fn share(name: &str, of: u32) -> u32 {
    let digits = crate::compare::findings::fingerprint(&[name]);
    let hash = u64::from_str_radix(&digits, 16).unwrap_or_default();
    u32::try_from(hash % u64::from(of)).unwrap_or_default() + 1
}

/// A time as reports write it: to the millisecond, in UTC.
fn written(time: Timestamp) -> String {
    // Two runs may begin within one second; a history would take the second for the first.
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests;
