//! Writes a filesystem mirror that Terraform installs the provider from.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::build;
use crate::failure::{Outcome, with_path};
use crate::workspace::{PROVIDER, Profile, Workspace};

/// The provider's address in Terraform's registry of providers.
pub const ADDRESS: &str = "registry.terraform.io/snowdrift/servicenow";

/// Builds the provider as users get it, writes the mirror, and prints the path of the settings as the last line.
pub fn write_release(workspace: &Workspace, directory: &Path) -> Outcome<()> {
    build::binaries(workspace, Profile::Release, &[PROVIDER])?;
    let settings = write(workspace, Profile::Release, directory)?;
    println!("Wrote a mirror with version {} of the provider. Use it with", workspace.version());
    println!("    export TF_CLI_CONFIG_FILE={}", settings.display());
    println!("{}", settings.display());
    Ok(())
}

/// Writes the mirror with a built provider and gives the path of its settings.
pub fn write(workspace: &Workspace, profile: Profile, directory: &Path) -> Outcome<PathBuf> {
    with_path(fs::create_dir_all(directory), "create", directory)?;
    let directory = with_path(fs::canonicalize(directory), "find", directory)?;
    let version = workspace.version();
    let folder = directory.join(ADDRESS).join(version).join(platform());
    with_path(fs::create_dir_all(&folder), "create", &folder)?;
    let binary = folder.join(format!("{PROVIDER}_v{version}{}", env::consts::EXE_SUFFIX));
    // A running provider's file cannot be written to; a new file beside it can take its name.
    let copy = folder.join(".new");
    with_path(fs::copy(workspace.binary(profile, PROVIDER), &copy), "copy the provider to", &copy)?;
    with_path(fs::rename(&copy, &binary), "write", &binary)?;
    let settings = directory.join("terraform.rc");
    with_path(fs::write(&settings, settings_text(&directory)), "write", &settings)?;
    Ok(settings)
}

/// Only our provider comes from the mirror.
fn settings_text(directory: &Path) -> String {
    let path = directory.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r#"provider_installation {{
  filesystem_mirror {{
    path    = "{path}"
    include = ["{ADDRESS}"]
  }}
  direct {{
    exclude = ["{ADDRESS}"]
  }}
}}
disable_checkpoint = true
"#
    )
}

/// This machine in Terraform's words.
fn platform() -> String {
    let system = match env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let processor = match env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    };
    format!("{system}_{processor}")
}

#[cfg(test)]
mod tests;
