//! A plugin as a process of its own, started as Terraform starts it and killed at the latest when it is dropped.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tonic::transport::Channel;

use super::dial::dial;
use super::{Client, HarnessError, HostIdentity};
use crate::handshake::{Address, Announcement, COOKIE};

/// How long hosts wait for the handshake line.
const LINE_WAIT_MAX: Duration = Duration::from_secs(60);

/// How often to look whether the process has ended.
const LOOK: Duration = Duration::from_millis(5);

/// How long a program that gave no good handshake line may take to say why. One that ends is not waited for longer than
/// it takes.
const LAST_WORDS_WAIT_MAX: Duration = Duration::from_secs(2);

/// How to start a plugin.
#[derive(Clone, Debug)]
pub struct Launch {
    program: PathBuf,
    environment: Vec<(OsString, OsString)>,
    tls: bool,
}

impl Launch {
    /// With TLS, and an environment that holds what a host says and nothing else.
    pub fn new(program: impl Into<PathBuf>) -> Launch {
        let said = [
            ("TF_PLUGIN_MAGIC_COOKIE", COOKIE),
            ("PLUGIN_PROTOCOL_VERSIONS", "5,6"),
            ("PLUGIN_MIN_PORT", "10000"),
            ("PLUGIN_MAX_PORT", "25000"),
        ];
        let environment = said.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Launch { program: program.into(), environment, tls: true }
    }

    /// With one more variable.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Launch {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Without TLS.
    #[must_use]
    pub fn plaintext(self) -> Launch {
        Launch { tls: false, ..self }
    }

    /// Over TCP instead of a Unix socket.
    #[must_use]
    pub fn tcp(self) -> Launch {
        self.env("PLUGIN_NETWORK", "tcp")
    }

    /// The command that it comes to, without a certificate: for tests of what happens before the handshake.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().envs(self.environment.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Starts the plugin and waits for its handshake line.
    ///
    /// # Errors
    /// It does not start, or does not say what it should.
    pub async fn start(&self) -> Result<Running, HarnessError> {
        let identity = if self.tls { Some(HostIdentity::new()?) } else { None };
        let mut command = self.command();
        command.envs(identity.iter().map(|it| ("PLUGIN_CLIENT_CERT", it.pem())));
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let begun = now();
        let mut child = command.spawn().map_err(HarnessError::Start)?;
        let errors = collect(child.stderr.take());
        let (sender, receiver) = oneshot::channel();
        watch_output(child.stdout.take(), begun, sender);
        let mut running = Running { child, announcement: None, started_in: Duration::ZERO, identity, errors };
        let (line, started_in) = match timeout(LINE_WAIT_MAX, receiver).await {
            Ok(Ok(it)) => it,
            _ => return Err(running.handshake_failed("no line came".to_owned()).await),
        };
        match Announcement::parse(&line) {
            Ok(it) => running.announcement = Some(it),
            Err(reason) => return Err(running.handshake_failed(reason).await),
        }
        running.started_in = started_in;
        Ok(running)
    }
}

/// A plugin that has said where it listens.
#[derive(Debug)]
pub struct Running {
    child: Child,
    announcement: Option<Announcement>,
    started_in: Duration,
    identity: Option<HostIdentity>,
    errors: Arc<Lines>,
}

impl Running {
    /// From starting the program to having its handshake line.
    pub fn started_in(&self) -> Duration {
        self.started_in
    }

    /// What the handshake line said.
    ///
    /// # Errors
    /// None was understood, which `start` has reported already.
    pub fn announcement(&self) -> Result<&Announcement, HarnessError> {
        self.announcement.as_ref().ok_or(HarnessError::Incomplete("the handshake", "a line"))
    }

    /// The id of the process.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard error so far.
    pub fn error_lines(&self) -> Vec<String> {
        self.errors.lines.lock().map(|it| it.clone()).unwrap_or_default()
    }

    /// Everything that it wrote to standard error, once it has ended: what is still on its way then is waited for. `None`
    /// if it does not end in time, or leaves somebody behind who could write more.
    pub async fn last_error_lines(&mut self, wait_max: Duration) -> Option<Vec<String>> {
        self.exited_within(wait_max).await?;
        let begun = now();
        while !self.errors.complete.load(Ordering::Acquire) {
            if begun.elapsed() >= wait_max {
                return None;
            }
            sleep(LOOK).await;
        }
        Some(self.error_lines())
    }

    /// Connects as the host that started it.
    ///
    /// # Errors
    /// It is not there any more.
    pub async fn connect(&self) -> Result<Client, HarnessError> {
        self.connect_as(self.identity.as_ref()).await
    }

    /// Connects as somebody else, or, with `None`, without TLS.
    ///
    /// # Errors
    /// It refuses, as it should.
    pub async fn connect_as(&self, identity: Option<&HostIdentity>) -> Result<Client, HarnessError> {
        Client::over(dial(self.announcement()?, identity).await?).await
    }

    /// The bare connection of the host that started it, before any question is asked.
    ///
    /// # Errors
    /// It is not there any more.
    pub async fn reach(&self) -> Result<Channel, HarnessError> {
        dial(self.announcement()?, self.identity.as_ref()).await
    }

    /// Waits for the process to end by itself.
    pub async fn exited_within(&mut self, wait_max: Duration) -> Option<ExitStatus> {
        let begun = now();
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Some(status),
                _ if begun.elapsed() >= wait_max => return None,
                _ => sleep(LOOK).await,
            }
        }
    }

    async fn handshake_failed(&mut self, reason: String) -> HarnessError {
        // A program that ends has something to say about it first.
        let errors = self.last_error_lines(LAST_WORDS_WAIT_MAX).await.unwrap_or_else(|| self.error_lines());
        HarnessError::Handshake { reason, errors: errors.join("\n") }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended already when these fail.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(Announcement { address: Address::Unix(path), .. }) = &self.announcement {
            // A killed process leaves its socket behind.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// What was written, and whether that is all.
#[derive(Debug, Default)]
struct Lines {
    lines: Mutex<Vec<String>>,
    complete: AtomicBool,
}

/// Collects lines in a thread, since the program would stop when the pipe is full.
fn collect(pipe: Option<impl Read + Send + 'static>) -> Arc<Lines> {
    let lines = Arc::new(Lines::default());
    let collected = Arc::clone(&lines);
    thread::spawn(move || {
        for line in pipe.into_iter().flat_map(|it| BufReader::new(it).lines()).map_while(Result::ok) {
            if let Ok(mut lines) = collected.lines.lock() {
                lines.push(line);
            }
        }
        collected.complete.store(true, Ordering::Release);
    });
    lines
}

/// Passes on the first line with the time that it took, and throws the rest away as hosts do.
fn watch_output(
    pipe: Option<impl Read + Send + 'static>,
    begun: Instant,
    first: oneshot::Sender<(String, Duration)>,
) {
    thread::spawn(move || {
        let mut lines = pipe.into_iter().flat_map(|it| BufReader::new(it).lines()).map_while(Result::ok);
        if let Some(line) = lines.next() {
            // The one who waited has given up when this fails.
            let _ = first.send((line, begun.elapsed()));
        }
        lines.for_each(drop);
    });
}

#[expect(clippy::disallowed_methods, reason = "the time to the handshake line is one of the things measured")]
fn now() -> Instant {
    Instant::now()
}
