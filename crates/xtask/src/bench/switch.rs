//! Measures switches on an instance that is as far away as a real one: how long no connection is active, read from the
//! instance's journal, and what many integrations cost when they are switched as one and one by one.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use acceptance_tests::{Asked, Instance};

use super::refresh::{Bench, Size};
use crate::build;
use crate::failure::Outcome;
use crate::workspace::{PROVIDER, Profile, SIMULATOR, Workspace};

/// What an instance may do with a second active connection.
const RULES: [&str; 3] = ["cascade", "refuse", "none"];

const BEGINNING: &str = "terraform {\n  required_providers {\n    servicenow = {\n      source = \"snowdrift/servicenow\"\n    }\n  }\n}\n\
    provider \"servicenow\" {}\n";

/// Builds what users get and prints the figures.
pub fn run(workspace: &Workspace, size: Size) -> Outcome<()> {
    build::binaries(workspace, Profile::Release, &[PROVIDER, SIMULATOR])?;
    let bench = Bench::new(workspace, Profile::Release, "bench-switch")?;
    let Size { count, latency_ms } = size;
    println!("a switch of one integration, {latency_ms} ms for every answer");
    println!(
        "| one_active_rule | none active | writes to the two connections | requests |\n|---|---|---|---|"
    );
    for rule in RULES {
        let instance = start(workspace)?;
        instance.set("one_active_rule", rule)?;
        bench.write("one", &one("blue"))?;
        bench.terraform("one", &["apply", "-auto-approve"], Some(&instance))?;
        let (blue, green) = (id(&instance, "blue")?, id(&instance, "green")?);
        instance.set("latency_ms", &latency_ms.to_string())?;
        instance.forget_journal()?;
        bench.write("one", &one("green"))?;
        bench.terraform("one", &["apply", "-auto-approve"], Some(&instance))?;
        let journal = instance.journal()?;
        let writes: Vec<&Asked> = journal
            .iter()
            .filter(|it| it.is_write() && (it.path.contains(&blue) || it.path.contains(&green)))
            .collect();
        println!("| `{rule}` | {} ms | {} | {} |", gap_ms(&writes), writes.len(), journal.len());
    }
    println!("\n{count} integrations, {latency_ms} ms for every answer, `cascade`");
    println!("| switched by | requests | wall time |\n|---|---|---|");
    for (by, declared) in
        [("one environment", as_one as fn(usize, &str) -> String), ("a pointer each", one_by_one)]
    {
        let instance = start(workspace)?;
        bench.write("many", &declared(count, "blue"))?;
        bench.terraform("many", &["apply", "-auto-approve"], Some(&instance))?;
        instance.set("latency_ms", &latency_ms.to_string())?;
        instance.forget_journal()?;
        bench.write("many", &declared(count, "green"))?;
        let wall = timed(|| bench.terraform("many", &["apply", "-auto-approve"], Some(&instance)))?;
        println!("| {by} | {} | {:.2} s |", instance.journal()?.len(), wall.as_secs_f64());
        bench.forget("many")?;
    }
    Ok(())
}

fn start(workspace: &Workspace) -> Outcome<Instance> {
    Ok(Instance::start(&workspace.binary(Profile::Release, SIMULATOR), &["--fixture", "empty"])?)
}

fn timed(work: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let began = Instant::now();
    work().map(|()| began.elapsed())
}

/// Milliseconds between the first write and the last one: with one write there is no moment without an active connection.
fn gap_ms(writes: &[&Asked]) -> u64 {
    let (first, last) = (writes.first().map(|it| it.at_ms), writes.last().map(|it| it.at_ms));
    last.unwrap_or_default().saturating_sub(first.unwrap_or_default())
}

/// The id of the connection of that name.
fn id(instance: &Instance, name: &str) -> Outcome<String> {
    let rows = instance.rows("http_connection", &format!("name={name}"))?;
    let id = rows.first().and_then(|it| it.get("sys_id")?.as_str().map(str::to_owned));
    id.ok_or_else(|| crate::failure::Failure::new(format!("there is no connection `{name}`")))
}

fn one(active: &str) -> String {
    format!("{BEGINNING}{}{}", integration("", ""), pointer("", active))
}

/// An alias with two connections. `key` is the `for_each`, and `each` what names differ by.
fn integration(key: &str, each: &str) -> String {
    let index = if key.is_empty() { "" } else { "[each.key]" };
    let mut hcl =
        format!("resource \"servicenow_connection_alias\" \"it\" {{\n{key}  name = \"it{each}\"\n}}\n");
    for colour in ["blue", "green"] {
        let _ = write!(
            hcl,
            "resource \"servicenow_http_connection\" \"{colour}\" {{\n{key}  name = \"{colour}{each}\"\n  \
             connection_alias_id = servicenow_connection_alias.it{index}.id\n  connection_url = \"https://{colour}.example.com\"\n}}\n"
        );
    }
    hcl
}

fn pointer(key: &str, active: &str) -> String {
    let index = if key.is_empty() { "" } else { "[each.key]" };
    format!(
        "resource \"servicenow_connection_activation\" \"it\" {{\n{key}  connection_alias_id = \
         servicenow_connection_alias.it{index}.id\n  connection_id = servicenow_http_connection.{active}{index}.id\n}}\n"
    )
}

fn many(count: usize) -> (String, String) {
    let key = format!("  for_each = toset([for it in range({count}) : tostring(it)])\n");
    let hcl = integration(&key, "-${each.key}");
    (key, hcl)
}

fn one_by_one(count: usize, active: &str) -> String {
    let (key, hcl) = many(count);
    format!("{BEGINNING}{hcl}{}", pointer(&key, active))
}

fn as_one(count: usize, active: &str) -> String {
    let (_, hcl) = many(count);
    format!(
        "{BEGINNING}{hcl}resource \"servicenow_environment\" \"it\" {{\n  name = \"it\"\n  connections = {{\n    for key, it in \
         servicenow_connection_alias.it : (it.id) => servicenow_http_connection.{active}[key].id\n  }}\n}}\n"
    )
}
