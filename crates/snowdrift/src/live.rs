//! The provider in this process, signed in to one instance: what it lists, imports, reads and plans there is what the
//! plugin would, because it is the plugin's own code.

mod settings;
mod traffic;

use std::collections::BTreeMap;
use std::sync::Arc;

use servicenow_client::Transport;
pub use servicenow_client::guard::Finding as Which;
use servicenow_client::guard::{Expectation, Guarded};
use servicenow_core::ServiceError;
use terraform_provider_servicenow::provider::{Connect, over_http};
use terraform_provider_servicenow::registry;
use terraform_provider_servicenow::session::{Session, Shared};
use terraform_provider_servicenow::settings::Settings;
use terraform_provider_servicenow::subject::{Row, Subject};
use terraform_provider_servicenow::{Environment, ServiceNow};
use tf_core::plan::{Ask, plan};
use tf_core::{Diagnostic, Diagnostics, Object, Path, Schema, Severity, Value};
use tf_plugin::harness::{as_written, propose};
use tf_plugin::{Configure, Planning, Provider, ReadOutcome, Resource, State};

pub use settings::{Written, address, block};
pub use traffic::Traffic;

use crate::commands::Variables;
use crate::declared::Schemas;

/// The schema of every resource type.
pub fn schemas() -> Schemas {
    let shared = Arc::new(Shared::default());
    registry::resources(&shared).iter().map(|it| (it.type_name().to_owned(), it.schema())).collect()
}

/// The provider, signed in to one instance.
pub struct Live {
    /// What the instance is called: by `snowdrift.toml`, else its host.
    pub name: String,
    /// Its address, without user and password.
    pub url: String,
    /// The user that signs in, where that is a user.
    pub user: Option<String>,
    /// What the provider knows of the instance: its client above all.
    pub session: Arc<Session>,
    /// What was said when it signed in.
    pub warnings: Diagnostics,
    /// The requests that were sent so far.
    pub traffic: Arc<Traffic>,
    /// What the instance has to call itself, where somebody says so. Nothing was refused for it: see [`Live::which`].
    pub expected: Option<Expectation>,
    provider: Arc<ServiceNow>,
    resources: BTreeMap<String, Arc<dyn Resource>>,
    subjects: BTreeMap<String, Subject>,
    schemas: Schemas,
}

/// What would become of an object.
#[derive(Debug)]
pub struct Planned {
    /// The planned state; unknown where the provider decides.
    pub object: Object,
    /// Attributes whose change needs a replacement.
    pub replaces: Vec<Path>,
    /// What the plan says.
    pub said: Diagnostics,
}

/// Why there is no work on an instance: the provider's own messages, an error among them.
#[derive(Clone, Debug)]
pub struct Refused(pub Diagnostics);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let errors = self.0.0.iter().filter(|it| it.severity == Severity::Error);
        let texts: Vec<String> = errors.map(|it| format!("{}: {}", it.summary, it.detail)).collect();
        f.write_str(&texts.join("\n"))
    }
}

impl std::error::Error for Refused {}

impl Live {
    /// Signs in over HTTP. `block` is the provider block; what it leaves out comes from the environment.
    ///
    /// # Errors
    /// A setting is wrong or missing, or the instance does not let the user in.
    pub async fn connect(name: Option<&str>, block: Object, variables: &Variables) -> Result<Live, Refused> {
        Live::over(name, block, variables, Arc::new(over_http)).await
    }

