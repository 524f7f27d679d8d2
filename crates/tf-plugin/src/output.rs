//! Standard output, which belongs to the host: it carries the handshake line and nothing after it.

use std::io::{self, Write};

/// The way to the host's end of standard output. Hosts go on reading until it closes, so it is kept for as long as the
/// process serves.
pub(crate) struct Output(Way);

#[cfg(unix)]
type Way = std::fs::File;
#[cfg(not(unix))]
type Way = io::Stdout;

impl Output {
    /// Takes standard output away from the rest of the process. What a resource, a library or a program that it starts
    /// prints goes to standard error from here on, where hosts take it for a line of the log.
    #[cfg(unix)]
    pub(crate) fn taken() -> io::Result<Output> {
        use std::os::fd::AsFd;
        let kept = io::stdout().as_fd().try_clone_to_owned()?;
        rustix::stdio::dup2_stdout(io::stderr())?;
        Ok(Output(kept.into()))
    }

    /// Hosts on Windows throw away what follows the handshake line.
    #[cfg(not(unix))]
    pub(crate) fn taken() -> io::Result<Output> {
        Ok(Output(io::stdout()))
    }

    /// Writes to the host, at once.
    pub(crate) fn write(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(text.as_bytes())?;
        self.0.flush()
    }
}
