//! Colours and widths: what a terminal, an environment and an argument decide together.

use std::io::IsTerminal as _;

use clap::ValueEnum;

use crate::commands::Variables;

/// Narrower than this, wrapping makes a text harder to read.
const WIDTH_MIN: usize = 40;
/// Lines beyond this are hard to follow for the eye.
const WIDTH_MAX: usize = 120;

/// When to write in colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, as far as `NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE` and `TERM` agree.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a text for people is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours.
    pub colour: bool,
    /// After how many characters sentences are wrapped; nothing stands for never.
    pub width: Option<usize>,
}

impl Style {
    /// The style for this process's standard output.
    pub fn of_output(colour: Colour, environment: &Variables) -> Style {
        let terminal = std::io::stdout().is_terminal();
        let columns = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        Style::decide(colour, environment, terminal, columns)
    }

    /// The style for an output of which that is known. Wider than a person follows is never written; a log that is no
    /// terminal is not wrapped, so that it can be searched line by line.
    pub fn decide(colour: Colour, environment: &Variables, terminal: bool, columns: Option<usize>) -> Style {
        let colour = match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => automatic(environment, terminal),
        };
        let width = columns.filter(|_| terminal).map(|it| it.clamp(WIDTH_MIN, WIDTH_MAX));
        Style { colour, width }
    }

    /// A text in bold.
    pub fn bold(&self, text: &str) -> String {
        self.painted("1", text)
    }

    /// A text that steps back.
    pub fn faint(&self, text: &str) -> String {
        self.painted("2", text)
    }

    /// A text that warns most.
    pub fn red(&self, text: &str) -> String {
        self.painted("31", text)
    }

    /// A text that is added, or good.
    pub fn green(&self, text: &str) -> String {
        self.painted("32", text)
    }

    /// A text that warns.
    pub fn yellow(&self, text: &str) -> String {
        self.painted("33", text)
    }

    /// A text that informs.
    pub fn cyan(&self, text: &str) -> String {
        self.painted("36", text)
    }

    fn painted(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The conventions of no-color.org and bixense.com/clicolors.
fn automatic(environment: &Variables, terminal: bool) -> bool {
    let given = |name: &str| environment.get(name).map(String::as_str).filter(|it| !it.is_empty());
    if given("NO_COLOR").is_some() {
        false
    } else if given("CLICOLOR_FORCE").is_some_and(|it| it != "0") {
        true
    } else {
        terminal && given("CLICOLOR") != Some("0") && given("TERM") != Some("dumb")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(colour: Colour, environment: &str, terminal: bool, expected: bool) {
        let pairs = environment.split_whitespace().filter_map(|it| it.split_once('='));
        let variables = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let style = Style::decide(colour, &variables, terminal, None);
        assert_eq!(style.colour, expected, "{environment}");
    }

    #[test]
    fn colours_follow_the_conventions_of_the_environment() {
        check(Colour::Auto, "", true, true);
        check(Colour::Auto, "", false, false);
        check(Colour::Auto, "NO_COLOR=1", true, false);
        check(Colour::Auto, "NO_COLOR=", true, true);
        check(Colour::Auto, "CLICOLOR=0", true, false);
        check(Colour::Auto, "CLICOLOR=1", false, false);
        check(Colour::Auto, "CLICOLOR_FORCE=1", false, true);
        check(Colour::Auto, "CLICOLOR_FORCE=0", false, false);
        check(Colour::Auto, "CLICOLOR_FORCE=1 NO_COLOR=1", false, false);
        check(Colour::Auto, "TERM=dumb", true, false);
        check(Colour::Always, "NO_COLOR=1", false, true);
        check(Colour::Never, "CLICOLOR_FORCE=1", true, false);
    }

    #[test]
    fn a_terminal_has_a_width_within_reason_and_a_log_has_none() {
        let none = Variables::new();
        for (terminal, columns, expected) in [
            (true, Some(100), Some(100)),
            (true, Some(10), Some(40)),
            (true, Some(400), Some(120)),
            (false, Some(80), None),
            (true, None, None),
        ] {
            assert_eq!(Style::decide(Colour::Auto, &none, terminal, columns).width, expected);
        }
    }
}
