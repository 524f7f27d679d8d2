//! Starts a simulated instance for a person to play with.

use std::process::{Command, ExitCode};

use crate::build;
use crate::failure::Outcome;
use crate::process;
use crate::workspace::{Profile, SIMULATOR, Workspace};

/// Builds the simulator and runs it in the foreground with the demo fixture, unless told otherwise.
pub fn start(workspace: &Workspace, arguments: &[String]) -> Outcome<ExitCode> {
    build::binaries(workspace, Profile::Debug, &[SIMULATOR])?;
    println!("A simulated instance; Ctrl-C ends it. Its address and sign-in follow as one JSON line.");
    let mut command = Command::new(workspace.binary(Profile::Debug, SIMULATOR));
    command.args(arguments);
    println!("$ {}", process::command_line(&command));
    process::become_it(&mut command)
}