    /// Signs in over another transport, such as a simulated instance in the same process.
    ///
    /// # Errors
    /// A setting is wrong or missing, or the instance does not let the user in.
    pub async fn over(
        name: Option<&str>,
        mut block: Object,
        variables: &Variables,
        connect: Connect,
    ) -> Result<Live, Refused> {
        let traffic = Arc::new(Traffic::default());
        let counted = traffic.clone();
        let connect = move |settings: &Settings| -> Arc<dyn Transport> {
            let settings = Settings { user_agent: user_agent(), ..settings.clone() };
            counted.count(connect(&settings))
        };
        // Nothing is written here, so that another instance than the expected one is a finding and no error.
        let expected = settings::expected(&mut block, variables);
        let read =
            |name: &str| variables.get(name).filter(|_| !name.starts_with(settings::EXPECTED)).cloned();
        let environment = Environment::from_variables(read);
        let provider = Arc::new(ServiceNow::over(environment, Arc::new(connect)));
        let user = settings::user(&block, variables);
        let config = Configure { terraform_version: String::new(), config: block };
        let mut problems = tf_core::check::run(&provider.schema(), &config.config);
        problems.extend(provider.validate(&config.config));
        if !problems.has_errors() {
            problems.extend(provider.configure(config).await);
        }
        match provider.session().filter(|_| !problems.has_errors()) {
            Some(session) => {
                // The warnings of its plans are shown to nobody.
                session.foreseen.leave_out();
                let live = Live::of(name, session, provider, traffic, problems);
                Ok(Live { user, expected, ..live })
            }
            None => Err(Refused(or_undecided(problems))),
        }
    }

    fn of(
        name: Option<&str>,
        session: Arc<Session>,
        provider: Arc<ServiceNow>,
        traffic: Arc<Traffic>,
        warnings: Diagnostics,
    ) -> Live {
        let url = session.instance.trim_end_matches('/').to_owned();
        let host = url.split_once("://").map_or(url.as_str(), |it| it.1);
        let name = name.unwrap_or(host).to_owned();
        let resources = provider.resources().into_iter().map(|it| (it.type_name().to_owned(), it)).collect();
        let subjects = provider.subjects().into_iter().map(|it| (it.type_name.to_owned(), it)).collect();
        let schemas = schemas();
        let (user, expected) = (None, None);
        Live { name, url, user, session, warnings, traffic, expected, provider, resources, subjects, schemas }
    }

    /// Which instance it is, held against what is expected; nothing if nothing is.
    ///
    /// # Errors
    /// The instance does not answer.
    pub async fn which(&self) -> Result<Option<Which>, ServiceError> {
        let Some(expected) = &self.expected else { return Ok(None) };
        Guarded::over(self.session.transport.clone(), expected.clone()).look().await.map(Some)
    }

    /// The schema of every resource type.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// The schema of a resource type.
    pub fn schema(&self, type_name: &str) -> Option<&Schema> {
        self.schemas.get(type_name)
    }

    /// A type whose objects can be looked up. `None` for what stands for no record.
    pub fn subject(&self, type_name: &str) -> Option<&Subject> {
        self.subjects.get(type_name)
    }

