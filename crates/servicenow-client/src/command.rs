//! A command whose output is a secret: run without a shell, within a time limit.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use servicenow_core::Secret;
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::source::SourceError;

/// How long a command may take: a vault answers within seconds, and a prompt that nobody sees must not hang the run.
pub const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The most that a command may write: no token or key comes near it.
const OUTPUT_BYTES_MAX: u64 = 64 * 1024;

/// Characters of a command's complaint that are repeated: its first line says what is wrong, the rest may hold anything.
const COMPLAINT_MAX: usize = 120;

/// A program and its arguments. No shell sees them, so nothing in them is expanded or run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    program: String,
    arguments: Vec<String>,
    time_limit: Duration,
}

impl Command {
    /// A command from its words; `None` without a first word.
    pub fn new(words: impl IntoIterator<Item = String>) -> Option<Command> {
        let mut words = words.into_iter();
        let program = words.next().filter(|it| !it.is_empty())?;
        Some(Command { program, arguments: words.collect(), time_limit: TIME_LIMIT })
    }

    /// The program, without its arguments.
    pub fn program(&self) -> &str {
        &self.program
    }

    /// The same command with another time limit.
    #[must_use]
    pub fn within(self, time_limit: Duration) -> Command {
        Command { time_limit, ..self }
    }

    /// Runs it and takes what it writes to its standard output.
    ///
    /// # Errors
    /// It cannot be started, fails, takes too long, or writes nothing, too much, or no text.
    pub async fn read(&self) -> Result<Secret, SourceError> {
        let program = &self.program;
        let refused = |reason: String| SourceError::new(format!("the command `{program}` {reason}"));
        let outcome = tokio::time::timeout(self.time_limit, self.run()).await;
        let seconds = self.time_limit.as_secs_f64();
        let ended =
            outcome.map_err(|_| refused(format!("did not end within {seconds} s and was stopped")))?;
        let (status, output, complaint) =
            ended.map_err(|error| refused(format!("cannot be run: {}", error.kind())))?;
        if !status.success() {
            return Err(refused(format!("ended with {}{}", code(status), first_line(&complaint))));
        }
        if output.len() as u64 > OUTPUT_BYTES_MAX {
            return Err(refused(format!("wrote more than {OUTPUT_BYTES_MAX} bytes")));
        }
        let text =
            String::from_utf8(output).map_err(|_| refused("wrote something that is no text".into()))?;
        let text = without_line_end(&text);
        if text.is_empty() {
            return Err(refused(format!("wrote nothing{}", first_line(&complaint))));
        }
        Ok(Secret::new(text))
    }

    async fn run(&self) -> std::io::Result<(ExitStatus, Vec<u8>, Vec<u8>)> {
        let mut child = tokio::process::Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (output, complaint, status) = tokio::join!(bytes(stdout), bytes(stderr), child.wait());
        Ok((status?, output?, complaint?))
    }
}

/// The beginning of what is written, one byte more than allowed. The rest is read and forgotten, so that the writer ends.
async fn bytes(from: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let Some(mut from) = from else { return Ok(Vec::new()) };
    let mut kept = Vec::new();
    (&mut from).take(OUTPUT_BYTES_MAX + 1).read_to_end(&mut kept).await?;
    tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
    Ok(kept)
}

/// Without the one line end that programs and editors put behind a text. Anything else belongs to the secret.
pub(crate) fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}

fn code(status: ExitStatus) -> String {
    status.code().map_or_else(|| "a signal".to_owned(), |it| format!("exit code {it}"))
}

/// The first line of a complaint, shortened.
fn first_line(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    let Some(line) = text.lines().map(str::trim).find(|it| !it.is_empty()) else { return String::new() };
    let visible = line.chars().filter(|it| !it.is_control());
    let mut kept: String = visible.clone().take(COMPLAINT_MAX).collect();
    if visible.count() > COMPLAINT_MAX {
        kept.push('…');
    }
    format!(" and complained first: \"{kept}\"")
}

#[cfg(test)]
mod tests;
