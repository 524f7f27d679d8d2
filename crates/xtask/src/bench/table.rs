//! The table of figures, and the machine that they are from.

use std::fmt;
use std::fs;
use std::process::Command;

use crate::process;

/// One figure.
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What it came to, with its unit.
    pub figure: String,
    goal: Option<(String, bool)>,
}

impl Row {
    /// A figure that has no goal.
    pub fn new(what: String, figure: String) -> Row {
        Row { what, figure, goal: None }
    }

    /// With the most that it should come to, and whether it does.
    pub fn at_most(self, most: String, held: bool) -> Row {
        Row { goal: Some((most, held)), ..self }
    }

    fn goal(&self) -> String {
        match &self.goal {
            None => String::new(),
            Some((most, true)) => format!("at most {most}: held"),
            Some((most, false)) => format!("at most {most}: MISSED"),
        }
    }
}

/// Every figure of one run.
#[derive(Default)]
pub struct Table(pub Vec<Row>);

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |of: fn(&Row) -> usize| self.0.iter().map(of).max().unwrap_or_default();
        let (what, figure) = (width(|it| it.what.chars().count()), width(|it| it.figure.chars().count()));
        for row in &self.0 {
            let line = format!("{:what$}  {:>figure$}  {}", row.what, row.figure, row.goal());
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// What the figures depend on: the processor, the memory, how busy it is, the compiler.
pub fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|it| it.starts_with(name)).map(str::to_owned);
        line.and_then(|it| it.split_once(':').map(|(_, value)| value.trim().to_owned()))
    };
    let unknown = || "unknown".to_owned();
    let processor = field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(unknown);
    let memory = field(&read("/proc/meminfo"), "MemTotal").unwrap_or_else(unknown);
    let load = read("/proc/loadavg")
        .split(' ')
        .next()
        .filter(|it| !it.is_empty())
        .map_or_else(unknown, str::to_owned);
    let compiler = process::read(Command::new("rustc").arg("--version")).unwrap_or_else(|_| unknown());
    let cores = std::thread::available_parallelism().map_or(1, |it| it.get());
    format!(
        "{processor}, {cores} cores, {memory} of memory, {} {}, load {load}, {}",
        std::env::consts::OS,
        std::env::consts::ARCH,
        compiler.trim(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_a_missed_goal_is_seen() {
        let rows = vec![
            Row::new("short".to_owned(), "1 ms".to_owned()).at_most("2 ms".to_owned(), true),
            Row::new("longer name".to_owned(), "10 ms".to_owned()).at_most("2 ms".to_owned(), false),
            Row::new("x".to_owned(), "3".to_owned()),
        ];
        let expected = "short         1 ms  at most 2 ms: held\n\
                        longer name  10 ms  at most 2 ms: MISSED\n\
                        x                3\n";
        assert_eq!(Table(rows).to_string(), expected);
    }

    #[test]
    fn the_machine_is_described_on_one_line() {
        let text = machine();
        assert!(text.contains(" cores, ") && text.contains("load ") && !text.contains('\n'), "{text}");
    }
}
