//! Measures what users feel, and shows it in one table with the machine described. Figures, not judgements: machines are
//! noisy, so compare within one run.

use crate::failure::Outcome;
use crate::workspace::{Profile, Workspace};

mod drift;
mod growth;
mod plans;
mod plugin;
mod refresh;
mod statistics;
mod switch;
mod table;

use table::Table;

/// What is measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The plugin as a process (start, schema, memory, size), and all of `rules`
    Plugin,
    /// The codec and the rules of planning
    Rules,
    /// A plan of many connections with real Terraform
    Plans,
    /// A refresh of many connections on an instance that is far away; only where it is asked for
    Refresh,
    /// Switches of one and of many integrations on an instance that is far away; only where it is asked for
    Switch,
    /// A comparison of many connections with an instance that is far away; only where it is asked for
    Drift,
}

/// What the table holds, in its order. A refresh has a table of its own.
const ALL: [Part; 3] = [Part::Plugin, Part::Rules, Part::Plans];

/// Connections that are planned or refreshed where nobody says how many.
const PLANNED: usize = 1_000;

/// Connections that are compared where nobody says how many.
const COMPARED: usize = 10_000;

/// What `cargo xtask bench` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only these parts
    parts: Vec<Part>,
    /// How many connections are planned or refreshed [default: 1000] or compared [default: 10000]
    #[arg(long)]
    count: Option<usize>,
    /// How many integrations are switched
    #[arg(long, default_value_t = 200)]
    integrations: usize,
    /// Milliseconds that every answer takes in a refresh, a switch or a comparison
    #[arg(long, default_value_t = 100)]
    latency_ms: u64,
    /// Builds nothing for users: whether it runs at all is seen sooner, and the figures mean nothing
    #[arg(long)]
    debug: bool,
}

/// Measures and prints the table.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Outcome<()> {
    let asked = |part: Part| arguments.parts.contains(&part);
    let wanted = |part: &Part| {
        arguments.parts.is_empty() || asked(*part) || (*part == Part::Rules && asked(Part::Plugin))
    };
    let profile = if arguments.debug { Profile::Debug } else { Profile::Release };
    if arguments.parts.contains(&Part::Refresh) {
        let size =
            refresh::Size { count: arguments.count.unwrap_or(PLANNED), latency_ms: arguments.latency_ms };
        refresh::run(workspace, profile, size)?;
        if arguments.parts.len() == 1 {
            return Ok(());
        }
    }
    if arguments.parts.contains(&Part::Switch) {
        let size = refresh::Size { count: arguments.integrations, latency_ms: arguments.latency_ms };
        switch::run(workspace, profile, size)?;
        if arguments.parts.len() == 1 {
            return Ok(());
        }
    }
    if arguments.parts.contains(&Part::Drift) {
        let count = arguments.count.unwrap_or(COMPARED);
        drift::run(workspace, profile, refresh::Size { count, latency_ms: arguments.latency_ms })?;
        if arguments.parts.len() == 1 {
            return Ok(());
        }
    }
    // How busy the machine is, is told from before the work.
    let machine = table::machine();
    let mut table = Table::default();
    for part in ALL.into_iter().filter(wanted) {
        table.0.extend(match part {
            Part::Plugin => plugin::measure(workspace, profile)?,
            Part::Rules => statistics::measure(workspace, profile)?,
            Part::Plans => plans::measure(workspace, arguments.count.unwrap_or(PLANNED))?,
            Part::Refresh | Part::Switch | Part::Drift => Vec::new(),
        });
    }
    let remark = if arguments.debug { " Built without optimization: the figures mean nothing." } else { "" };
    println!("\n{machine}\nMedians of one run.{remark}\n\n{table}");
    Ok(())
}
