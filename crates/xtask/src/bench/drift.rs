//! Measures `snowdrift drift` on an instance that is as far away as a real one: how many requests a comparison of many
//! connections takes, how long, and how much memory; what of it is work of its own; how both grow; and beside it, in the
//! same run, what Terraform takes for the same question.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::Instance;
use serde_json::Value;

use super::refresh::{Bench, Size, peak_kb};
use super::table;
use crate::build;
use crate::failure::{Failure, Outcome};
use crate::workspace::{COMPANION, PROVIDER, Profile, SIMULATOR, Workspace};

mod beside;
mod world;

use world::World;

/// How often the memory of a run is looked at.
const LOOK: Duration = Duration::from_millis(5);

/// Runs of each size; the fastest one counts, because others of the machine only ever make one slower.
const ROUNDS: usize = 3;

/// How many times as large the largest size is as the smallest.
const GROWTH: usize = 10;

/// How much more than that the work may grow.
const GROWTH_MAX: f64 = 1.15;

/// What a comparison of ten thousand connections may take.
const REQUESTS_MAX: usize = 60;
const WALL_MAX: Duration = Duration::from_millis(2_500);
const PEAK_MB_MAX: f64 = 150.0;

/// What reading, evaluating and matching ten thousand resources may take.
const RESOURCES_MAX: Duration = Duration::from_millis(1_500);

/// The size that these are about.
const JUDGED: usize = 10_000;

/// The parts of a run, as `--timings` names them, that belong to reading, evaluating and matching what is declared.
const DECLARED: [&str; 3] = ["files", "evaluation", "matching"];

/// The parts that are work of the program itself; the others wait for the instance.
const WORK: [&str; 9] =
    ["files", "counting", "evaluation", "matching", "planning", "findings", "statuses", "listing", "patches"];

/// What one run came to.
struct Figures {
    requests: usize,
    wall: Duration,
    peak_mb: Option<f64>,
    /// Milliseconds by part.
    parts: BTreeMap<String, f64>,
}

/// Builds what users get and prints the figures.
pub fn run(workspace: &Workspace, profile: Profile, size: Size) -> Outcome<()> {
    build::binaries(workspace, profile, &[PROVIDER, SIMULATOR, COMPANION])?;
    let bench = Bench::new(workspace, profile, "bench-drift")?;
    let Size { count, latency_ms } = size;
    let machine = table::machine();
    let looker = Looker { workspace, profile, bench: &bench, latency_ms };
    let small = looker.look(count / GROWTH)?;
    let middle = looker.look(count / 2)?;
    let large = looker.look(count)?;
    let beside = looker.beside(count / GROWTH)?;
    println!("{machine}");
    println!(
        "A comparison of declared connections, two for each alias with its credential, {latency_ms} ms for every answer; the \
         fastest of {ROUNDS} runs.\n"
    );
    println!(
        "| what | resources | requests | wall time | work of its own | peak memory |\n|---|---|---|---|---|---|"
    );
    for (connections, figures) in [(count / GROWTH, &small), (count / 2, &middle), (count, &large)] {
        println!(
            "| `snowdrift drift`, {connections} connections | {} | {} | {:.2} s | {:.0} ms | {} |",
            World::resources(connections),
            figures.requests,
            figures.wall.as_secs_f64(),
            figures.sum(&WORK),
            figures.memory()
        );
    }
    println!(
        "| `terraform plan -refresh-only`, {} connections | {} | {} | {:.2} s | | {} (provider) |",
        count / GROWTH,
        World::resources(count / GROWTH),
        beside.requests,
        beside.wall.as_secs_f64(),
        beside.memory()
    );
    println!("\nParts of the largest, in milliseconds: {}\n", large.told());
    goals(count, &middle, &large, large.sum(&WORK) / small.sum(&WORK))
        .iter()
        .for_each(|it| println!("- {it}"));
    Ok(())
}

