//! When the process ends: told to, or left alone.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// Why the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The host called `Shutdown`.
    Shutdown,
    /// The operating system asked. Not on Windows.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no such signal"))]
    Terminated,
    /// A person pressed Ctrl-C, in debug mode.
    Interrupted,
    /// The host was there and is gone.
    HostGone,
    /// The host never came.
    NobodyCame,
}

/// How long to wait for a host.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the first connection. Hosts themselves give up after a minute.
    pub first_connection: Duration,
    /// How often to look whether the process that started this one still lives, while nobody is connected.
    pub look: Duration,
    /// For another connection while that process lives. Hosts close a connection that was idle for half an hour and
    /// open it again when they need it, so this has to outlast the slowest other resource of a run.
    pub next_connection: Duration,
}

impl Patience {
    /// What suits a host that is a program.
    pub const ORDINARY: Patience = Patience {
        first_connection: Duration::from_secs(60),
        look: Duration::from_millis(250),
        next_connection: Duration::from_secs(12 * 60 * 60),
    };
}

/// Who decides when the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The host that started it.
    Host,
    /// A person at a terminal: hosts come and go.
    Person,
}

/// Shared by everything that can end the process and everything that has to know.
#[derive(Clone, Debug)]
pub struct Lifetime {
    owner: Owner,
    ending: watch::Sender<Option<Ending>>,
    connections: watch::Sender<usize>,
}

impl Lifetime {
    /// A new one, without an end in sight.
    pub fn new(owner: Owner) -> Lifetime {
        Lifetime { owner, ending: watch::Sender::new(None), connections: watch::Sender::new(0) }
    }

    /// Ends it; only the first reason counts. What a host says does not end what a person owns.
    pub fn end(&self, ending: Ending) {
        let by_person = matches!(ending, Ending::Terminated | Ending::Interrupted);
        if self.owner == Owner::Person && !by_person {
            return;
        }
        self.ending.send_if_modified(|current| current.is_none() && current.replace(ending).is_none());
    }

    /// Waits for the end.
    pub async fn ended(&self) -> Ending {
        let mut ending = self.ending.subscribe();
        match ending.wait_for(Option::is_some).await.map(|it| *it) {
            Ok(Some(ending)) => ending,
            // `self` holds the sender, so that it cannot be gone.
            _ => Ending::Shutdown,
        }
    }

    /// Counts a connection for as long as the result lives.
    pub fn connection(&self) -> OpenConnection {
        self.connections.send_modify(|it| *it += 1);
        OpenConnection(self.connections.clone())
    }

    /// Ends it when the host never comes or goes away. `host` is the process that started this one, as `parent` told
    /// before the handshake: the host may be gone a moment later.
    pub async fn watch_host(&self, patience: Patience, host: Option<u32>, parent: fn() -> Option<u32>) {
        let mut connections = self.connections.subscribe();
        let (mut wait_max, mut too_long) = (patience.first_connection, Ending::NobodyCame);
        loop {
            let mut alone = Duration::ZERO;
            while timeout(patience.look, connections.wait_for(|it| *it > 0)).await.is_err() {
                alone += patience.look;
                if parent() != host {
                    return self.end(Ending::HostGone);
                }
                if alone >= wait_max {
                    return self.end(too_long);
                }
            }
            // An error would mean that the sender is gone, and `self` holds it.
            let _ = connections.wait_for(|it| *it == 0).await;
            (wait_max, too_long) = (patience.next_connection, Ending::HostGone);
        }
    }
}

/// One open connection.
#[derive(Debug)]
pub struct OpenConnection(watch::Sender<usize>);

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.send_modify(|it| *it -= 1);
    }
}

/// The process that started this one; it changes when that process ends.
pub(crate) fn parent() -> Option<u32> {
    #[cfg(unix)]
    return Some(std::os::unix::process::parent_id());
    #[cfg(not(unix))]
    None
}

#[cfg(test)]
mod tests;
