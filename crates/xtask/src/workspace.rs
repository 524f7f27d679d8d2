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

/// Names the directory of programs that are built already: tests find them there, and build them themselves without it.
pub const BUILT_VARIABLE: &str = "SNOWDRIFT_BINARIES";

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
    built: Option<PathBuf>,
}

impl Workspace {
    /// The workspace that this program was built in.
    pub fn here() -> Outcome<Workspace> {
        let manifest_directory = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest_directory.ancestors().nth(2).map(Path::to_path_buf).ok_or_else(|| {
            Failure::new("the workspace is not where this program was built; run it through `cargo xtask`")
        })?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |it| root.join(it));
        let built = env::var_os(BUILT_VARIABLE).map(PathBuf::from);
        Ok(Workspace { root, target, built })
    }

    /// The top directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's output directory: everything that commands write for themselves goes below it.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Whether somebody has built the quick programs already and vouches for them.
    pub fn is_built(&self, profile: Profile) -> bool {
        profile == Profile::Debug && self.built.is_some()
    }

    /// Where the binaries of a profile are.
    pub fn binaries(&self, profile: Profile) -> PathBuf {
        match (profile, &self.built) {
            (Profile::Debug, Some(built)) => built.clone(),
            (Profile::Debug, None) => self.target.join("debug"),
            (Profile::Release, _) => self.target.join("release"),
        }
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