/// What a comparison should come to, and whether it does.
fn goals(count: usize, middle: &Figures, large: &Figures, growth: f64) -> Vec<String> {
    let held = |it: bool| if it { "held" } else { "MISSED" };
    let growth_max = GROWTH as f64 * GROWTH_MAX;
    let mut goals = vec![format!(
        "{GROWTH} times as many take at most {growth_max:.1} times the work, {growth:.2}: {}",
        held(growth <= growth_max)
    )];
    if count != JUDGED {
        return goals;
    }
    let declared = middle.sum(&DECLARED);
    goals.push(format!(
        "{} resources read, evaluated and matched in at most {} ms, {declared:.0} ms: {}",
        World::resources(count / 2),
        RESOURCES_MAX.as_millis(),
        held(declared <= RESOURCES_MAX.as_secs_f64() * 1e3)
    ));
    let requests = large.requests;
    goals.push(format!("at most {REQUESTS_MAX} requests, {requests}: {}", held(requests <= REQUESTS_MAX)));
    goals.push(format!(
        "at most {:.1} s, {:.2} s: {}",
        WALL_MAX.as_secs_f64(),
        large.wall.as_secs_f64(),
        held(large.wall <= WALL_MAX)
    ));
    goals.extend(
        large
            .peak_mb
            .map(|it| format!("at most {PEAK_MB_MAX:.0} MB, {it:.0} MB: {}", held(it <= PEAK_MB_MAX))),
    );
    goals
}

impl Figures {
    /// Milliseconds of those parts together.
    fn sum(&self, parts: &[&str]) -> f64 {
        parts.iter().filter_map(|it| self.parts.get(*it)).sum()
    }

    fn memory(&self) -> String {
        self.peak_mb.map_or("not known on this system".to_owned(), |it| format!("{it:.0} MB"))
    }

    fn told(&self) -> String {
        self.parts.iter().map(|(name, it)| format!("{name} {it:.0}")).collect::<Vec<_>>().join(", ")
    }
}

/// Who looks, and how far away the instance is.
struct Looker<'a> {
    workspace: &'a Workspace,
    profile: Profile,
    bench: &'a Bench,
    latency_ms: u64,
}

impl Looker<'_> {
    /// An instance with so many connections.
    fn instance(&self, world: &World) -> Outcome<Instance> {
        let fixture = self.bench.folder(&world.name())?.join("fixture.json");
        fs::write(&fixture, world.rows().to_string())?;
        let fixture = fixture.display().to_string();
        Ok(Instance::start(&self.workspace.binary(self.profile, SIMULATOR), &["--fixture", &fixture])?)
    }

    /// The fastest of some comparisons of so many connections with an instance that has them.
    fn look(&self, connections: usize) -> Outcome<Figures> {
        let world = World { connections };
        let instance = self.instance(&world)?;
        self.bench.write(&world.name(), &world.hcl())?;
        instance.set("latency_ms", &self.latency_ms.to_string())?;
        let mut best: Option<Figures> = None;
        for _ in 0..ROUNDS {
            instance.forget_journal()?;
            let figures = self.drift(&self.bench.folder(&world.name())?, &instance, connections)?;
            if best.as_ref().is_none_or(|it| figures.wall < it.wall) {
                best = Some(figures);
            }
        }
        best.ok_or_else(|| Failure::new("nothing was measured"))
    }

    /// One comparison, in which everything has to be as declared: a figure of less work would mean nothing.
    fn drift(&self, folder: &Path, instance: &Instance, connections: usize) -> Outcome<Figures> {
        let report = folder.join("report.json");
        let mut command = Command::new(self.workspace.binary(self.profile, COMPANION));
        command
            .args(["drift", "--timings", "--out"])
            .arg(format!("json={}", report.display()))
            .arg(folder)
            .env("SERVICENOW_INSTANCE_URL", &instance.url)
            .env("SERVICENOW_USERNAME", &instance.username)
            .env("SERVICENOW_PASSWORD", &instance.password)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let began = Instant::now();
        let mut child = command.spawn()?;
        let process = PathBuf::from(format!("/proc/{}", child.id()));
        let mut peak = 0;
        // What it writes fits into the pipe, so that waiting first cannot lock the two up.
        while child.try_wait()?.is_none() {
            peak = peak.max(peak_kb(&process).unwrap_or_default());
            thread::sleep(LOOK);
        }
        let wall = began.elapsed();
        let output = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let counts = counts(&report)?;
        let resources = World::resources(connections);
        if !output.status.success() || counts.clean != resources {
            let ended = output.status;
            return Err(Failure::new(format!(
                "`snowdrift drift` ended with {ended} and {} of {resources} resources as declared\n{said}",
                counts.clean
            )));
        }
        let peak_mb = (peak > 0).then(|| peak as f64 / 1_024.0);
        Ok(Figures { requests: instance.journal()?.len(), wall, peak_mb, parts: parts(&said) })
    }

    /// What Terraform takes to look at as many.
    fn beside(&self, connections: usize) -> Outcome<Figures> {
        let world = World { connections };
        let instance = self.instance(&world)?;
        beside::prepare(self.bench, &world, &instance)?;
        instance.set("latency_ms", &self.latency_ms.to_string())?;
        instance.forget_journal()?;
        let figures = self.bench.plan(beside::FOLDER, &["-refresh-only"], Some(&instance))?;
        Ok(Figures {
            requests: instance.journal()?.len(),
            wall: figures.wall,
            peak_mb: figures.peak_kb.map(|it| it as f64 / 1_024.0),
            parts: BTreeMap::new(),
        })
    }
}

