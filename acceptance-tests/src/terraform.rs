//! The Terraform versions that tests run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::binaries::Binaries;

/// A version of Terraform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terraform {
    /// The oldest that the provider supports.
    V1_11,
    /// The newest that is tested.
    V1_15,
}

impl Terraform {
    /// Both ends of what is supported.
    pub const ENDS: [Terraform; 2] = [Terraform::V1_11, Terraform::V1_15];

    /// The first two numbers.
    pub fn version(self) -> &'static str {
        match self {
            Terraform::V1_11 => "1.11",
            Terraform::V1_15 => "1.15",
        }
    }

    /// The program itself, installed now when it is nowhere. A test never goes without.
    pub fn program(self) -> &'static Path {
        static OLDEST: OnceLock<PathBuf> = OnceLock::new();
        static NEWEST: OnceLock<PathBuf> = OnceLock::new();
        let found = match self {
            Terraform::V1_11 => &OLDEST,
            Terraform::V1_15 => &NEWEST,
        };
        found.get_or_init(|| find(self.version()))
    }
}

fn find(version: &str) -> PathBuf {
    let output = Command::new(Binaries::built().xtask())
        .args(["terraform", "--where", "--version", version])
        .output()
        .expect("the project's own commands can be run");
    let said = String::from_utf8_lossy(&output.stdout);
    let explained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "no Terraform {version} for the tests: {explained}");
    PathBuf::from(said.lines().last().unwrap_or_default())
}
