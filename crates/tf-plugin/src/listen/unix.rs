//! Unix sockets: which directory, which name, and who may use them.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use super::{ListenError, Listener};
use crate::environment::HostEnvironment;

/// The longest path of a socket: the operating system's field holds 104 bytes on macOS, 108 on Linux, with an end mark.
const SOCKET_PATH_BYTES_MAX: usize = 100;

/// What a name adds to the path of its directory.
const SOCKET_NAME_BYTES: usize = "/plugin0123456789abcdef".len();

/// How often a random name may be taken already before something else must be wrong.
const SOCKET_NAMES_TRIED_MAX: u32 = 8;

/// Where temporary files go on every Unix when nothing else is said.
const USUAL_DIRECTORY: &str = "/tmp";

/// Who may use the socket: its owner, or a whole group.
const OWNER_ONLY: u32 = 0o600;
const OWNER_AND_GROUP: u32 = 0o660;

/// The file of a Unix socket; dropping it removes the file.
#[derive(Debug)]
pub struct SocketFile(PathBuf);

impl SocketFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Nobody is left to tell when it fails; the file does no harm.
        let _ = fs::remove_file(&self.0);
    }
}

/// A directory, and who named it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    pub(super) directory: &'a Path,
    origin: &'static str,
}

/// A host that names a directory expects the socket there and nowhere else. The directory for temporary files is only
/// a habit, so that another one will do.
pub(super) fn places(environment: &HostEnvironment) -> Vec<Place<'_>> {
    if let Some(directory) = &environment.socket_directory {
        return vec![Place { directory, origin: "named by `PLUGIN_UNIX_SOCKET_DIR`" }];
    }
    let named = environment.temporary_directory.as_deref();
    let named = named.map(|directory| Place { directory, origin: "named by `TMPDIR`" });
    let usual = Place { directory: Path::new(USUAL_DIRECTORY), origin: "the usual one" };
    named.into_iter().chain([usual]).collect()
}

/// A socket in the first place that takes one.
pub(super) fn open(environment: &HostEnvironment) -> Result<Listener, ListenError> {
    let mut refusals = Vec::new();
    for place in places(environment) {
        match open_in(place.directory, environment.socket_group.as_deref()) {
            Ok(listener) => return Ok(listener),
            Err(reason) => {
                refusals.push(format!("`{}`, {}: {reason}", place.directory.display(), place.origin));
            }
        }
    }
    let variable = match environment.socket_directory {
        Some(_) => "PLUGIN_UNIX_SOCKET_DIR",
        None => "TMPDIR",
    };
    let length_max = SOCKET_PATH_BYTES_MAX - SOCKET_NAME_BYTES;
    let advice = format!(
        "Nothing was started. Let `{variable}` name a directory that is there, that this user may write to, and whose \
         path has at most {length_max} bytes"
    );
    Err(ListenError::Directories { refusals, advice })
}

fn open_in(directory: &Path, group: Option<&str>) -> Result<Listener, String> {
    fit(directory)?;
    let (listener, file) = bind(directory).map_err(|error| error.to_string())?;
    admit(&file.0, group)?;
    listener.set_nonblocking(true).map_err(|error| error.to_string())?;
    Ok(Listener::Unix(listener, file))
}

/// Whether paths below it fit the operating system's field and the handshake line.
fn fit(directory: &Path) -> Result<(), String> {
    let bytes = directory.as_os_str().as_encoded_bytes();
    let length_max = SOCKET_PATH_BYTES_MAX - SOCKET_NAME_BYTES;
    if bytes.len() > length_max {
        return Err(format!(
            "its path has {} bytes, and a socket has room for {length_max} of them",
            bytes.len()
        ));
    }
    let unspeakable = |it: &u8| matches!(it, b'|' | b'\n' | b'\r');
    if directory.to_str().is_none() || bytes.iter().any(unspeakable) {
        return Err(
            "its path cannot be told to the host: it is not UTF-8, or has a `|` or a line break".to_owned()
        );
    }
    Ok(())
}

fn bind(directory: &Path) -> io::Result<(UnixListener, SocketFile)> {
    let mut tried = 0;
    loop {
        let path = directory.join(socket_name());
        match UnixListener::bind(&path) {
            Ok(listener) => return Ok((listener, SocketFile(path))),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tried < SOCKET_NAMES_TRIED_MAX => {
                tried += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// A name that nobody can foresee: the hasher of a fresh map is seeded at random.
fn socket_name() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("plugin{:016x}", RandomState::new().hash_one(std::process::id()))
}

/// Without TLS the rights of the file are all that keeps other users out.
fn admit(path: &Path, group: Option<&str>) -> Result<(), String> {
    let mode = match group {
        None => OWNER_ONLY,
        Some(group) => {
            let refused = |error| format!("the socket cannot be given to the group `{group}`: {error}");
            chown(path, None, Some(group_id(group)?)).map_err(refused)?;
            OWNER_AND_GROUP
        }
    };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|error| error.to_string())
}

/// The number of a group that is named or numbered.
#[expect(clippy::disallowed_methods, reason = "the operating system keeps the names of groups in a file")]
fn group_id(group: &str) -> Result<u32, String> {
    if let Ok(id) = group.parse() {
        return Ok(id);
    }
    let text = fs::read_to_string("/etc/group").unwrap_or_default();
    group_in(&text, group)
        .ok_or_else(|| format!("`PLUGIN_UNIX_SOCKET_GROUP` names no group of this machine: `{group}`"))
}

/// Lines are `name:password:number:members`.
pub(super) fn group_in(text: &str, name: &str) -> Option<u32> {
    let mut lines = text.lines().map(|line| line.split(':'));
    lines.find_map(|mut fields| (fields.next()? == name).then(|| fields.nth(1)?.parse().ok())?)
}
