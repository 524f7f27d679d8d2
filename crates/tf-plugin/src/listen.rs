//! Opening the socket that the handshake line names.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use crate::environment::{HostEnvironment, PortRange};
use crate::handshake::Address;

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub use unix::SocketFile;

/// Why there is no socket: every place that was tried, with the reason.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// No directory would have a Unix socket.
    #[cfg(unix)]
    #[error("{}. {advice}", .refusals.join("; "))]
    Directories {
        /// One for each directory.
        refusals: Vec<String>,
        /// What a person can do.
        advice: String,
    },
    /// No port was free.
    #[error(
        "no port from {} to {} of 127.0.0.1 can be opened: {reason}. Free one of them, or allow this program to listen \
         there",
        .ports.first, .ports.last
    )]
    Ports {
        /// Those that were tried.
        ports: PortRange,
        /// What the operating system said to the last one.
        reason: io::Error,
    },
}

/// An open socket. Its file, if it has one, goes when this is dropped.
#[derive(Debug)]
pub enum Listener {
    /// A Unix socket.
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener, SocketFile),
    /// A TCP socket on this machine only.
    Tcp(TcpListener),
}

impl Listener {
    /// Opens a Unix socket, or TCP on Windows and when asked for. Where no directory is fit for a socket and there is
    /// TLS, TCP takes its place: containers without a writable directory are not rare.
    ///
    /// # Errors
    /// The operating system refuses.
    pub fn open(environment: &HostEnvironment) -> Result<Listener, ListenError> {
        #[cfg(unix)]
        if !environment.tcp {
            return unix::open(environment).or_else(|refused| instead(environment, refused));
        }
        open_tcp(environment.ports)
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The operating system does not know.
    pub fn address(&self) -> io::Result<Address> {
        match self {
            #[cfg(unix)]
            Listener::Unix(_, file) => Ok(Address::Unix(file.path().display().to_string())),
            Listener::Tcp(listener) => Ok(Address::Tcp(listener.local_addr()?.to_string())),
        }
    }
}

/// TCP, where a Unix socket was refused. The rights of a directory keep other users out, and only TLS does the same for
/// TCP; a host that asks for a directory or a group would not look for it.
#[cfg(unix)]
fn instead(environment: &HostEnvironment, refused: ListenError) -> Result<Listener, ListenError> {
    let asked = environment.socket_directory.is_some() || environment.socket_group.is_some();
    if asked || environment.client_certificate.is_none() {
        return Err(refused);
    }
    tracing::warn!(%refused, "no Unix socket can be made; TCP takes its place");
    open_tcp(environment.ports)
}

fn open_tcp(ports: PortRange) -> Result<Listener, ListenError> {
    let refused = |reason| ListenError::Ports { ports, reason };
    let mut result = Err(io::Error::other("the range of ports is empty"));
    for port in ports.first..=ports.last.max(ports.first) {
        result = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        if result.is_ok() {
            break;
        }
    }
    let listener = result.map_err(refused)?;
    listener.set_nonblocking(true).map_err(refused)?;
    Ok(Listener::Tcp(listener))
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
