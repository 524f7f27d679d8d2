//! The Terraform versions that tests run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use crate::binaries::Binaries;

/// A version of Terraform. They are in order: what a version has, later ones have too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Terraform {
    /// The oldest that the framework supports.
    V1_6,
    /// The first with functions, and with moves between types.
    V1_8,
    /// Between two features.
    V1_9,
    /// The first with ephemeral resources.
    V1_10,
    /// The first with write-only attributes, and so the oldest that the provider supports.
    V1_11,
    /// The first with identities.
    V1_12,
    /// Between two features.
    V1_13,
    /// The first with queries and actions.
    V1_14,
    /// The newest that is tested.
    V1_15,
}

impl Terraform {
    /// Both ends of what the provider supports.
    pub const ENDS: [Terraform; 2] = [Terraform::V1_11, Terraform::V1_15];

    /// The first two numbers.
    pub fn version(self) -> &'static str {
        match self {
            Terraform::V1_6 => "1.6",
            Terraform::V1_8 => "1.8",
            Terraform::V1_9 => "1.9",
            Terraform::V1_10 => "1.10",
            Terraform::V1_11 => "1.11",
            Terraform::V1_12 => "1.12",
            Terraform::V1_13 => "1.13",
            Terraform::V1_14 => "1.14",
            Terraform::V1_15 => "1.15",
        }
    }

    /// The program itself, installed now when it is nowhere. A test never goes without.
    pub fn program(self) -> &'static Path {
        static FOUND: Mutex<BTreeMap<Terraform, &'static Path>> = Mutex::new(BTreeMap::new());
        let mut found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
        found.entry(self).or_insert_with(|| Box::leak(find(self.version()).into_boxed_path()))
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
