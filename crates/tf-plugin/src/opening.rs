//! Everything up to the first line on standard output: who started the process, the socket, the certificate.

use std::io::{self, Write};

use crate::environment::HostEnvironment;
use crate::handshake::{self, Announcement};
use crate::lifetime::{self, Owner};
use crate::listen::{ListenError, Listener};
use crate::mtls::{Identity, MtlsError};
use crate::output::Output;
use crate::{debug, guard, log};

/// Why the process cannot serve.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("there is no socket for Terraform")]
    Socket(#[from] ListenError),
    #[error("the socket for Terraform failed")]
    Listening(#[source] io::Error),
    #[error("could not prepare TLS, which Terraform asks for")]
    Mtls(#[from] MtlsError),
    #[error("could not write the first line to standard output")]
    Line(#[source] io::Error),
    #[error("could not start the asynchronous runtime")]
    Runtime(#[source] io::Error),
}

/// The way to the host, open.
pub(crate) struct Opening {
    pub(crate) host: Option<u32>,
    pub(crate) listener: Listener,
    pub(crate) identity: Option<Identity>,
    _output: Option<Output>,
}

/// Who started the process. `None`: a person who wants nothing of it, and has been told what it is.
pub(crate) fn owner(environment: &HostEnvironment, source: &str) -> Option<Owner> {
    if debug::wanted(std::env::args_os().skip(1)) {
        return Some(Owner::Person);
    }
    if handshake::started_by_host(environment.cookie.as_deref()) {
        return Some(Owner::Host);
    }
    say(&handshake::explanation(source));
    None
}

impl Opening {
    /// Opens what the owner needs and says so on standard output.
    pub(crate) fn new(
        owner: Owner,
        environment: &HostEnvironment,
        source: &str,
    ) -> Result<Opening, OpenError> {
        match owner {
            Owner::Host => for_host(environment, source),
            Owner::Person => for_person(environment, source),
        }
    }
}

fn for_host(environment: &HostEnvironment, source: &str) -> Result<Opening, OpenError> {
    // Asked for before the handshake: the host may be gone a moment later.
    let host = lifetime::parent();
    let mut output = Output::taken().map_err(OpenError::Line)?;
    log::install(environment.log, "provider");
    guard::install();
    let offered = environment.protocol_versions.as_deref();
    if !handshake::speaks_our_version(offered) {
        // The host refuses the line and shows a message of its own; this one is for its log.
        say(&handshake::version_refused(source, offered.unwrap_or_default()));
    }
    let identity = environment.client_certificate.as_deref().map(Identity::for_host).transpose()?;
    let listener = Listener::open(environment)?;
    let certificate = identity.as_ref().map(|it| it.certificate.to_vec());
    let address = listener.address().map_err(OpenError::Listening)?;
    let line = Announcement { address, certificate }.line(environment.multiplex);
    output.write(&format!("{line}\n")).map_err(OpenError::Line)?;
    Ok(Opening { host, listener, identity, _output: Some(output) })
}

/// Hosts that attach use no TLS: the rights of the socket keep others out.
fn for_person(environment: &HostEnvironment, source: &str) -> Result<Opening, OpenError> {
    log::install(environment.log, "provider");
    guard::install();
    let listener = Listener::open(&HostEnvironment { client_certificate: None, ..environment.clone() })?;
    let address = listener.address().map_err(OpenError::Listening)?;
    let value = debug::value(source, std::process::id(), &address);
    let mut output = io::stdout().lock();
    let written = output.write_all(debug::instructions(source, &value).as_bytes());
    written.and_then(|()| output.flush()).map_err(OpenError::Line)?;
    Ok(Opening { host: None, listener, identity: None, _output: None })
}

/// Writes to standard error.
pub(crate) fn say(text: &str) {
    // Nobody is left to tell when it fails.
    let _ = io::stderr().write_all(text.as_bytes());
}
