//! What a plan of many connections costs beside as many of a type that is built into Terraform.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::table::Row;
use crate::failure::{Failure, Outcome};
use crate::workspace::{PROVIDER, Profile, SIMULATOR, Workspace};
use crate::{build, process, terraform};

/// Plans whose median is shown.
const PLANS: usize = 3;

/// Builds what users get, and measures both.
pub fn measure(workspace: &Workspace, count: usize) -> Outcome<Vec<Row>> {
    build::binaries(workspace, Profile::Release, &[PROVIDER, SIMULATOR])?;
    let bench = Bench::new(workspace)?;
    let ours = bench.measure("servicenow", &connections(count))?;
    let floor = bench.measure("built-in", &built_in(count))?;
    let ratio = ours.plan.as_secs_f64() / floor.plan.as_secs_f64();
    Ok(vec![
        Row::new(format!("apply {count} http connections"), seconds(ours.apply)),
        Row::new(format!("apply {count} terraform_data"), seconds(floor.apply)),
        Row::new(format!("plan {count} http connections, no changes"), seconds(ours.plan)),
        Row::new(format!("plan {count} terraform_data, no changes"), seconds(floor.plan)),
        Row::new("ratio of the plans".to_owned(), format!("{ratio:.2}")),
    ])
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// A simulated instance, Terraform, and a place to work in.
struct Bench {
    terraform: PathBuf,
    directory: PathBuf,
    settings: PathBuf,
    instance: serde_json::Value,
    _simulator: Running,
}

struct Figures {
    apply: Duration,
    plan: Duration,
}

impl Bench {
    fn new(workspace: &Workspace) -> Outcome<Bench> {
        let directory = workspace.target().join("bench");
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory)?;
        let settings = directory.join("terraform.rc");
        let binaries = workspace.binaries(Profile::Release);
        let text = format!(
            "provider_installation {{\n  dev_overrides {{\n    \"snowdrift/servicenow\" = \"{}\"\n  }}\n  direct {{}}\n}}\n\
             disable_checkpoint = true\n",
            binaries.display()
        );
        fs::write(&settings, text)?;
        let mut command = Command::new(workspace.binary(Profile::Release, SIMULATOR));
        command.args(["--listen", "127.0.0.1:0", "--fixture", "empty"]).stdout(Stdio::piped());
        let mut simulator = Running(command.spawn()?);
        let instance = serde_json::from_str(&first_line(&mut simulator)?)
            .map_err(|error| Failure::new(format!("the simulator did not say where it is: {error}")))?;
        let terraform = terraform::find(workspace, None)?;
        Ok(Bench { terraform, directory, settings, instance, _simulator: simulator })
    }

    fn measure(&self, name: &str, hcl: &str) -> Outcome<Figures> {
        let directory = self.directory.join(name);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join("main.tf"), hcl)?;
        let apply = self.time(&directory, &["apply", "-auto-approve"])?;
        let plans: Outcome<Vec<Duration>> =
            (0..PLANS).map(|_| self.time(&directory, &["plan", "-detailed-exitcode"])).collect();
        Ok(Figures { apply, plan: median(plans?)? })
    }

    fn time(&self, directory: &Path, arguments: &[&str]) -> Outcome<Duration> {
        let text =
            |name: &str| self.instance.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
        let mut command = Command::new(&self.terraform);
        command
            .current_dir(directory)
            .args(arguments)
            .args(["-no-color", "-input=false"])
            .env("TF_CLI_CONFIG_FILE", &self.settings)
            .env("SERVICENOW_INSTANCE_URL", text("url"))
            .env("SERVICENOW_USERNAME", text("username"))
            .env("SERVICENOW_PASSWORD", text("password"));
        let began = Instant::now();
        process::read(&mut command)?;
        Ok(began.elapsed())
    }
}

/// A process that ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn first_line(running: &mut Running) -> Outcome<String> {
    let output = running.0.stdout.take().ok_or_else(|| Failure::new("a program has no output to read"))?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    Ok(line)
}

fn connections(count: usize) -> String {
    let mut hcl = "terraform {\n  required_providers {\n    servicenow = {\n      source = \"snowdrift/servicenow\"\n    }\n  }\n}\n\
                   resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n"
        .to_owned();
    for n in 0..count {
        let _ = write!(
            hcl,
            "resource \"servicenow_http_connection\" \"it{n}\" {{\n  name = \"it-{n}\"\n  connection_alias_id = \
             servicenow_connection_alias.it.id\n  connection_url = \"https://{n}.example.com\"\n}}\n"
        );
    }
    hcl
}

fn built_in(count: usize) -> String {
    (0..count)
        .map(|n| {
            format!("resource \"terraform_data\" \"it{n}\" {{\n  input = \"https://{n}.example.com\"\n}}\n")
        })
        .collect()
}

fn median(mut times: Vec<Duration>) -> Outcome<Duration> {
    times.sort();
    times.get(times.len() / 2).copied().ok_or_else(|| Failure::new("nothing was measured"))
}
