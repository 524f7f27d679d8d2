//! The host that a client gives itself out for: what it says, what it can do, and where OpenTofu differs from Terraform.

use crate::host::Feature;
use crate::proto::tfplugin6::ClientCapabilities;

/// The first Terraform and the first OpenTofu that say what they can do.
const SAYS_SO_TERRAFORM: u64 = 9;
const SAYS_SO_OPENTOFU: u64 = 10;

/// The only OpenTofu that says that it comes back later.
const DEFERS_OPENTOFU: u64 = 11;

/// From this version on OpenTofu gives itself out for a Terraform.
const POSES_OPENTOFU: u64 = 12;

/// For which Terraform it does.
const POSES_AS: &str = "1.13.0";

/// A host to imitate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host {
    program: Program,
    minor: u64,
    defers: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    Terraform,
    OpenTofu,
}

impl Default for Host {
    /// A recent Terraform.
    fn default() -> Host {
        Host::terraform(15)
    }
}

impl Host {
    /// Terraform 1, by its minor version.
    pub fn terraform(minor: u64) -> Host {
        Host { program: Program::Terraform, minor, defers: false }
    }

    /// OpenTofu 1, by its minor version.
    pub fn opentofu(minor: u64) -> Host {
        Host { program: Program::OpenTofu, minor, defers: minor == DEFERS_OPENTOFU }
    }

    /// One that was told to come back to what cannot be done yet.
    #[must_use]
    pub fn deferring(self) -> Host {
        Host { defers: true, ..self }
    }

    /// As in "Terraform 1.15".
    pub fn name(self) -> String {
        let program = match self.program {
            Program::Terraform => "Terraform",
            Program::OpenTofu => "OpenTofu",
        };
        format!("{program} 1.{}", self.minor)
    }

    /// Whether users of it can reach the feature at all.
    pub fn knows(self, feature: Feature) -> bool {
        let since = match self.program {
            Program::Terraform => Some(feature.since_terraform()),
            Program::OpenTofu => feature.since_opentofu(),
        };
        since.is_some_and(|since| (1, self.minor) >= since)
    }

    /// Whether it is an OpenTofu.
    pub fn is_opentofu(self) -> bool {
        self.program == Program::OpenTofu
    }

    /// The version that it tells a provider.
    pub(super) fn version(self) -> String {
        if self.is_opentofu() && self.minor >= POSES_OPENTOFU {
            return POSES_AS.to_owned();
        }
        format!("1.{}.0", self.minor)
    }

    /// What it says it can do. Old hosts say nothing.
    pub(super) fn capabilities(self) -> Option<ClientCapabilities> {
        let terraform = self.program == Program::Terraform;
        let since = if terraform { SAYS_SO_TERRAFORM } else { SAYS_SO_OPENTOFU };
        (self.minor >= since).then(|| ClientCapabilities {
            deferral_allowed: self.defers,
            write_only_attributes_allowed: self.knows(Feature::WriteOnly),
            store_planned_private: self.knows(Feature::PlannedPrivate),
            computed_blocks_allowed: self.knows(Feature::ComputedBlocks),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_says_what_real_ones_say() {
        // Host, version, whether it says anything, comes back, knows write-only attributes.
        let rows = [
            (Host::terraform(8), "1.8.0", None),
            (Host::terraform(10), "1.10.0", Some((false, false))),
            (Host::terraform(15), "1.15.0", Some((false, true))),
            (Host::terraform(15).deferring(), "1.15.0", Some((true, true))),
            (Host::opentofu(9), "1.9.0", None),
            (Host::opentofu(11), "1.11.0", Some((true, true))),
            (Host::opentofu(12), "1.13.0", Some((false, true))),
        ];
        for (host, version, says) in rows {
            let said = host.capabilities().map(|it| (it.deferral_allowed, it.write_only_attributes_allowed));
            assert_eq!((host.version().as_str(), said), (version, says), "{}", host.name());
        }
    }

    #[test]
    fn opentofu_knows_no_lists_and_no_actions() {
        for feature in [Feature::Lists, Feature::Actions, Feature::GeneratedConfig] {
            assert!(!Host::opentofu(12).knows(feature) && Host::terraform(14).knows(feature));
        }
        assert!(Host::opentofu(7).knows(Feature::Functions) && !Host::terraform(7).knows(Feature::Functions));
    }
}
