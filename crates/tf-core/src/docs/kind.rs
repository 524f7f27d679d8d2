//! What a page is about.

/// What a page is about, which decides where the registry looks for it and what users need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The provider and its settings.
    Provider,
    /// A managed resource type.
    #[default]
    Resource,
    /// A data source.
    DataSource,
    /// An ephemeral resource type.
    EphemeralResource,
    /// A list resource type.
    ListResource,
    /// An action.
    Action,
    /// A function.
    Function,
}

impl Kind {
    /// The path of the page below the top of a repository. The name is without the prefix of the provider.
    pub fn path(self, name: &str) -> String {
        let folder = match self {
            Kind::Provider => return "docs/index.md".to_owned(),
            Kind::Resource => "resources",
            Kind::DataSource => "data-sources",
            Kind::EphemeralResource => "ephemeral-resources",
            Kind::ListResource => "list-resources",
            Kind::Action => "actions",
            Kind::Function => "functions",
        };
        format!("docs/{folder}/{name}.md")
    }

    /// What users need beyond any Terraform that runs the provider at all.
    pub(super) fn needs(self) -> Option<&'static str> {
        match self {
            Kind::Provider | Kind::Resource | Kind::DataSource => None,
            Kind::Function => Some("Needs Terraform 1.8 or later."),
            Kind::EphemeralResource => Some(
                "Needs Terraform 1.10 or later. The result is in no state and no plan; it can be used where Terraform \
                 expects ephemeral values.",
            ),
            Kind::ListResource => Some(
                "Needs Terraform 1.14 or later: `terraform query` reads `list` blocks from files that end in \
                 `.tfquery.hcl`. The attributes below belong into the `config` block.",
            ),
            Kind::Action => Some(
                "Needs Terraform 1.14 or later. The attributes below belong into the `config` block of an `action`.",
            ),
        }
    }
}
