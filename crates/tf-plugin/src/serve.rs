//! The life of a plugin process, from the cookie to the removal of the socket.

use std::io;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tonic::transport::Server;

use crate::accept::{self, Arrivals, Incoming};
use crate::environment::HostEnvironment;
use crate::lifetime::{self, Ending, Lifetime, Owner, Patience};
use crate::listen::Listener;
use crate::opening::{self, OpenError, Opening};
use crate::provider::Provider;
use crate::rpc::Served;
use crate::services::Services;

/// How long answers under way may take after the end. Hosts kill after two seconds.
const LAST_ANSWERS_MAX: Duration = Duration::from_millis(500);

/// Terraform asks for ten things at once; they mostly wait for the network.
const WORKERS_MIN: usize = 2;
const WORKERS_MAX: usize = 4;

/// Serves a provider for one host and returns how the process should exit. `address` is the provider's source address,
/// `acme/cloud`.
///
/// With the argument `--debug` it serves for a person instead: it prints what Terraform has to be told, and goes on until
/// Ctrl-C.
///
/// Call it first thing in `main`: hosts start providers one after the other and wait for each.
pub fn run(provider: Arc<dyn Provider>, environment: &HostEnvironment, address: &str) -> ExitCode {
    let workers = std::thread::available_parallelism().map_or(WORKERS_MIN, |it| it.get());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers.clamp(WORKERS_MIN, WORKERS_MAX))
        .enable_all()
        .build();
    exit_code(runtime.map_err(OpenError::Runtime).and_then(|runtime| {
        let result = runtime.block_on(attend(provider, environment, address));
        // What still runs would not be heard any more.
        runtime.shutdown_background();
        result
    }))
}

/// The same inside a runtime that exists already.
pub async fn serve(provider: Arc<dyn Provider>, environment: &HostEnvironment, address: &str) -> ExitCode {
    exit_code(attend(provider, environment, address).await)
}

fn exit_code(result: Result<ExitCode, OpenError>) -> ExitCode {
    result.unwrap_or_else(|error| {
        let mut text = format!("This provider cannot serve: {error}");
        let mut cause = std::error::Error::source(&error);
        while let Some(error) = cause {
            text += &format!(": {error}");
            cause = error.source();
        }
        opening::say(&format!("{text}\n"));
        ExitCode::FAILURE
    })
}

/// Serves until the end.
async fn attend(
    provider: Arc<dyn Provider>,
    environment: &HostEnvironment,
    address: &str,
) -> Result<ExitCode, OpenError> {
    let Some(owner) = opening::owner(environment, address) else { return Ok(ExitCode::FAILURE) };
    let lifetime = Lifetime::new(owner);
    // Before anybody hears of the process: Ctrl-C may be pressed a moment later.
    mind_signals(&lifetime, owner).map_err(OpenError::Runtime)?;
    let opening = Opening::new(owner, environment, address)?;
    if owner == Owner::Host {
        let (watched, host) = (lifetime.clone(), opening.host);
        tokio::spawn(async move { watched.watch_host(Patience::ORDINARY, host, lifetime::parent).await });
    }
    let tls = opening.identity.map(|it| TlsAcceptor::from(it.config));
    // The socket's file stays until the end of this function.
    let (arrivals, _file) = arrivals(opening.listener).map_err(OpenError::Listening)?;
    let incoming = accept::incoming(arrivals, tls, lifetime.clone());
    let served = Served::new(provider, address);
    let ahead = served.clone();
    let serving = tokio::spawn(async move { answer(served, incoming, &lifetime).await });
    ahead.look_ahead().await;
    // It ends by itself; a panic in it was written to standard error already.
    let _ = serving.await;
    Ok(ExitCode::SUCCESS)
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

/// Ctrl-C reaches the plugin as well as its host, which then says itself what should happen: ignored, unless a person
/// started the process alone. The signal to terminate ends it.
#[cfg(unix)]
fn mind_signals(lifetime: &Lifetime, owner: Owner) -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    // The handler stays for the rest of the process, also when nobody listens to it.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let lifetime = lifetime.clone();
    tokio::spawn(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => if owner == Owner::Person {
                    lifetime.end(Ending::Interrupted);
                },
                _ = terminate.recv() => lifetime.end(Ending::Terminated),
                _ = lifetime.ended() => return,
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn mind_signals(lifetime: &Lifetime, owner: Owner) -> io::Result<()> {
    let lifetime = lifetime.clone();
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if owner == Owner::Person {
                lifetime.end(Ending::Interrupted);
            }
        }
    });
    Ok(())
}
