//! Builds the programs.

use crate::failure::Outcome;
use crate::process;
use crate::workspace::{COMPANION, PROVIDER, Profile, SIMULATOR, Workspace};

/// Builds what users get.
pub fn release(workspace: &Workspace) -> Outcome<()> {
    binaries(workspace, Profile::Release, &[PROVIDER, SIMULATOR, COMPANION])?;
    for name in [PROVIDER, SIMULATOR, COMPANION] {
        println!("built {}", workspace.binary(Profile::Release, name).display());
    }
    Ok(())
}

/// Builds the binaries of these packages.
pub fn binaries(workspace: &Workspace, profile: Profile, packages: &[&str]) -> Outcome<()> {
    if workspace.is_built(profile) {
        return Ok(());
    }
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--quiet", "--bins"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    for package in packages {
        cargo.args(["--package", package]);
    }
    process::run(&mut cargo)
}
