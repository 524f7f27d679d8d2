//! A provider for measuring: forty types with twenty documented attributes each, which is what a large provider has.

use std::process::ExitCode;
use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Schema, Secret, model};
use tf_plugin::{Applied, Apply, Configure, HostEnvironment, Provider, ReadOutcome, Resource, State};

/// How many types there are.
const TYPES: usize = 40;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the main file is where the environment is read")]
    let read = |name: &str| std::env::var(name).ok();
    let environment = HostEnvironment::from_vars(read).with_own_log("catalogue", read);
    tf_plugin::run(Arc::new(Catalogue), &environment, "example.com/test/catalogue")
}

/// Where the catalogue is, and who asks.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Settings {
    /// The address of the service, with its scheme and without a path.
    #[tf(optional())]
    address: Attr<String>,
    /// The password of the user who signs in. It is kept in memory alone.
    #[tf(optional())]
    password: Attr<Secret>,
}

/// An entry of the catalogue, with as many attributes as a large type of a real provider has, described as they are there.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Entry {
    /// The id that the service chose when the entry was made. It never changes.
    #[tf(computed().stable())]
    id: Attr<String>,
    /// The name of the entry, which is unique among all entries of its kind. Another name makes another entry.
    #[tf(required().replaces())]
    name: Attr<String>,
    /// What a person should know of the entry before it is changed.
    #[tf(optional())]
    description: Attr<String>,
    /// Whether the entry may be used. An entry that is not active is kept, and nothing refers to it.
    #[tf(optional().default(true))]
    active: Attr<bool>,
    /// The order in which entries are tried: the smallest first.
    #[tf(optional().default(100_i64))]
    order: Attr<i64>,
    /// The address that the entry leads to, with its scheme, its port and its path.
    #[tf(optional())]
    address: Attr<String>,
    /// The name of the user who signs in there.
    #[tf(optional())]
    user_name: Attr<String>,
    /// The password of that user. It is stored by the service and never read back.
    #[tf(optional())]
    password: Attr<Secret>,
    /// How long to wait for an answer, in seconds, before the attempt counts as failed.
    #[tf(optional().default(30_i64))]
    timeout: Attr<i64>,
    /// How often an attempt is repeated before the entry counts as broken.
    #[tf(optional().default(3_i64))]
    retries: Attr<i64>,
    /// The department that pays for what the entry does.
    #[tf(optional())]
    department: Attr<String>,
    /// Words by which people find the entry.
    #[tf(optional())]
    tags: Attr<Vec<String>>,
    /// Names and values that are handed on with everything that the entry does.
    #[tf(optional())]
    labels: Attr<std::collections::BTreeMap<String, String>>,
    /// Who may use the entry, and who may change it.
    #[tf(optional())]
    rights: Attr<Rights>,
    /// The steps that the entry takes, one after the other.
    #[tf(optional())]
    steps: Attr<Vec<Step>>,
    /// When the entry was made, as the service tells.
    #[tf(computed().stable())]
    created_on: Attr<String>,
    /// Who made it.
    #[tf(computed().stable())]
    created_by: Attr<String>,
    /// When the entry was last changed, by whomever.
    #[tf(computed())]
    updated_on: Attr<String>,
    /// How often the entry was changed.
    #[tf(computed())]
    revision: Attr<i64>,
    /// What the service last said of the entry.
    #[tf(computed())]
    status: Attr<String>,
}

/// Who may do what.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Rights {
    /// The groups that may use the entry.
    #[tf(optional())]
    users: Attr<Vec<String>>,
    /// The groups that may change the entry.
    #[tf(optional())]
    owners: Attr<Vec<String>>,
}

/// One step.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Step {
    /// What is done in this step.
    #[tf(required())]
    name: Attr<String>,
    /// What the step is given.
    #[tf(optional())]
    input: Attr<String>,
    /// How long the step may take, in seconds.
    #[tf(optional().default(60_i64))]
    timeout: Attr<i64>,
}

struct Catalogue;

#[async_trait]
impl Provider for Catalogue {
    fn schema(&self) -> Schema {
        model::schema::<Settings>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        (1..=TYPES)
            .map(|it| Arc::new(Entries(format!("catalogue_entry_{it}"))) as Arc<dyn Resource>)
            .collect()
    }

    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }
}

struct Entries(String);

#[async_trait]
impl Resource for Entries {
    fn type_name(&self) -> &str {
        &self.0
    }

    fn schema(&self) -> Schema {
        model::schema::<Entry>()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        state.into()
    }

    async fn apply(&self, apply: Apply) -> Applied {
        let state = apply.planned.map(|object| State { object, private: Vec::new() });
        Applied { state, diagnostics: Diagnostics::none() }
    }
}
