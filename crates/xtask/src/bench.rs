//! Measures what users feel, and shows it in one table with the machine described. Figures, not judgements: machines are
//! noisy, so compare within one run.

use crate::failure::Outcome;
use crate::workspace::Workspace;

mod plans;
mod plugin;
mod statistics;
mod table;

use table::Table;

/// What is measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// The plugin as a process: start, schema, memory, size
    Plugin,
    /// The codec and the rules of planning
    Rules,
    /// A plan of many connections with real Terraform
    Plans,
}

/// Everything, in the order of the table.
const ALL: [Part; 3] = [Part::Plugin, Part::Rules, Part::Plans];

/// What `cargo xtask bench` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only these parts
    parts: Vec<Part>,
    /// How many connections are planned
    #[arg(long, default_value_t = 1000)]
    count: usize,
}

/// Measures and prints the table.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Outcome<()> {
    let wanted = |part: &Part| arguments.parts.is_empty() || arguments.parts.contains(part);
    // How busy the machine is, is told from before the work.
    let machine = table::machine();
    let mut table = Table::default();
    for part in ALL.into_iter().filter(wanted) {
        table.0.extend(match part {
            Part::Plugin => plugin::measure(workspace)?,
            Part::Rules => statistics::measure(workspace)?,
            Part::Plans => plans::measure(workspace, arguments.count)?,
        });
    }
    println!("\n{machine}\nMedians of one run.\n\n{table}");
    Ok(())
}
