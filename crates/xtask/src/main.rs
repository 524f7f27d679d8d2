//! The project's own commands: build, test, demonstrate, generate.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a command for people at a terminal: it reads files and the environment, waits and prints"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod browser;
mod build;
mod demo;
mod failure;
mod generate;
mod load;
mod mirror;
mod process;
mod sim;
mod suite;
mod terraform;
mod workspace;

use failure::Outcome;
use workspace::Workspace;

/// The project's own commands. Each prints what it does and what it installs.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the release binaries into target/release
    Build,
    /// Runs formatting, clippy and every test, including those with real Terraform
    Test {
        /// Runs the whole of the long campaigns, not their small fixed share
        #[arg(long)]
        long: bool,
    },
    /// Runs only the acceptance tests: real Terraform, the built provider, the simulated instance
    Accept {
        /// Runs only tests whose name contains one of these words
        filters: Vec<String>,
    },
    /// Tells the whole story with real Terraform against a simulated instance
    Demo {
        /// Leaves the simulated instance running at the end and prints how to go on by hand
        #[arg(long)]
        keep: bool,
        /// Makes no pauses
        #[arg(long)]
        fast: bool,
    },
    /// Measures start, schema, memory and size of the plugin, the codec and planning, and a plan of many connections
    Bench(bench::Arguments),
    /// Loads a simulated instance with many records and clients, and prints what it costs
    Load(load::Options),
    /// Starts a simulated instance to play with
    Sim {
        /// Handed on to the simulator
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Runs Terraform: the one on PATH when it fits, otherwise a private installation under target/
    Terraform(terraform::Arguments),
    /// Writes an unpacked filesystem mirror with the release provider, and a terraform.rc that uses it
    Mirror {
        /// The directory to write to
        directory: PathBuf,
    },
    /// Writes the documentation and the schemas
    Generate {
        /// Only compares, prints the differences and fails when there are any
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Outcome<ExitCode> {
    let workspace = Workspace::here()?;
    match command {
        Command::Build => build::release(&workspace)?,
        Command::Test { long } => suite::test(&workspace, long)?,
        Command::Accept { filters } => suite::accept(&workspace, &filters)?,
        Command::Demo { keep, fast } => demo::tell(&workspace, &demo::Options { keep, fast })?,
        Command::Bench(arguments) => bench::run(&workspace, &arguments)?,
        Command::Load(options) => load::run(&workspace, &options)?,
        Command::Sim { arguments } => return sim::start(&workspace, &arguments),
        Command::Terraform(arguments) => return terraform::run(&workspace, &arguments),
        Command::Mirror { directory } => mirror::write_release(&workspace, &directory)?,
        Command::Generate { check } => generate::run(&workspace, check)?,
    }
    Ok(ExitCode::SUCCESS)
}
