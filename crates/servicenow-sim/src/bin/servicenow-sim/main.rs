//! The program `servicenow-sim`: opens an instance, serves it, and says where on one line.

use std::error::Error;
use std::io::{self, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::json;
use servicenow_sim::{Fixture, Options, Simulator, listing};
use tokio::net::TcpListener;
use tokio::signal;

/// A simulated ServiceNow instance.
///
/// When it is ready, it prints one line of JSON with its url and the username and password of its administrator.
#[derive(Debug, Parser)]
#[command(name = "servicenow-sim", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// File that keeps the rows over restarts; without it they are kept in memory.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// What a new instance holds: `demo`, `empty` or a JSON file with an array of rows for each table.
    #[arg(long, value_name = "FIXTURE", default_value = "demo")]
    fixture: String,
    /// Milliseconds that every answer is held back.
    #[arg(long, value_name = "N")]
    latency_ms: Option<u64>,
    /// A setting that differs from its default.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
    /// The administrator's password; by default a random one, or the one that the data file has.
    #[arg(long, env = "SERVICENOW_SIM_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

/// What the program does instead of serving an instance.
#[derive(Debug, Subcommand)]
enum Command {
    /// Lists every setting with its default, its values, its meaning and how the default is known.
    Settings,
    /// Lists the tables, or the columns of one.
    Tables {
        /// A table.
        name: Option<String>,
    },
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("a setting is written KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

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
        Command::Tables { name } => listing::tables(name.as_deref())?,
    };
    Ok(io::stdout().lock().write_all(text.as_bytes())?)
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(arguments.listen)
        .await
        .map_err(|it| format!("The address {} cannot be listened on: {it}", arguments.listen))?;
    let url = url(listener.local_addr()?);
    let mut settings = arguments.settings;
    settings.extend(arguments.latency_ms.map(|it| ("latency_ms".to_owned(), it.to_string())));
    let simulator = Simulator::open(Options {
        data: arguments.data,
        fixture: Fixture::from(arguments.fixture.as_str()),
        settings,
        base_url: url.clone(),
        password: arguments.password,
        ..Options::default()
    })?;
    if !arguments.listen.ip().is_loopback() {
        complain(&format!("Other machines can reach this instance at {}.", arguments.listen));
    }
    // Whoever reads the line may end the program at once: it listens for that before.
    let stop = stop()?;
    announce(&simulator, &url)?;
    tokio::select! {
        served = servicenow_sim::http::serve(simulator, listener) => Ok(served?),
        () = stop => Ok(()),
    }
}

/// Where the instance is reached from this machine.
fn url(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        let ipv6 = address.is_ipv6();
        address.set_ip(if ipv6 { Ipv6Addr::LOCALHOST.into() } else { Ipv4Addr::LOCALHOST.into() });
    }
    format!("http://{address}")
}

/// The one line on standard output: whoever started the program waits for it.
fn announce(simulator: &Simulator, url: &str) -> io::Result<()> {
    let line = json!({"url": url, "username": simulator.username(), "password": simulator.password()});
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