    /// Every type whose objects can be looked up, by name.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.subjects.values()
    }

    /// The objects of a type that meet conditions, whole, with how people know each. The conditions are attributes of the
    /// type's list resource, `query` among them; none: all objects.
    ///
    /// # Errors
    /// The type has no list, a condition is not one of it, or a request failed.
    pub async fn list(
        &self,
        type_name: &str,
        conditions: &Object,
    ) -> Result<Vec<(Row, Object)>, Diagnostics> {
        let subject = self.subject(type_name).ok_or_else(|| unknown(type_name))?;
        let rows = self.rows(type_name, conditions).await?;
        subject.read_all(&rows).await.map(|it| it.0)
    }

    /// The same without reading them: ids, and how people know each.
    ///
    /// # Errors
    /// As [`Live::list`].
    pub async fn rows(&self, type_name: &str, conditions: &Object) -> Result<Vec<Row>, Diagnostics> {
        let subject = self.subject(type_name).ok_or_else(|| unknown(type_name))?;
        let conditions = subject.conditions(&self.session, conditions)?;
        let mut search = subject.search(&self.session, &conditions, None)?;
        let mut found = Vec::new();
        while let Some(rows) = search.next().await? {
            let exact = rows.iter().filter(|it| conditions.are_exact(it));
            found.extend(exact.filter_map(|it| subject.row(it)));
        }
        Ok(found)
    }

    /// What an import of that id comes to: the state before it is read.
    ///
    /// # Errors
    /// Nothing or several objects have that id or name, or the type cannot be imported.
    pub async fn import(&self, type_name: &str, id: &str) -> Result<State, Diagnostics> {
        let resource = self.resource(type_name)?;
        let import = resource.import().ok_or_else(|| unknown(type_name))?;
        import.by_id(id).await
    }

    /// The live state of what a state knows, as a refresh reads it.
    pub async fn read(&self, type_name: &str, state: State) -> ReadOutcome {
        match self.resource(type_name) {
            Ok(resource) => resource.read(state).await,
            Err(problems) => problems.into(),
        }
    }

    /// What a plan would make of an object with that configuration; `prior` is what is live.
    pub async fn plan(&self, type_name: &str, prior: Option<&State>, config: &Object) -> Planned {
        let resource = match self.resource(type_name) {
            Ok(resource) => resource,
            Err(said) => return Planned { object: Object::new(), replaces: Vec::new(), said },
        };
        let Some(schema) = self.schema(type_name) else {
            return Planned { object: Object::new(), replaces: Vec::new(), said: unknown(type_name) };
        };
        let before = prior.map(|it| &it.object);
        let proposed = propose(&schema.block, before, config);
        let plan = plan(schema, Ask { prior: before, config, proposed: &proposed });
        let private = prior.map(|it| it.private.clone()).unwrap_or_default();
        let mut planning = Planning { private, ..Planning::new(before, config, plan) };
        let said = resource.adjust(&mut planning).await;
        Planned { object: planning.plan.planned, replaces: planning.plan.requires_replace, said }
    }

    /// How a person would write an object that exists: without what the provider decides and what goes without saying. What
    /// is left out is null.
    pub fn as_written(&self, type_name: &str, object: &Object) -> Object {
        match (self.resource(type_name), self.schema(type_name)) {
            (Ok(resource), Some(schema)) => as_written(resource.as_ref(), schema, object),
            _ => Object::new(),
        }
    }

    /// What is wrong with a configuration, as far as that can be told without an instance.
    pub fn validate(&self, type_name: &str, config: &Object) -> Diagnostics {
        match (self.resource(type_name), self.schema(type_name)) {
            (Ok(resource), Some(schema)) => {
                let mut problems = tf_core::check::run(schema, config);
                problems.extend(resource.validate(config));
                problems
            }
            (problems, _) => problems.err().unwrap_or_default(),
        }
    }

    /// Forgets what was planned so far, before a plan that has nothing to do with it.
    pub fn plan_anew(&self) {
        self.provider.plan_anew();
    }

    fn resource(&self, type_name: &str) -> Result<&Arc<dyn Resource>, Diagnostics> {
        self.resources.get(type_name).ok_or_else(|| unknown(type_name))
    }
}

/// Who calls, for the instance's log.
fn user_agent() -> String {
    format!("snowdrift/{}", env!("CARGO_PKG_VERSION"))
}

fn unknown(type_name: &str) -> Diagnostics {
    let detail = format!(
        "This snowdrift does not know how to do that with `{type_name}`. Nothing was asked of the instance. Use the \
         snowdrift of the same release as the provider."
    );
    Diagnostic::error("Unknown resource type", detail).into()
}

/// Without a session and without an error the settings were not decided, which a host would come back for.
fn or_undecided(problems: Diagnostics) -> Diagnostics {
    if problems.has_errors() {
        return problems;
    }
    let detail = "A setting of the provider is known only after an apply. Nothing was asked of the instance. Give the \
        address and the sign-in in `snowdrift.toml` or in the environment.";
    Diagnostic::error("The provider is not configured", detail).into()
}

/// A provider block that leaves everything out.
pub fn empty_block() -> Object {
    let schema = tf_core::model::schema::<terraform_provider_servicenow::settings::ProviderBlock>();
    schema.block.attributes.into_iter().map(|it| (it.name, Value::Null)).collect()
}

#[cfg(test)]
pub mod simulated;
#[cfg(test)]
mod tests;
