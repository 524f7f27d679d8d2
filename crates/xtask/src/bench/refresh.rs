//! Measures a refresh of many connections on an instance that is as far away as a real one: how many requests it takes,
//! how long, and how much memory; beside the same with one request for each object, beside the same without asking the
//! instance at all, and beside as many objects of a type that is built into Terraform and asks nobody.

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

use super::table;

mod multiplied;

/// How often the memory of the provider is looked at.
const LOOK: Duration = Duration::from_millis(20);

/// What is measured.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Connections.
    pub count: usize,
    /// Milliseconds that every answer takes.
    pub latency_ms: u64,
}

/// The most requests that a refresh may take, by the number of connections.
const REQUESTS_MAX: &[(usize, usize)] = &[(1_000, 25), (5_000, 60)];

/// How many times as long as objects that ask nobody a refresh may take, and how much more.
const FLOORS_MAX: f64 = 1.3;
const BEYOND_MAX: Duration = Duration::from_secs(1);

/// More connections than this are not asked for one by one: that takes minutes and tells nothing new.
const SINGLE_MAX: usize = 1_000;

/// Makes a plan with changes a failure.
const UNCHANGED: &[&str] = &["-detailed-exitcode"];

/// One way of looking at the instance.
struct Look {
    name: &'static str,
    strategy: &'static str,
    /// What `terraform plan` is told besides.
    options: &'static [&'static str],
    /// Whether the goals are about it.
    is_judged: bool,
}

/// The ways side by side. What Terraform itself does with so many objects of this type is the same in all of them.
const LOOKS: [Look; 3] = [
    Look {
        name: "the connections, `-refresh=false`",
        strategy: "together",
        options: &["-refresh=false"],
        is_judged: false,
    },
    Look { name: "`together`", strategy: "together", options: &[], is_judged: true },
    Look { name: "`single`", strategy: "single", options: &[], is_judged: false },
];

impl Size {
    fn leaves_out(self, look: &Look) -> bool {
        look.strategy == "single" && self.count > SINGLE_MAX
    }
}

/// Builds what users get and prints the figures.
pub fn run(workspace: &Workspace, profile: Profile, size: Size) -> Outcome<()> {
    build::binaries(workspace, profile, &[PROVIDER, SIMULATOR])?;
    let bench = Bench::new(workspace, profile, "bench-refresh")?;
    let instance = Instance::start(&workspace.binary(profile, SIMULATOR), &["--fixture", "empty"])?;
    let Size { count, latency_ms } = size;
    println!("{}", table::machine());
    println!(
        "A refresh of {count} HTTP connections, {latency_ms} ms for every answer, one run side by side.\n"
    );
    let floor = bench.built_in(count)?;
    println!(
        "| what | requests | wall time | beside terraform_data | peak memory of the provider |\n|---|---|---|---|---|"
    );
    println!("| {count} `terraform_data` | 0 | {:.2} s | 1.00 | |", floor.wall.as_secs_f64());
    bench.write("refresh", &connections("together", 1))?;
    bench.terraform("refresh", &["apply", "-auto-approve"], Some(&instance))?;
    multiplied::connections(&bench.state("refresh"), &instance, count)?;
    instance.set("latency_ms", &latency_ms.to_string())?;
    let mut goals = Vec::new();
    for look in LOOKS.into_iter().filter(|it| !size.leaves_out(it)) {
        bench.write("refresh", &connections(look.strategy, count))?;
        instance.forget_journal()?;
        let figures = bench.plan("refresh", &[UNCHANGED, look.options].concat(), Some(&instance))?;
        let requests = instance.journal()?.len();
        let (wall, ratio) =
            (figures.wall.as_secs_f64(), figures.wall.as_secs_f64() / floor.wall.as_secs_f64());
        println!("| {} | {requests} | {wall:.2} s | {ratio:.2} | {} |", look.name, figures.memory());
        if look.is_judged {
            goals = goals_of(count, requests, figures.wall, floor.wall);
        }
    }
    println!();
    goals.iter().for_each(|it| println!("- {it}"));
    println!("- {}", beside_go());
    Ok(())
}

/// What a refresh should come to, and whether it does.
fn goals_of(count: usize, requests: usize, wall: Duration, floor: Duration) -> Vec<String> {
    let held = |it: bool| if it { "held" } else { "MISSED" };
    let wall_max = floor.mul_f64(FLOORS_MAX) + BEYOND_MAX;
    let bound = REQUESTS_MAX.iter().find(|(size, _)| count <= *size).map(|(_, most)| *most);
    let of_requests = bound.map(|most| format!("at most {most} requests: {}", held(requests <= most)));
    let of_time = format!(
        "at most {FLOORS_MAX} times terraform_data and {} s more, {:.2} s: {}",
        BEYOND_MAX.as_secs(),
        wall_max.as_secs_f64(),
        held(wall <= wall_max)
    );
    of_requests.into_iter().chain([of_time]).collect()
}

