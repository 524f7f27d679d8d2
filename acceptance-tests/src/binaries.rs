//! Finds the built programs, and builds them when nobody else has.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Set by `cargo xtask test`: the directory of the built programs.
const VARIABLE: &str = "SNOWDRIFT_BINARIES";

/// The directory of the built programs.
#[derive(Clone, Debug)]
pub struct Binaries(PathBuf);

impl Binaries {
    /// The programs that the tests are about; built now, unless the variable says where they are.
    pub fn built() -> &'static Binaries {
        static FOUND: OnceLock<Binaries> = OnceLock::new();
        FOUND.get_or_init(|| match env::var_os(VARIABLE) {
            Some(directory) => Binaries(PathBuf::from(directory)),
            None => Binaries(build()),
        })
    }

    /// The programs in this directory.
    pub fn at(directory: &Path) -> Binaries {
        Binaries(directory.to_path_buf())
    }

    /// The directory itself, which serves Terraform as a place to take the provider from.
    pub fn directory(&self) -> &Path {
        &self.0
    }

    /// The simulated instance.
    pub fn simulator(&self) -> PathBuf {
        self.named("servicenow-sim")
    }

    /// The provider.
    pub fn provider(&self) -> PathBuf {
        self.named("terraform-provider-servicenow")
    }

    /// The companion command.
    pub fn snowdrift(&self) -> PathBuf {
        self.named("snowdrift")
    }

    /// The project's own commands.
    pub fn xtask(&self) -> PathBuf {
        self.named("xtask")
    }

    /// An example provider of the framework.
    pub fn example(&self, name: &str) -> PathBuf {
        self.0.join("examples").join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    fn named(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }
}

/// The top directory of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a package lies below the workspace")
}

fn build() -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .current_dir(root())
        .args(["build", "--quiet", "--workspace", "--bins", "--examples"])
        .status()
        .expect("cargo can be run");
    assert!(built.success(), "the programs under test could not be built");
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |it| root().join(it)).join("debug")
}
