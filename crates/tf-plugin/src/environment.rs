//! Everything that the host says through environment variables, read once by the program's main file and passed in.

use std::path::PathBuf;

use crate::log::Level;

/// What the process was told by whoever started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostEnvironment {
    /// `TF_PLUGIN_MAGIC_COOKIE`: there when Terraform started the process.
    pub cookie: Option<String>,
    /// `PLUGIN_PROTOCOL_VERSIONS`: the major versions that the host speaks, in any order.
    pub protocol_versions: Option<String>,
    /// `PLUGIN_CLIENT_CERT`: the host's certificate. Without it there is no TLS.
    pub client_certificate: Option<String>,
    /// `PLUGIN_MIN_PORT` and `PLUGIN_MAX_PORT`, for TCP.
    pub ports: PortRange,
    /// `PLUGIN_UNIX_SOCKET_DIR`: where the socket belongs; otherwise the directory for temporary files.
    pub socket_directory: Option<PathBuf>,
    /// `PLUGIN_UNIX_SOCKET_GROUP`: the name or number of a group that may use the socket besides its owner.
    pub socket_group: Option<String>,
    /// `TMPDIR` (`TEMP` on Windows): the directory for temporary files.
    pub temporary_directory: Option<PathBuf>,
    /// `PLUGIN_MULTIPLEX_GRPC`: the host understands the seventh field of the handshake line.
    pub multiplex: bool,
    /// `PLUGIN_NETWORK=tcp`: TCP where a Unix socket would be the default. Not set by Terraform; for tests and tools.
    pub tcp: bool,
    /// `TF_LOG_PROVIDER`, otherwise `TF_LOG`; `TF_LOG_PROVIDER_<TYPE>` goes before both. `None`: no logs.
    pub log: Option<Level>,
}

/// The ports that may be tried, both included. Zero stands for any free port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PortRange {
    /// The first.
    pub first: u16,
    /// The last.
    pub last: u16,
}

impl HostEnvironment {
    /// Reads the variables through a function, in programs `|name| std::env::var(name).ok()`.
    pub fn from_vars(read: impl Fn(&str) -> Option<String>) -> HostEnvironment {
        let read = |name: &str| read(name).filter(|it| !it.is_empty());
        let port = |name: &str| read(name).and_then(|it| it.trim().parse().ok()).unwrap_or(0);
        HostEnvironment {
            cookie: read("TF_PLUGIN_MAGIC_COOKIE"),
            protocol_versions: read("PLUGIN_PROTOCOL_VERSIONS"),
            client_certificate: read("PLUGIN_CLIENT_CERT"),
            ports: PortRange { first: port("PLUGIN_MIN_PORT"), last: port("PLUGIN_MAX_PORT") },
            socket_directory: read("PLUGIN_UNIX_SOCKET_DIR").map(PathBuf::from),
            socket_group: read("PLUGIN_UNIX_SOCKET_GROUP"),
            temporary_directory: ["TMPDIR", "TEMP"].into_iter().find_map(read).map(PathBuf::from),
            multiplex: read("PLUGIN_MULTIPLEX_GRPC").is_some(),
            tcp: read("PLUGIN_NETWORK").as_deref() == Some("tcp"),
            log: ["TF_LOG_PROVIDER", "TF_LOG"].into_iter().find_map(read).and_then(|it| Level::parse(&it)),
        }
    }

    /// The same, with the log level that was asked for this provider alone: `TF_LOG_PROVIDER_SCRATCH` for the type
    /// `scratch`.
    #[must_use]
    pub fn with_own_log(self, provider_type: &str, read: impl Fn(&str) -> Option<String>) -> HostEnvironment {
        let name = format!("TF_LOG_PROVIDER_{}", provider_type.to_uppercase().replace('-', "_"));
        match read(&name).filter(|it| !it.is_empty()) {
            Some(text) => HostEnvironment { log: Level::parse(&text), ..self },
            None => self,
        }
    }
}

#[cfg(test)]
mod tests;