/// The provider for ServiceNow that exists already is written in Go and has to be built with it.
fn beside_go() -> String {
    match process::read(Command::new("go").arg("version")) {
        Ok(version) => format!(
            "{} is at hand; the provider for ServiceNow that is written in Go is not part of this run: it sends one request \
             for each object, as `single` does",
            version.trim()
        ),
        Err(_) => {
            "Go is not at hand, so the provider for ServiceNow that is written in Go was not measured beside"
                .to_owned()
        }
    }
}

/// Terraform and a place to work in.
pub(super) struct Bench {
    terraform: PathBuf,
    directory: PathBuf,
    settings: PathBuf,
    provider: PathBuf,
}

/// What a plan came to.
pub(super) struct Figures {
    /// From the beginning of the command to its end.
    pub(super) wall: Duration,
    /// The most memory that the provider took, in KiB, where the system tells.
    pub(super) peak_kb: Option<u64>,
}

impl Figures {
    fn memory(&self) -> String {
        self.peak_kb
            .map_or("not known on this system".to_owned(), |it| format!("{:.1} MB", it as f64 / 1_024.0))
    }
}

impl Bench {
    /// A folder of that name under the target directory, empty, and the provider of that profile.
    pub(super) fn new(workspace: &Workspace, profile: Profile, folder: &str) -> Outcome<Bench> {
        let directory = workspace.target().join(folder);
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory)?;
        let settings = directory.join("terraform.rc");
        let text = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"snowdrift/servicenow\" = \"{}\"\n  }}\n  direct {{}}\n}}\n\
             disable_checkpoint = true\n",
            workspace.binaries(profile).display()
        );
        fs::write(&settings, text)?;
        let provider = fs::canonicalize(workspace.binary(profile, PROVIDER))?;
        Ok(Bench { terraform: terraform::find(workspace, None)?, directory, settings, provider })
    }

    /// Writes the configuration of that name.
    pub(super) fn write(&self, name: &str, hcl: &str) -> Outcome<()> {
        fs::create_dir_all(self.directory.join(name))?;
        Ok(fs::write(self.directory.join(name).join("main.tf"), hcl)?)
    }

    /// The folder of the configuration of that name.
    pub(super) fn folder(&self, name: &str) -> Outcome<PathBuf> {
        let folder = self.directory.join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    fn state(&self, name: &str) -> PathBuf {
        self.directory.join(name).join("terraform.tfstate")
    }

    /// Forgets the configuration of that name with its state.
    pub(super) fn forget(&self, name: &str) -> Outcome<()> {
        Ok(fs::remove_dir_all(self.directory.join(name))?)
    }

    fn built_in(&self, count: usize) -> Outcome<Figures> {
        let block = |n| {
            format!(
                "resource \"terraform_data\" \"it{n}\" {{\n  input = \"{}\"\n}}\n",
                multiplied::endpoint(n)
            )
        };
        self.write("built-in", &block(0))?;
        self.terraform("built-in", &["apply", "-auto-approve"], None)?;
        multiplied::built_in(&self.state("built-in"), count)?;
        self.write("built-in", &(0..count).map(block).collect::<String>())?;
        self.plan("built-in", UNCHANGED, None)
    }

    /// A plan, with the memory that the provider took at most.
    pub(super) fn plan(&self, name: &str, options: &[&str], instance: Option<&Instance>) -> Outcome<Figures> {
        let (is_over, peak_kb) = (AtomicBool::new(false), AtomicU64::new(0));
        let wall = thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    peak_kb.fetch_max(memory_kb(&self.provider).unwrap_or_default(), Ordering::Relaxed);
                    thread::sleep(LOOK);
                }
            });
            let began = Instant::now();
            let planned = self.terraform(name, &[&["plan"], options].concat(), instance);
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

/// The most memory that a process of this program took so far, in KiB; nothing where the system does not tell.
fn memory_kb(program: &Path) -> Option<u64> {
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok).map(|it| it.path());
    let is_of_program = |it: &PathBuf| fs::read_link(it.join("exe")).is_ok_and(|it| it == program);
    processes.filter(is_of_program).filter_map(|it| peak_kb(&it)).max()
}

/// The most memory that a process took so far, in KiB; nothing where the system does not tell. `process` is its folder
/// under `/proc`.
pub(super) fn peak_kb(process: &Path) -> Option<u64> {
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
             servicenow_connection_alias.it.id\n  connection_url = \"{}\"\n}}\n",
            multiplied::endpoint(n)
        );
    }
    hcl
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_held_or_missed() {
        let (second, two) = (Duration::from_secs(1), Duration::from_secs(2));
        let held = goals_of(1_000, 25, two, second);
        assert!(held.iter().all(|it| it.ends_with("held")) && held.len() == 2, "{held:?}");
        let missed = goals_of(1_000, 26, two + second, second);
        assert!(missed.iter().all(|it| it.ends_with("MISSED")), "{missed:?}");
        assert!(goals_of(5_000, 60, two, second)[0].ends_with("60 requests: held"));
        assert_eq!(goals_of(9_000, 60, two, second).len(), 1, "nothing is said about so many");
    }
}
