//! The program `servicenow-sim`: opens an instance, serves it, and says where on one line.

#![allow(clippy::disallowed_methods, reason = "a program reads the files that it is told to read")]

mod arguments;

use std::env;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};

use clap::Parser;
use serde_json::json;
use servicenow_sim::http::{ControlFrom, Serving, Tls};
use servicenow_sim::{Fixture, Options, Person, Simulator, fidelity, http, listing};
use tokio::net::TcpListener;
use tokio::signal;

use crate::arguments::{Arguments, Command};

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = Arguments::parse();
    let done = match arguments.command.take() {
        Some(command) => list(&command),
        None => run(arguments).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&chain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn list(command: &Command) -> Result<(), Box<dyn Error>> {
    let text = match command {
        Command::Settings => listing::settings(),
        Command::Fidelity => fidelity::page(),
        Command::Tables { name } => listing::tables(name.as_deref())?,
    };
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(arguments.listen)
        .await
        .map_err(|it| format!("The address {} cannot be listened on: {it}", arguments.listen))?;
    let address = listener.local_addr()?;
    let tls = if arguments.tls { Some(tls(&arguments, address)?) } else { None };
    let url = url(address, arguments.tls);
    let control_from = match arguments.control_from_everywhere {
        true => ControlFrom::Everywhere,
        false => ControlFrom::ThisMachine,
    };
    let people = arguments.user_file.as_deref().map(people).transpose()?;
    let mut settings = arguments.settings;
    settings.extend(arguments.latency_ms.map(|it| ("latency_ms".to_owned(), it.to_string())));
    let simulator = Simulator::open(Options {
        data: arguments.data,
        fixture: Fixture::from(arguments.fixture.as_str()),
        applications: arguments.applications,
        tables: arguments.tables,
        settings,
        base_url: url.clone(),
        password: arguments.password,
        people: people.unwrap_or_default(),
        ..Options::default()
    })?;
    warn_of_others(arguments.listen, control_from);
    // Whoever reads the line may end the program at once: it listens for that before.
    let stop = stop()?;
    announce(&simulator, &url, tls.as_ref())?;
    tokio::select! {
        served = http::serve_as(simulator, listener, Serving { control_from, tls }) => Ok(served?),
        () = stop => Ok(()),
    }
}

fn warn_of_others(listen: SocketAddr, control_from: ControlFrom) {
    if listen.ip().is_loopback() {
        return;
    }
    let controlled = match control_from {
        ControlFrom::ThisMachine => "Only this machine can control it.",
        ControlFrom::Everywhere => "They can control it, and read its stored secrets.",
    };
    complain(&format!("Other machines can reach this instance at {listen}. {controlled}"));
}

fn people(path: &Path) -> Result<Vec<Person>, Box<dyn Error>> {
    let named = |reason: &dyn std::fmt::Display| format!("the users of `{}`: {reason}", path.display());
    let text = fs::read_to_string(path).map_err(|it| named(&it))?;
    Ok(serde_json::from_str(&text).map_err(|it| named(&it))?)
}

fn tls(arguments: &Arguments, address: SocketAddr) -> Result<Tls, Box<dyn Error>> {
    let folder = match (&arguments.tls_folder, &arguments.data) {
        (Some(folder), _) => folder.clone(),
        (None, Some(data)) => data.with_extension("tls"),
        (None, None) => env::temp_dir().join(format!("servicenow-sim-{}", process::id())),
    };
    let folder: PathBuf = std::path::absolute(folder)?;
    Ok(Tls::open(&folder, address.ip(), arguments.client_ca.as_deref())?)
}

/// Where the instance is reached from this machine.
fn url(mut address: SocketAddr, tls: bool) -> String {
    if address.ip().is_unspecified() {
        let ipv6 = address.is_ipv6();
        address.set_ip(if ipv6 { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() });
    }
    let scheme = if tls { "https" } else { "http" };
    format!("{scheme}://{address}")
}

/// The one line on standard output: whoever started the program waits for it.
fn announce(simulator: &Simulator, url: &str, tls: Option<&Tls>) -> io::Result<()> {
    let mut line = json!({"url": url, "username": simulator.username(), "password": simulator.password()});
    if let (Some(line), Some(tls)) = (line.as_object_mut(), tls) {
        line.insert("ca_file".to_owned(), json!(tls.authority_file()));
    }
    let mut output = io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}

/// Listens for the wish to end at once, and gives what to wait for.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal::unix::signal(signal::unix::SignalKind::interrupt())?;
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens for the wish to end at once, and gives what to wait for.
#[cfg(windows)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

fn chain(error: &dyn Error) -> String {
    let mut text = format!("servicenow-sim: {error}");
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

/// Standard error may be closed; then nobody reads the complaint.
fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
