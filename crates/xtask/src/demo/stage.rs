//! How the story looks in a terminal.

use std::env;
use std::io::{IsTerminal as _, stdout};
use std::thread;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::failure::Outcome;

/// Long enough to read a heading, short enough to stay with it.
const PAUSE: Duration = Duration::from_millis(1200);
/// Text is broken at this width, which every terminal has.
const WIDTH: usize = 92;

/// The colours that are used, as terminals know them.
#[derive(Clone, Copy)]
enum Ink {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

/// Where the story is shown, and whether a person is watching.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    colours: bool,
    pauses: bool,
}

impl Stage {
    /// Colour and pauses only for a person at a terminal.
    pub fn at_hand(fast: bool) -> Stage {
        let terminal = stdout().is_terminal();
        let wanted = env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Stage { colours: terminal && wanted, pauses: terminal && !fast }
    }

    /// The name of the story.
    pub fn title(&self, text: &str) {
        println!("\n{}", self.ink(Ink::Bold, text));
        println!("{}", self.ink(Ink::Dim, &"─".repeat(text.chars().count())));
    }

    /// The heading of a chapter.
    pub fn chapter(&self, number: usize, title: &str) {
        self.pause();
        println!("\n{}\n", self.ink(Ink::Bold, &format!("{number}. {title}")));
    }

    /// The teller speaks.
    pub fn say(&self, text: &str) {
        for line in wrapped(text) {
            println!("   {line}");
        }
        println!();
        self.pause();
    }

    /// A command that is run.
    pub fn command(&self, line: &str) {
        println!("   {} {}", self.ink(Ink::Dim, "$"), self.ink(Ink::Cyan, line));
    }

    /// Lines that a program printed.
    pub fn output<'a>(&self, lines: impl IntoIterator<Item = &'a str>) {
        for line in lines {
            println!("   {}", self.marked(line));
        }
    }

    /// A piece of configuration.
    pub fn code(&self, text: &str) {
        for line in text.trim_end().lines() {
            println!("   {} {line}", self.ink(Ink::Dim, "│"));
        }
        println!();
        self.pause();
    }

    /// The lines in which two texts differ.
    pub fn difference(&self, old: &str, new: &str) {
        for change in TextDiff::from_lines(old, new).iter_all_changes() {
            let line = change.value().trim_end();
            match change.tag() {
                ChangeTag::Delete => println!("   {}", self.ink(Ink::Red, &format!("- {line}"))),
                ChangeTag::Insert => println!("   {}", self.ink(Ink::Green, &format!("+ {line}"))),
                ChangeTag::Equal => {}
            }
        }
        println!();
        self.pause();
    }

    /// Something that was checked and is so.
    #[expect(clippy::unnecessary_wraps, reason = "it closes a chapter, whose other steps can fail")]
    pub fn holds(&self, text: &str) -> Outcome<()> {
        for (number, line) in wrapped(text).iter().enumerate() {
            let mark = if number == 0 { self.ink(Ink::Green, "✓") } else { " ".to_owned() };
            println!(" {mark} {line}");
        }
        self.pause();
        Ok(())
    }

    /// Plain lines at the end.
    pub fn close(&self, text: &str) {
        println!("{text}");
    }

    fn pause(&self) {
        if self.pauses {
            thread::sleep(PAUSE);
        }
    }

    /// Terraform's marks in the colours that its readers know.
    fn marked(&self, line: &str) -> String {
        let ink = match line.trim_start().split(' ').next().unwrap_or_default() {
            "+" => Ink::Green,
            "-" => Ink::Red,
            "~" | "-/+" | "+/-" | "Warning:" => Ink::Yellow,
            "#" | "Plan:" | "Apply" | "Destroy" | "No" => Ink::Bold,
            _ if line.contains("Warning:") => Ink::Yellow,
            _ => return line.to_owned(),
        };
        self.ink(ink, line)
    }

    fn ink(&self, ink: Ink, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let number = match ink {
            Ink::Bold => 1,
            Ink::Dim => 2,
            Ink::Red => 31,
            Ink::Green => 32,
            Ink::Yellow => 33,
            Ink::Cyan => 36,
        };
        format!("\u{1b}[{number}m{text}\u{1b}[0m")
    }
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_loses_none() {
        let text = "one two three ".repeat(30);
        let lines = wrapped(&text);
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH));
        assert_eq!(lines.join(" "), text.trim_end());
    }

    #[test]
    fn without_colours_nothing_is_added() {
        let stage = Stage { colours: false, pauses: false };
        assert_eq!(stage.marked("  + name = \"x\""), "  + name = \"x\"");
        let stage = Stage { colours: true, pauses: false };
        assert_eq!(stage.marked("  + a"), "\u{1b}[32m  + a\u{1b}[0m");
    }
}
