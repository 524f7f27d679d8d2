//! What a command of Terraform came to.

use std::process::Output;

/// A finished command.
#[derive(Clone, Debug)]
pub struct Run {
    /// The command, for messages.
    pub command: String,
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    /// Everything it wrote to its output.
    pub stdout: String,
    /// Everything it wrote to its error output.
    pub stderr: String,
}

impl Run {
    pub(crate) fn of(command: String, output: &Output) -> Run {
        Run {
            command,
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Fails the test unless the exit code is this one.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Run {
        assert!(self.code == code, "expected exit code {code} from\n{self}");
        self
    }

    /// Fails the test unless the text is in the output, however its lines are wrapped.
    #[track_caller]
    pub fn says(self, text: &str) -> Run {
        assert!(self.text().contains(text), "expected `{text}` from\n{self}");
        self
    }

    /// Fails the test when the text is in the output.
    #[track_caller]
    pub fn never_says(self, text: &str) -> Run {
        assert!(!self.text().contains(text), "did not expect `{text}` from\n{self}");
        self
    }

    /// Both outputs as running text: without frames, and with one blank where a line was wrapped.
    pub fn text(&self) -> String {
        let both = format!("{}\n{}", self.stdout, self.stderr);
        both.replace(['│', '╷', '╵'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// How many errors it showed.
    pub fn errors(&self) -> usize {
        let lines = self.stdout.lines().chain(self.stderr.lines());
        lines.filter(|line| line.trim_start_matches(['│', ' ']).starts_with("Error: ")).count()
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Run { command, code, stdout, stderr } = self;
        write!(formatter, "$ {command}\n{stdout}\n{stderr}\n(exit code {code})")
    }
}
