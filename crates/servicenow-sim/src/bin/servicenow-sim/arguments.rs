//! What can be said on the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// A simulated ServiceNow instance.
///
/// When it is ready, it prints one line of JSON with its url and the username and password of its administrator; with
/// `--tls` also with the file of the certificate that clients trust.
#[derive(Debug, Parser)]
#[command(name = "servicenow-sim", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// File that keeps the rows over restarts; without it they are kept in memory.
    #[arg(long, value_name = "FILE")]
    pub data: Option<PathBuf>,
    /// What a new instance holds: `demo`, `empty` or a JSON file with an array of rows for each table.
    #[arg(long, value_name = "FIXTURE", default_value = "demo")]
    pub fixture: String,
    /// A JSON file with an array of users: `{"user_name": …, "password": …, "roles": […]}`.
    #[arg(long, value_name = "FILE")]
    pub user_file: Option<PathBuf>,
    /// An application beside the platform itself, such as `unifi`. May be given more than once.
    #[arg(long = "app", value_name = "NAME")]
    pub applications: Vec<String>,
    /// A JSON file that describes more tables and columns. May be given more than once.
    #[arg(long, value_name = "FILE")]
    pub tables: Vec<PathBuf>,
    /// Milliseconds that every answer is held back.
    #[arg(long, value_name = "N")]
    pub latency_ms: Option<u64>,
    /// A setting that differs from its default.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = setting)]
    pub settings: Vec<(String, String)>,
    /// The administrator's password; by default a random one, or the one that the data file has.
    #[arg(long, env = "SERVICENOW_SIM_PASSWORD", hide_env_values = true)]
    pub password: Option<String>,
    /// Serves HTTPS with a certificate of its own authority.
    #[arg(long)]
    pub tls: bool,
    /// The folder of the authority and of a client's certificate; by default beside the data file, or a new one among the
    /// temporary files.
    #[arg(long, value_name = "FOLDER", requires = "tls")]
    pub tls_folder: Option<PathBuf>,
    /// A PEM file with more authorities whose certificates clients may sign in with.
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub client_ca: Option<PathBuf>,
    /// Lets other machines control the simulator as well: its journal, its faults, its stored secrets.
    #[arg(long)]
    pub control_from_everywhere: bool,
}

/// What the program does instead of serving an instance.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Lists every setting with its default, its values, its meaning and how the default is known.
    Settings,
    /// Lists the tables, or the columns of one.
    Tables {
        /// A table.
        name: Option<String>,
    },
    /// Lists every behaviour of the platform that is modelled, how sure it is, its setting and its test.
    Fidelity,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("a setting is written KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}
