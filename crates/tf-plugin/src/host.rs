//! Which hosts know what: Terraform and OpenTofu by the version in which a feature appeared.

/// A feature that not every host has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Functions of providers.
    Functions,
    /// `moved` between types.
    Moves,
    /// Telling the host to come back later.
    Deferral,
    /// Ephemeral resources.
    Ephemeral,
    /// Write-only attributes.
    WriteOnly,
    /// Identities of resources, and imports by them.
    Identity,
    /// Lists: `terraform query`.
    Lists,
    /// Actions.
    Actions,
    /// Configuration that the provider writes.
    GeneratedConfig,
    /// Private bytes that go from the first plan to the second one.
    PlannedPrivate,
    /// Blocks that the provider decides on where the user wrote none.
    ComputedBlocks,
}

/// A version of a host, major and minor.
pub type HostVersion = (u64, u64);

impl Feature {
    /// Every feature.
    pub const ALL: [Feature; 11] = [
        Feature::Functions,
        Feature::Moves,
        Feature::Deferral,
        Feature::Ephemeral,
        Feature::WriteOnly,
        Feature::Identity,
        Feature::Lists,
        Feature::Actions,
        Feature::GeneratedConfig,
        Feature::PlannedPrivate,
        Feature::ComputedBlocks,
    ];

    /// What it is called in messages.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Functions => "functions of providers",
            Feature::Moves => "`moved` between types",
            Feature::Deferral => "deferral",
            Feature::Ephemeral => "ephemeral resources",
            Feature::WriteOnly => "write-only attributes",
            Feature::Identity => "identities of resources",
            Feature::Lists => "lists",
            Feature::Actions => "actions",
            Feature::GeneratedConfig => "configuration that the provider writes",
            Feature::PlannedPrivate => "private bytes from plan to plan",
            Feature::ComputedBlocks => "computed blocks",
        }
    }

    /// The first Terraform that has it.
    pub fn since_terraform(self) -> HostVersion {
        match self {
            Feature::Functions | Feature::Moves => (1, 8),
            Feature::Deferral => (1, 9),
            Feature::Ephemeral => (1, 10),
            Feature::WriteOnly => (1, 11),
            Feature::Identity => (1, 12),
            Feature::Lists | Feature::Actions | Feature::GeneratedConfig => (1, 14),
            Feature::PlannedPrivate | Feature::ComputedBlocks => (1, 16),
        }
    }

    /// The first OpenTofu that has it, if any has.
    pub fn since_opentofu(self) -> Option<HostVersion> {
        match self {
            Feature::Functions => Some((1, 7)),
            Feature::Moves => Some((1, 10)),
            Feature::Ephemeral | Feature::WriteOnly => Some((1, 11)),
            Feature::Identity => Some((1, 12)),
            Feature::Deferral
            | Feature::Lists
            | Feature::Actions
            | Feature::GeneratedConfig
            | Feature::PlannedPrivate
            | Feature::ComputedBlocks => None,
        }
    }

    /// As in "Terraform 1.11 or later".
    pub fn terraform(self) -> String {
        let (major, minor) = self.since_terraform();
        format!("Terraform {major}.{minor} or later")
    }

    /// As in "Terraform 1.11 or later (OpenTofu 1.11 or later)".
    pub fn hosts(self) -> String {
        match self.since_opentofu() {
            Some((major, minor)) => format!("{} (OpenTofu {major}.{minor} or later)", self.terraform()),
            None => self.terraform(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_versions_of_both_hosts() {
        let rows = [
            (Feature::WriteOnly, "Terraform 1.11 or later (OpenTofu 1.11 or later)"),
            (Feature::Functions, "Terraform 1.8 or later (OpenTofu 1.7 or later)"),
            (Feature::Moves, "Terraform 1.8 or later (OpenTofu 1.10 or later)"),
            (Feature::Ephemeral, "Terraform 1.10 or later (OpenTofu 1.11 or later)"),
            (Feature::Identity, "Terraform 1.12 or later (OpenTofu 1.12 or later)"),
            (Feature::Lists, "Terraform 1.14 or later"),
            (Feature::Actions, "Terraform 1.14 or later"),
        ];
        for (feature, text) in rows {
            assert_eq!(feature.hosts(), text);
        }
        let names: std::collections::BTreeSet<_> = Feature::ALL.map(Feature::name).into();
        assert_eq!(names.len(), Feature::ALL.len());
    }
}
