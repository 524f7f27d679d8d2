//! Finds the wanted Terraform, or installs one privately.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

mod install;

use crate::failure::Outcome;
use crate::process;
use crate::workspace::Workspace;

pub use install::NEWEST;

/// The oldest Terraform that knows write-only attributes, which every secret of the provider is.
const OLDEST: Minor = Minor { major: 1, minor: 11 };

/// Arguments of `cargo xtask terraform`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The wanted version, such as 1.15; without it, any on PATH from 1.11 on
    #[arg(long, value_name = "X.Y")]
    version: Option<Minor>,
    /// Prints the path of that Terraform and runs nothing
    #[arg(long = "where")]
    print_path: bool,
    /// Terraform's own arguments
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// A release line of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minor {
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
}

impl std::fmt::Display for Minor {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl std::str::FromStr for Minor {
    type Err = String;

    fn from_str(text: &str) -> Result<Minor, String> {
        let mut numbers = text.split('.').map(|number| number.parse::<u32>().ok());
        match (numbers.next().flatten(), numbers.next().flatten()) {
            (Some(major), Some(minor)) => Ok(Minor { major, minor }),
            _ => Err(format!("`{text}` is no Terraform version; write the first two numbers, such as 1.15")),
        }
    }
}

/// Runs the wanted Terraform, or prints where it is.
pub fn run(workspace: &Workspace, arguments: &Arguments) -> Outcome<ExitCode> {
    let terraform = find(workspace, arguments.version)?;
    if arguments.print_path {
        println!("{}", terraform.display());
        return Ok(ExitCode::SUCCESS);
    }
    let mut command = Command::new(&terraform);
    command.args(&arguments.arguments);
    if let Some(settings) = quiet_settings(workspace)? {
        command.env("TF_CLI_CONFIG_FILE", settings);
    }
    process::become_it(&mut command)
}

/// The path of a Terraform of that version: the one on PATH when it fits, otherwise a private installation.
pub fn find(workspace: &Workspace, wanted: Option<Minor>) -> Outcome<PathBuf> {
    let fits = |version: Minor| wanted.map_or(version >= OLDEST, |wanted| version == wanted);
    if let Some(path) = on_path().filter(|path| version_of(path).is_some_and(fits)) {
        return Ok(path);
    }
    install::install(workspace, wanted.unwrap_or(NEWEST))
}

fn on_path() -> Option<PathBuf> {
    let name = format!("terraform{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|path| path.is_file())
}

/// What a Terraform says of itself; nothing when it cannot be asked, which is as good as not being there.
fn version_of(terraform: &Path) -> Option<Minor> {
    let mut command = Command::new(terraform);
    command.args(["version", "-json"]).env("CHECKPOINT_DISABLE", "1");
    let answer: serde_json::Value = serde_json::from_str(&process::read(&mut command).ok()?).ok()?;
    answer.get("terraform_version")?.as_str()?.parse().ok()
}

/// Settings that keep Terraform from asking for news, for a user who has none of their own.
fn quiet_settings(workspace: &Workspace) -> Outcome<Option<PathBuf>> {
    let named = env::var_os("TF_CLI_CONFIG_FILE").map(PathBuf::from);
    let usual = env::home_dir().map(|home| home.join(".terraformrc"));
    if named.or(usual).is_some_and(|own| own.is_file()) {
        return Ok(None);
    }
    let folder = workspace.target().join("terraform");
    let path = folder.join("terraform.rc");
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, "disable_checkpoint = true\n"));
    crate::failure::with_path(written, "write", &path)?;
    Ok(Some(path))
}

#[cfg(test)]
mod tests;
