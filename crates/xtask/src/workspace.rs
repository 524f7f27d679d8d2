//! Where things are in the workspace.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::{Failure, Outcome};

/// The provider's package, which is also its binary's name.
pub const PROVIDER: &str = "terraform-provider-servicenow";
/// The simulator's package, which is also its binary's name.
pub const SIMULATOR: &str = "servicenow-sim";
/// The companion's package, which is also its binary's name.
pub const COMPANION: &str = "snowdrift";

/// Which of cargo's output directories.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Profile {
    /// Quick to build.
    Debug,
    /// What users get.
    Release,
}

/// The directory that holds everything, and cargo's output directory.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// The workspace that this program was built in.
    pub fn here() -> Outcome<Workspace> {
        let manifest_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest_directory.ancestors().nth(2).map(Path::to_path_buf).ok_or_else(|| {
            Failure::new("the workspace is not where this program was built; run it through `cargo xtask`")
        })?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |it| root.join(it));
        Ok(Workspace { root, target })
    }

    /// The top directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's output directory: everything that commands write for themselves goes below it.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where cargo puts the binaries of a profile.
    pub fn binaries(&self, profile: Profile) -> PathBuf {
        self.target.join(match profile {
            Profile::Debug => "debug",
            Profile::Release => "release",
        })
    }

    /// A built binary.
    pub fn binary(&self, profile: Profile, name: &str) -> PathBuf {
        self.binaries(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The cargo that started this program, to be run at the top.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        command
    }

    /// The version all packages share.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
