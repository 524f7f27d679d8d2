//! Measures switches on an instance that is as far away as a real one: how long no connection is active, read from the
//! instance's journal, and what many integrations cost when they are switched as one and one by one.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use acceptance_tests::{Asked, Instance};
use serde_json::{Value, json};

use super::refresh::{Bench, Size};
use super::table;
use crate::build;
use crate::failure::{Failure, Outcome};
use crate::workspace::{PROVIDER, Profile, SIMULATOR, Workspace};

/// What an instance may do with a second active connection.
const RULES: [&str; 3] = ["cascade", "refuse", "none"];

/// The connections of each integration.
const COLOURS: [&str; 2] = ["blue", "green"];

/// Where several writes travel in one request.
const TOGETHER: &str = "/api/now/batch";

const BEGINNING: &str = "terraform {\n  required_providers {\n    servicenow = {\n      source = \"snowdrift/servicenow\"\n    }\n  }\n}\n\
    provider \"servicenow\" {}\n";

/// Who says which connections are active.
struct Chooser {
    name: &'static str,
    hcl: &'static str,
}

/// A pointer of its own for each integration, and one environment for all of them.
const CHOOSERS: [Chooser; 2] = [
    Chooser {
        name: "one environment",
        hcl: "resource \"servicenow_environment\" \"it\" {\n  name        = \"it\"\n  connections = local.wishes\n}\n",
    },
    Chooser {
        name: "a pointer each",
        hcl: "resource \"servicenow_connection_activation\" \"it\" {\n  for_each            = local.wishes\n  \
              connection_alias_id = each.key\n  connection_id       = each.value\n}\n",
    },
];

/// Integrations that are on an instance already: only switching them is measured.
struct Landscape {
    instance: Instance,
    /// Of each: the alias, and a connection of each colour.
    integrations: Vec<(String, [String; 2])>,
}

/// Builds what users get and prints the figures.
pub fn run(workspace: &Workspace, profile: Profile, size: Size) -> Outcome<()> {
    build::binaries(workspace, profile, &[PROVIDER, SIMULATOR])?;
    let bench = Bench::new(workspace, profile, "bench-switch")?;
    let Size { count, latency_ms } = size;
    println!("{}", table::machine());
    println!("A switch of one integration, {latency_ms} ms for every answer.\n");
    println!(
        "| one_active_rule | none active | how the writes travel | requests of the apply |\n|---|---|---|---|"
    );
    for rule in RULES {
        let landscape = Landscape::new(workspace, profile, 1)?;
        landscape.instance.set("one_active_rule", rule)?;
        let (journal, _) = landscape.switch(&bench, &CHOOSERS[1], latency_ms)?;
        let gap = landscape.gap(&journal);
        println!("| `{rule}` | {gap} | {} |", journal.len());
    }
    println!("\n{count} integrations, {latency_ms} ms for every answer, `cascade`.\n");
    println!("| switched by | requests of the apply | wall time | for each integration |\n|---|---|---|---|");
    for chooser in &CHOOSERS {
        let landscape = Landscape::new(workspace, profile, count)?;
        let (journal, wall) = landscape.switch(&bench, chooser, latency_ms)?;
        let each = wall.as_secs_f64() * 1_000.0 / count.max(1) as f64;
        println!("| {} | {} | {:.2} s | {each:.0} ms |", chooser.name, journal.len(), wall.as_secs_f64());
    }
    Ok(())
}

impl Landscape {
    fn new(workspace: &Workspace, profile: Profile, count: usize) -> Outcome<Landscape> {
        let simulator = workspace.binary(profile, SIMULATOR);
        let instance = Instance::start(&simulator, &["--fixture", "empty"])?;
        let mut integrations = Vec::new();
        for number in 0..count {
            let alias = new(&instance, "sys_alias", &json!({ "name": format!("it{number}") }))?;
            let connection = |colour: &str| {
                let cells = json!({"name": format!("{colour}{number}"), "connection_alias": alias, "active": "false",
                    "connection_url": format!("https://{colour}.example.com")});
                new(&instance, "http_connection", &cells)
            };
            let [blue, green] = COLOURS;
            let connections = [connection(blue)?, connection(green)?];
            integrations.push((alias, connections));
        }
        Ok(Landscape { instance, integrations })
    }

    /// Switches all of them from one colour to the other. What was asked of the instance, and how long it took.
    fn switch(&self, bench: &Bench, chooser: &Chooser, latency_ms: u64) -> Outcome<(Vec<Asked>, Duration)> {
        bench.write("switch", &self.declared(chooser, 0))?;
        bench.terraform("switch", &["apply", "-auto-approve"], Some(&self.instance))?;
        self.instance.set("latency_ms", &latency_ms.to_string())?;
        self.instance.forget_journal()?;
        bench.write("switch", &self.declared(chooser, 1))?;
        let began = Instant::now();
        bench.terraform("switch", &["apply", "-auto-approve"], Some(&self.instance))?;
        let wall = began.elapsed();
        let journal = self.instance.journal()?;
        self.instance.set("latency_ms", "0")?;
        let active = self.instance.rows("http_connection", "active=true^nameSTARTSWITHgreen")?.len();
        if active != self.integrations.len() {
            return Err(Failure::new(format!("{active} of {} were switched", self.integrations.len())));
        }
        bench.forget("switch")?;
        Ok((journal, wall))
    }

    fn declared(&self, chooser: &Chooser, colour: usize) -> String {
        let mut hcl = format!("{BEGINNING}locals {{\n  wishes = {{\n");
        for (alias, connections) in &self.integrations {
            let wish = connections.get(colour).map(String::as_str).unwrap_or_default();
            let _ = writeln!(hcl, "    \"{alias}\" = \"{wish}\"");
        }
        format!("{hcl}  }}\n}}\n{}", chooser.hcl)
    }

    /// How long no connection of the only integration was active, and how its writes travelled. With one write there is no
    /// such moment. The parts of one request follow each other on the instance, and nothing comes between them.
    fn gap(&self, journal: &[Asked]) -> String {
        let is_ours = |it: &&Asked| {
            let connections = self.integrations.iter().flat_map(|it| &it.1);
            it.is_write() && connections.into_iter().any(|id| it.path.contains(id))
        };
        let writes: Vec<&Asked> = journal.iter().filter(is_ours).collect();
        let (first, last) = (writes.first().map(|it| it.at_ms), writes.last().map(|it| it.at_ms));
        let gap_ms = last.unwrap_or_default().saturating_sub(first.unwrap_or_default());
        match (writes.len(), journal.iter().any(|it| it.path == TOGETHER)) {
            (0, true) => "between two parts of one request | off and on in one request".to_owned(),
            (1, _) => "0 ms | one write does both".to_owned(),
            (count, _) => format!("{gap_ms} ms | {count} requests"),
        }
    }
}

/// The id of a new row.
fn new(instance: &Instance, table: &str, cells: &Value) -> Outcome<String> {
    let row = instance.insert(table, cells)?;
    let id = row.get("sys_id").and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| Failure::new(format!("a new row of `{table}` has no sys_id")))
}