/// What the report of a run counts.
struct Counts {
    clean: usize,
}

fn counts(report: &Path) -> Outcome<Counts> {
    let text = fs::read_to_string(report).unwrap_or_default();
    let report: Value = serde_json::from_str(&text).unwrap_or_default();
    let clean = report.pointer("/instances/0/counts/clean").and_then(Value::as_u64).unwrap_or_default();
    Ok(Counts { clean: usize::try_from(clean).unwrap_or_default() })
}

/// The lines of `--timings`: `timing: NAME: MILLISECONDS ms`.
fn parts(said: &str) -> BTreeMap<String, f64> {
    let part = |line: &str| {
        let (name, time) = line.strip_prefix("timing: ")?.rsplit_once(": ")?;
        let time = time.strip_suffix(" ms")?.parse::<f64>().ok()?;
        Some((name.rsplit(": ").next().unwrap_or(name).to_owned(), time))
    };
    let mut parts = BTreeMap::new();
    for (name, time) in said.lines().filter_map(part) {
        *parts.entry(name).or_default() += time;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(requests: usize, wall_ms: u64, peak_mb: f64, work: f64) -> Figures {
        let parts = [("files".to_owned(), work), ("tables".to_owned(), 900.0)].into();
        Figures { requests, wall: Duration::from_millis(wall_ms), peak_mb: Some(peak_mb), parts }
    }

    #[test]
    fn goals_are_held_or_missed() {
        let held = goals(10_000, &figures(9, 900, 80.0, 700.0), &figures(60, 2_500, 150.0, 900.0), 11.4);
        assert!(held.iter().all(|it| it.ends_with("held")) && held.len() == 5, "{held:?}");
        let missed = goals(10_000, &figures(9, 900, 80.0, 1_600.0), &figures(61, 2_501, 151.0, 9.0), 11.6);
        assert!(missed.iter().all(|it| it.ends_with("MISSED")), "{missed:?}");
        assert_eq!(goals(200, &figures(9, 9, 9.0, 9.0), &figures(9, 9, 9.0, 9.0), 2.0).len(), 1);
    }

    #[test]
    fn parts_are_read_from_what_a_run_says() {
        let said = "something else\ntiming: prod: files: 12.5 ms\ntiming: test: files: 1.5 ms\ntiming: report: 3.0 ms\n";
        let expected = [("files".to_owned(), 14.0), ("report".to_owned(), 3.0)];
        assert_eq!(parts(said), expected.into());
    }
}
