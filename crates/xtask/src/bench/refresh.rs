//! Measures a refresh of many connections on an instance that is as far away as a real one: how many requests it takes,
//! how long, and how much memory; beside the same with one request for each object, and beside as many objects of a type
//! that is built into Terraform and asks nobody.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::Instance;

use crate::failure::Outcome;
use crate::workspace::{PROVIDER, Profile, SIMULATOR, Workspace};
use crate::{build, process, terraform};

/// How often the memory of the provider is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// The first letters of the provider's name, as many as the system shows.
const PROCESS_NAME: &str = "terraform-provi";

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Connections.
    pub count: usize,
    /// Milliseconds that every answer takes.
    pub latency_ms: u64,
}

/// Builds what users get and prints the figures.
pub fn run(workspace: &Workspace, size: Size) -> Outcome<()> {
    build::binaries(workspace, Profile::Release, &[PROVIDER, SIMULATOR])?;
    let bench = Bench::new(workspace, "bench-refresh")?;
    let instance = Instance::start(&workspace.binary(Profile::Release, SIMULATOR), &["--fixture", "empty"])?;
    let Size { count, latency_ms } = size;
    println!("refresh of {count} HTTP connections, {latency_ms} ms for every answer");
    let floor = bench.built_in(count)?;
    println!("| read_strategy | requests | wall time | peak memory of the provider |\n|---|---|---|---|");
    // One by one needs the time that it needs: the objects are created without the latency.
    bench.write("refresh", &connections("together", count))?;
    bench.terraform("refresh", &["apply", "-auto-approve", "-parallelism=4"], Some(&instance))?;
    instance.set("latency_ms", &latency_ms.to_string())?;
    let mut ratios = String::new();
    for strategy in ["together", "single"] {
        bench.write("refresh", &connections(strategy, count))?;
        instance.forget_journal()?;
        let figures = bench.plan("refresh", Some(&instance))?;
        let requests = instance.journal()?.len();
        println!(
            "| `{strategy}` | {requests} | {:.2} s | {} |",
            figures.wall.as_secs_f64(),
            figures.memory()
        );
        let ratio = figures.wall.as_secs_f64() / floor.wall.as_secs_f64();
        let _ = write!(ratios, " `{strategy}` takes {ratio:.2} times as long;");
    }
    println!("{count} terraform_data: {:.2} s.{}", floor.wall.as_secs_f64(), ratios.trim_end_matches(';'));
    println!("The Go provider for ServiceNow is not part of this measurement.");
    Ok(())
}

/// Terraform and a place to work in.
pub(super) struct Bench {
    terraform: PathBuf,
    directory: PathBuf,
    settings: PathBuf,
}

struct Figures {
    wall: Duration,
    peak_kb: Option<u64>,
}

impl Figures {
    fn memory(&self) -> String {
        self.peak_kb
            .map_or("not known on this system".to_owned(), |it| format!("{:.1} MB", it as f64 / 1_024.0))
    }
}

impl Bench {
    /// A folder of that name under the target directory, empty.
    pub(super) fn new(workspace: &Workspace, folder: &str) -> Outcome<Bench> {
        let directory = workspace.target().join(folder);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory)?;
        let settings = directory.join("terraform.rc");
        let text = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"snowdrift/servicenow\" = \"{}\"\n  }}\n  direct {{}}\n}}\n\
             disable_checkpoint = true\n",
            workspace.binaries(Profile::Release).display()
        );
        fs::write(&settings, text)?;
        Ok(Bench { terraform: terraform::find(workspace, None)?, directory, settings })
    }

    /// Writes the configuration of that name.
    pub(super) fn write(&self, name: &str, hcl: &str) -> Outcome<()> {
        fs::create_dir_all(self.directory.join(name))?;
        Ok(fs::write(self.directory.join(name).join("main.tf"), hcl)?)
    }

    /// Forgets the configuration of that name with its state.
    pub(super) fn forget(&self, name: &str) -> Outcome<()> {
        Ok(fs::remove_dir_all(self.directory.join(name))?)
    }

    fn built_in(&self, count: usize) -> Outcome<Figures> {
        let block = |n| {
            format!("resource \"terraform_data\" \"it{n}\" {{\n  input = \"https://{n}.example.com\"\n}}\n")
        };
        self.write("built-in", &(0..count).map(block).collect::<String>())?;
        self.terraform("built-in", &["apply", "-auto-approve"], None)?;
        self.plan("built-in", None)
    }

    /// A plan without changes, with the memory that the provider took at most.
    fn plan(&self, name: &str, instance: Option<&Instance>) -> Outcome<Figures> {
        let (is_over, peak_kb) = (AtomicBool::new(false), AtomicU64::new(0));
        let wall = thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    peak_kb.fetch_max(memory_kb().unwrap_or_default(), Ordering::Relaxed);
                    thread::sleep(LOOK);
                }
            });
            let began = Instant::now();
            let planned = self.terraform(name, &["plan", "-detailed-exitcode"], instance);
            is_over.store(true, Ordering::Relaxed);
            planned.map(|()| began.elapsed())
        })?;
        let peak_kb = Some(peak_kb.into_inner()).filter(|it| *it > 0);
        Ok(Figures { wall, peak_kb })
    }

    /// Runs Terraform with the configuration of that name.
    pub(super) fn terraform(
        &self,
        name: &str,
        arguments: &[&str],
        instance: Option<&Instance>,
    ) -> Outcome<()> {
        let mut command = Command::new(&self.terraform);
        command
            .current_dir(self.directory.join(name))
            .args(arguments)
            .args(["-no-color", "-input=false"])
            .env("TF_CLI_CONFIG_FILE", &self.settings);
        if let Some(instance) = instance {
            command
                .env("SERVICENOW_INSTANCE_URL", &instance.url)
                .env("SERVICENOW_USERNAME", &instance.username)
                .env("SERVICENOW_PASSWORD", &instance.password);
        }
        process::read(&mut command).map(|_| ())
    }
}

/// The most memory that a running provider took so far, in KiB; nothing where the system does not tell.
fn memory_kb() -> Option<u64> {
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok).map(|it| it.path());
    processes.filter(|it| is_provider(it)).filter_map(|it| peak_kb(&it)).max()
}

fn is_provider(process: &Path) -> bool {
    fs::read_to_string(process.join("comm")).is_ok_and(|name| name.starts_with(PROCESS_NAME))
}

fn peak_kb(process: &Path) -> Option<u64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn connections(strategy: &str, count: usize) -> String {
    let mut hcl = format!(
        "terraform {{\n  required_providers {{\n    servicenow = {{\n      source = \"snowdrift/servicenow\"\n    }}\n  }}\n}}\n\
         provider \"servicenow\" {{\n  read_strategy = \"{strategy}\"\n}}\n\
         resource \"servicenow_connection_alias\" \"it\" {{\n  name = \"it\"\n}}\n"
    );
    for n in 0..count {
        let _ = write!(
            hcl,
            "resource \"servicenow_http_connection\" \"it{n}\" {{\n  name = \"it-{n}\"\n  connection_alias_id = \
             servicenow_connection_alias.it.id\n  connection_url = \"https://{n}.example.com\"\n}}\n"
        );
    }
    hcl
}
