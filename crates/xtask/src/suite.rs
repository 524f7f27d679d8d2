//! Everything that must hold, in one command.

use std::fmt;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

mod runner;

use crate::browser;
use crate::failure::{Failure, Outcome};
use crate::process;
use crate::terraform;
use crate::workspace::{BUILT_VARIABLE, Workspace};

use runner::{Runner, Selection};

/// The Terraform versions that the acceptance tests run: the framework supports all of them, the provider those from
/// 1.11 on.
const ACCEPTANCE_VERSIONS: &[&str] = &["1.6", "1.8", "1.9", "1.10", "1.11", "1.12", "1.13", "1.14", "1.15"];

/// Set when long campaigns run in whole.
const LONG_VARIABLE: &str = "SNOWDRIFT_LONG";

/// Cases of each property in a long run; a short one has the 256 that the library takes by itself.
const LONG_CASES: u32 = 20_000;

/// Formatting, clippy, and every test.
pub fn test(workspace: &Workspace, long: bool) -> Outcome<()> {
    let mut steps = Steps::default();
    steps.take("formatting", || process::run(workspace.cargo().args(["fmt", "--all", "--check"])))?;
    thread::scope(|scope| {
        let fetching = scope.spawn(|| fetched(workspace));
        steps.take("clippy", || {
            let mut clippy = workspace.cargo();
            process::run(clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
        })?;
        prepare(workspace, &mut steps, fetching)
    })?;
    let runner = Runner::find(workspace);
    let environment = environment(workspace, long);
    let all = Selection { arguments: vec!["--workspace".to_owned()], environment: environment.clone() };
    let passed = steps.take("tests", || runner.run(workspace, &all))?;
    let examples = steps.take("documentation tests", || runner::documentation(workspace, &environment))?;
    println!("\n{steps}All of it holds: {} tests passed.", passed + examples);
    Ok(())
}

/// Only the acceptance tests.
pub fn accept(workspace: &Workspace, filters: &[String]) -> Outcome<()> {
    let mut steps = Steps::default();
    thread::scope(|scope| {
        let fetching = scope.spawn(|| fetched(workspace));
        prepare(workspace, &mut steps, fetching)
    })?;
    let mut arguments = vec!["--package".to_owned(), "acceptance-tests".to_owned()];
    arguments.extend_from_slice(filters);
    let selection = Selection { arguments, environment: environment(workspace, false) };
    let passed = steps.take("acceptance tests", || Runner::find(workspace).run(workspace, &selection))?;
    println!("\n{steps}{passed} acceptance tests passed.");
    Ok(())
}

/// What tests need from elsewhere: what it is, and where it stands.
type Fetched = Vec<(String, PathBuf)>;

/// Gets what is not here yet. That waits for the network, while others compile.
fn fetched(workspace: &Workspace) -> Outcome<Fetched> {
    let mut here = vec![("Browser".to_owned(), browser::find()?)];
    for version in ACCEPTANCE_VERSIONS {
        let wanted = version.parse().map_err(Failure::new)?;
        here.push((format!("Terraform {version}"), terraform::find(workspace, Some(wanted))?));
    }
    Ok(here)
}

fn prepare(
    workspace: &Workspace,
    steps: &mut Steps,
    fetching: thread::ScopedJoinHandle<'_, Outcome<Fetched>>,
) -> Outcome<()> {
    steps.take("programs that tests start", || {
        process::run(workspace.cargo().args(["build", "--workspace", "--bins", "--examples"]))
    })?;
    steps.take("a browser and Terraform", || {
        let here = fetching
            .join()
            .map_err(|_| Failure::new("what gets them broke off; its last lines say why"))??;
        here.iter().for_each(|(what, path)| println!("{what}: {}", path.display()));
        Ok(())
    })
}

fn environment(workspace: &Workspace, long: bool) -> Vec<(&'static str, String)> {
    let binaries = workspace.target().join("debug").to_string_lossy().into_owned();
    let mut environment = vec![(BUILT_VARIABLE, binaries)];
    if long {
        environment.push((LONG_VARIABLE, "1".to_owned()));
        environment.push(("PROPTEST_CASES", LONG_CASES.to_string()));
    }
    environment
}

/// What was done, and how long each part took.
#[derive(Default)]
struct Steps(Vec<(&'static str, Duration)>);

impl Steps {
    fn take<T>(&mut self, name: &'static str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let result = work();
        self.0.push((name, start.elapsed()));
        result.map_err(|failure| Failure::new(format!("{name}: {failure}\n\n{self}It stopped at: {name}.")))
    }
}

impl fmt::Display for Steps {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, time) in &self.0 {
            writeln!(formatter, "{:>8.1} s  {name}", time.as_secs_f64())?;
        }
        Ok(())
    }
}
