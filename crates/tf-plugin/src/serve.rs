//! The life of a plugin process, from the cookie to the removal of the socket.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tonic::transport::Server;

use crate::accept::{self, Arrivals, Incoming};
use crate::environment::HostEnvironment;
use crate::handshake::{self, Announcement};
use crate::lifetime::{self, Ending, Lifetime, Patience};
use crate::listen::Listener;
use crate::mtls::{Identity, MtlsError};
use crate::provider::Provider;
use crate::rpc::Served;
use crate::services::Services;
use crate::{guard, log};

/// How long answers under way may take after the end. Hosts kill after two seconds.
const LAST_ANSWERS_MAX: Duration = Duration::from_millis(500);

/// Terraform asks for ten things at once; they mostly wait for the network.
const WORKERS_MIN: usize = 2;
const WORKERS_MAX: usize = 4;

/// Why the process cannot serve.
#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error("could not open a socket for Terraform")]
    Socket(#[source] io::Error),
    #[error("could not prepare TLS, which Terraform asks for")]
    Mtls(#[from] MtlsError),
    #[error("could not write the first line to standard output")]
    Line(#[source] io::Error),
    #[error("could not start the asynchronous runtime")]
    Runtime(#[source] io::Error),
}

/// Serves a provider for one host and returns how the process should exit. `address` is the provider's source address,
/// `snowdrift/servicenow`.
///
/// Call it first thing in `main`: hosts start providers one after the other and wait for each.
pub fn run(provider: Arc<dyn Provider>, environment: &HostEnvironment, address: &str) -> ExitCode {
    exit_code(begin(environment, address).and_then(|it| {
        let Some(opening) = it else { return Ok(ExitCode::FAILURE) };
        // Connections may already wait on the socket while the runtime starts.
        let workers = std::thread::available_parallelism().map_or(WORKERS_MIN, |it| it.get());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers.clamp(WORKERS_MIN, WORKERS_MAX))
            .enable_all()
            .build()
            .map_err(OpenError::Runtime)?;
        let result = runtime.block_on(attend(Served::new(provider, address), opening));
        // What still runs would not be heard any more.
        runtime.shutdown_background();
        result.map(|()| ExitCode::SUCCESS)
    }))
}

/// The same inside a runtime that exists already.
pub async fn serve(provider: Arc<dyn Provider>, environment: &HostEnvironment, address: &str) -> ExitCode {
    let result = match begin(environment, address) {
        Ok(Some(opening)) => {
            attend(Served::new(provider, address), opening).await.map(|()| ExitCode::SUCCESS)
        }
        Ok(None) => Ok(ExitCode::FAILURE),
        Err(error) => Err(error),
    };
    exit_code(result)
}

fn exit_code(result: Result<ExitCode, OpenError>) -> ExitCode {
    result.unwrap_or_else(|error| {
        let mut text = format!("This plugin cannot serve: {error}");
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            text += &format!(": {error}");
            cause = error.source();
        }
        say(&format!("{text}\n"));
        ExitCode::FAILURE
    })
}

/// Writes to standard error.
fn say(text: &str) {
    // Nobody is left to tell when it fails.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// What is open before anything asynchronous runs.
struct Opening {
    host: Option<u32>,
    listener: Listener,
    identity: Option<Identity>,
}

impl Opening {
    fn new(environment: &HostEnvironment) -> Result<Opening, OpenError> {
        let identity = environment.client_certificate.as_deref().map(Identity::for_host).transpose()?;
        let listener = Listener::open(environment).map_err(OpenError::Socket)?;
        Ok(Opening { host: lifetime::parent(), listener, identity })
    }

    fn announcement(&self) -> io::Result<Announcement> {
        let certificate = self.identity.as_ref().map(|it| it.certificate.to_vec());
        Ok(Announcement { address: self.listener.address()?, certificate })
    }
}

/// Everything up to the handshake line. `None`: a person started the program and has been told what it is.
fn begin(environment: &HostEnvironment, address: &str) -> Result<Option<Opening>, OpenError> {
    if !handshake::started_by_host(environment.cookie.as_deref()) {
        say(&handshake::explanation(address));
        return Ok(None);
    }
    log::install(environment.log, "provider");
    guard::install();
    let opening = Opening::new(environment)?;
    announce(&opening, environment.multiplex).map_err(OpenError::Line)?;
    if !handshake::speaks_our_version(environment.protocol_versions.as_deref()) {
        tracing::error!("the host does not speak version 6 of the provider protocol");
    }
    Ok(Some(opening))
}

fn announce(opening: &Opening, multiplex_asked: bool) -> io::Result<()> {
    let line = opening.announcement()?.line(multiplex_asked);
    let mut output = io::stdout().lock();
    output.write_all(format!("{line}\n").as_bytes())?;
    output.flush()
}

/// Serves until the end.
async fn attend(served: Served, opening: Opening) -> Result<(), OpenError> {
    let lifetime = Lifetime::new();
    mind_signals(&lifetime).map_err(OpenError::Runtime)?;
    let watched = lifetime.clone();
    let host = opening.host;
    tokio::spawn(async move { watched.watch_host(Patience::ORDINARY, host, lifetime::parent).await });
    let tls = opening.identity.map(|it| TlsAcceptor::from(it.config));
    // The socket's file stays until the end of this function.
    let (arrivals, _file) = arrivals(opening.listener).map_err(OpenError::Socket)?;
    answer(served, accept::incoming(arrivals, tls, lifetime.clone()), &lifetime).await;
    Ok(())
}

/// Answers on the given connections until the lifetime ends, and a little longer for answers under way.
pub(crate) async fn answer(served: Served, incoming: Incoming, lifetime: &Lifetime) {
    let services = Services::new(Arc::new(served), lifetime).await;
    let ended = async { _ = lifetime.ended().await };
    let server = Server::builder().serve_with_incoming_shutdown(services, incoming, ended);
    let too_long = async {
        let ending = lifetime.ended().await;
        tracing::debug!(?ending, "ending");
        sleep(LAST_ANSWERS_MAX).await;
    };
    tokio::select! {
        result = server => if let Err(error) = result {
            tracing::error!(%error, "the server ended early");
        },
        () = too_long => {}
    }
}

#[cfg(unix)]
type File = Option<crate::listen::SocketFile>;
#[cfg(not(unix))]
type File = ();

fn arrivals(listener: Listener) -> io::Result<(Arrivals, File)> {
    match listener {
        #[cfg(unix)]
        Listener::Unix(listener, file) => {
            Ok((Arrivals::Unix(tokio::net::UnixListener::from_std(listener)?), Some(file)))
        }
        Listener::Tcp(listener) => {
            Ok((Arrivals::Tcp(tokio::net::TcpListener::from_std(listener)?), File::default()))
        }
    }
}

/// Ctrl-C reaches the plugin as well as the host, which then says itself what should happen: ignored. The signal to
/// terminate ends the process.
#[cfg(unix)]
fn mind_signals(lifetime: &Lifetime) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // The handler stays for the rest of the process, also when nobody listens to it.
    drop(signal(SignalKind::interrupt())?);
    let mut terminate = signal(SignalKind::terminate())?;
    let lifetime = lifetime.clone();
    tokio::spawn(async move {
        terminate.recv().await;
        lifetime.end(Ending::Terminated);
    });
    Ok(())
}

#[cfg(not(unix))]
fn mind_signals(_lifetime: &Lifetime) -> io::Result<()> {
    tokio::spawn(async { while tokio::signal::ctrl_c().await.is_ok() {} });
    Ok(())
}
