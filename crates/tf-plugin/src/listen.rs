//! Opening the socket that the handshake line names.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
#[cfg(unix)]
use std::path::{Path, PathBuf};

use crate::environment::HostEnvironment;
use crate::handshake::Address;

/// The longest path of a socket: the operating system's field holds 104 bytes on macOS, 108 on Linux, with an end mark.
#[cfg(unix)]
const SOCKET_PATH_BYTES_MAX: usize = 100;

/// How often a random name may be taken already before something else must be wrong.
#[cfg(unix)]
const SOCKET_NAMES_TRIED_MAX: u32 = 8;

/// An open socket. Its file, if it has one, goes when this is dropped.
#[derive(Debug)]
pub enum Listener {
    /// A Unix socket.
    #[cfg(unix)]
    Unix(std::os::unix::net::UnixListener, SocketFile),
    /// A TCP socket on this machine only.
    Tcp(TcpListener),
}

/// The file of a Unix socket; dropping it removes the file.
#[cfg(unix)]
#[derive(Debug)]
pub struct SocketFile(PathBuf);

#[cfg(unix)]
impl Drop for SocketFile {
    fn drop(&mut self) {
        // Nobody is left to tell when it fails; the file does no harm.
        let _ = std::fs::remove_file(&self.0);
    }
}

impl Listener {
    /// Opens a Unix socket, or TCP on Windows and when asked for.
    ///
    /// # Errors
    /// The operating system refuses.
    pub fn open(environment: &HostEnvironment) -> io::Result<Listener> {
        #[cfg(unix)]
        if !environment.tcp {
            return open_unix(environment);
        }
        open_tcp(environment)
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The operating system does not know.
    pub fn address(&self) -> io::Result<Address> {
        match self {
            #[cfg(unix)]
            Listener::Unix(_, file) => Ok(Address::Unix(file.0.display().to_string())),
            Listener::Tcp(listener) => Ok(Address::Tcp(listener.local_addr()?.to_string())),
        }
    }
}

#[cfg(unix)]
fn open_unix(environment: &HostEnvironment) -> io::Result<Listener> {
    use std::os::unix::net::UnixListener;
    let directory = socket_directory(environment);
    let mut tried = 0;
    loop {
        let path = directory.join(socket_name());
        match UnixListener::bind(&path) {
            Ok(listener) => {
                let file = SocketFile(path);
                only_for_owner(&file.0)?;
                listener.set_nonblocking(true)?;
                return Ok(Listener::Unix(listener, file));
            }
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tried < SOCKET_NAMES_TRIED_MAX => {
                tried += 1
            }
            Err(error) => return Err(error),
        }
    }
}

/// The directory that was asked for, unless the path would be too long or would break the handshake line.
#[cfg(unix)]
fn socket_directory(environment: &HostEnvironment) -> &Path {
    let asked = environment.socket_directory.as_ref().or(environment.temporary_directory.as_ref());
    let fits = |path: &&PathBuf| {
        let text = path.as_os_str().as_encoded_bytes();
        text.len() + "/plugin0123456789abcdef".len() <= SOCKET_PATH_BYTES_MAX
            && path.to_str().is_some()
            && !text.iter().any(|it| matches!(it, b'|' | b'\n' | b'\r'))
    };
    asked.filter(fits).map_or(Path::new("/tmp"), PathBuf::as_path)
}

/// A name that nobody can foresee: the hasher of a fresh map is seeded at random.
#[cfg(unix)]
fn socket_name() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("plugin{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// Without TLS the rights of the file are all that keeps other users out.
#[cfg(unix)]
fn only_for_owner(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
}

fn open_tcp(environment: &HostEnvironment) -> io::Result<Listener> {
    let ports = environment.ports;
    let mut result = Err(io::Error::other("the range of ports is empty"));
    for port in ports.first..=ports.last.max(ports.first) {
        result = TcpListener::bind((Ipv4Addr::LOCALHOST, port));
        if result.is_ok() {
            break;
        }
    }
    let listener = result?;
    listener.set_nonblocking(true)?;
    Ok(Listener::Tcp(listener))
}

#[cfg(all(test, unix))]
mod tests;
