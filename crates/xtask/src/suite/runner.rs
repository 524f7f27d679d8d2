//! Runs the tests with nextest where it is installed, otherwise with cargo itself, and counts those that passed.

use std::io::IsTerminal as _;

use crate::failure::{Failure, Outcome};
use crate::process;
use crate::workspace::Workspace;

/// What runs the tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Runner {
    /// `cargo nextest`: every test in a process of its own.
    Nextest,
    /// `cargo test`.
    Cargo,
}

/// Which tests, and what they are told.
pub struct Selection {
    /// Packages and filters.
    pub arguments: Vec<String>,
    /// Variables for the tests.
    pub environment: Vec<(&'static str, String)>,
}

impl Runner {
    /// The better one of those installed.
    pub fn find(workspace: &Workspace) -> Runner {
        match process::read(workspace.cargo().args(["nextest", "--version"])) {
            Ok(_) => Runner::Nextest,
            Err(_) => Runner::Cargo,
        }
    }

    /// Runs them and gives the number of tests that passed, which is at least one.
    pub fn run(self, workspace: &Workspace, selection: &Selection) -> Outcome<u64> {
        let mut cargo = workspace.cargo();
        match self {
            Runner::Nextest => {
                let settings = workspace.root().join("crates/xtask/nextest.toml");
                cargo.args(["nextest", "run", "--no-fail-fast", "--config-file"]).arg(settings);
                cargo.args(["--color", colour()]);
            }
            Runner::Cargo => {
                cargo.args(["test", "--no-fail-fast", "--lib", "--bins", "--tests", "--color", colour()]);
            }
        }
        cargo.args(&selection.arguments);
        cargo.envs(selection.environment.iter().map(|(name, value)| (name, value)));
        let mut passed = 0;
        process::run_and_listen(&mut cargo, |line| passed += passed_in(line))?;
        if passed == 0 {
            return Err(Failure::new("no test ran; that is a failure, because nothing was shown to hold"));
        }
        Ok(passed)
    }
}

/// Runs the examples in documentation comments, which nextest does not know, and gives how many passed.
pub fn documentation(workspace: &Workspace, environment: &[(&'static str, String)]) -> Outcome<u64> {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--doc", "--workspace", "--quiet", "--color", colour()]);
    cargo.envs(environment.iter().map(|(name, value)| (name, value)));
    let mut passed = 0;
    process::run_and_listen(&mut cargo, |line| passed += passed_in(line))?;
    Ok(passed)
}

/// The runners see a pipe here and would never colour on their own.
fn colour() -> &'static str {
    let plain = std::env::var_os("NO_COLOR").is_some() || !std::io::stdout().is_terminal();
    if plain { "never" } else { "always" }
}

/// How many tests passed, according to a closing line of either runner; zero for any other line.
fn passed_in(line: &str) -> u64 {
    let line = without_colour(line);
    let line = line.trim_start();
    if !line.starts_with("Summary [") && !line.starts_with("test result: ") {
        return 0;
    }
    let words: Vec<&str> = line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
    let count = words.windows(2).find(|pair| pair.get(1) == Some(&"passed")).and_then(|pair| pair.first());
    count.and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn without_colour(line: &str) -> String {
    let mut plain = String::new();
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // An escape sequence of colour ends with its first letter.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, passed: u64) {
        assert_eq!(passed_in(line), passed, "{line}");
    }

    #[test]
    fn closing_lines_of_both_runners_are_counted() {
        check("     Summary [   1.234s] 30 tests run: 28 passed, 2 skipped", 28);
        check("     Summary [   1.234s] 30 tests run: 27 passed (1 slow), 1 failed, 2 skipped", 27);
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [   0.004s] \u{1b}[1m3\u{1b}[0m tests run: \u{1b}[1m3\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, 0 skipped",
            3,
        );
        check("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out", 12);
        check("test result: \u{1b}[32mok\u{1b}[m. 4 passed; 0 failed; 0 ignored", 4);
        check("test result: FAILED. 0 passed; 3 failed; 0 ignored", 0);
    }

    #[test]
    fn other_lines_count_nothing() {
        check("", 0);
        check("running 3 tests", 0);
        check("12 passed", 0);
        check("test a_summary ... ok", 0);
    }
}
