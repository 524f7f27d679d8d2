//! The provider itself: its settings and its list of resources.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use servicenow_client::guard::Guarded;
use servicenow_client::{HttpSettings, HttpTransport, Signed, Transport};
use tf_core::{Diagnostics, Object, Schema, model};
use tf_plugin::{
    Action, Configure, DataSource, EphemeralResource, Function, ListResource, Provider, Resource,
};

use crate::outside::Outside;
use crate::session::{Session, Shared};
use crate::settings::{self, Environment, Outcome, ProviderBlock, Settings};
use crate::subject::Subject;
use crate::{actions, data_sources, ephemerals, functions, lists, registry, sign_in};

/// How a session reaches its instance.
pub type Connect = Arc<dyn Fn(&Settings) -> Arc<dyn Transport> + Send + Sync>;

/// The provider for ServiceNow.
pub struct ServiceNow {
    environment: Environment,
    connect: Connect,
    shared: Arc<Shared>,
}

impl ServiceNow {
    /// A provider that talks HTTP.
    pub fn new(environment: Environment) -> ServiceNow {
        ServiceNow::over(environment, Arc::new(over_http))
    }

    /// A provider over another transport, such as a simulated instance in the same process.
    pub fn over(environment: Environment, connect: Connect) -> ServiceNow {
        ServiceNow { environment, connect, shared: Arc::default() }
    }

    /// The same provider in another world: another clock, and another way to the systems that the instance talks to.
    #[must_use]
    pub fn within(self, outside: Outside) -> ServiceNow {
        ServiceNow { shared: Arc::new(Shared::within(outside)), ..self }
    }

    /// What was configured last, for programs that ask more than a host does.
    pub fn session(&self) -> Option<Arc<Session>> {
        self.shared.get()
    }

    /// Every type that is managed, as something that can be looked up.
    pub fn subjects(&self) -> Vec<Subject> {
        registry::managed(&self.shared)
    }

    /// Forgets what was planned so far, as each `configure` does: for a host that makes several plans in a row.
    pub fn plan_anew(&self) {
        if let Some(session) = self.shared.get() {
            session.claims.clear();
            session.foreseen.clear();
        }
    }
}

#[async_trait]
impl Provider for ServiceNow {
    fn schema(&self) -> Schema {
        model::schema::<ProviderBlock>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        registry::resources(&self.shared)
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        data_sources::all(&self.shared).into_iter().map(|listed| listed.it).collect()
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        functions::all()
    }

    fn ephemeral_resources(&self) -> Vec<Arc<dyn EphemeralResource>> {
        ephemerals::all(&self.shared).into_iter().map(|listed| listed.it).collect()
    }

    fn actions(&self) -> Vec<Arc<dyn Action>> {
        actions::all(&self.shared).into_iter().map(|listed| listed.it).collect()
    }

    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        lists::all(&self.shared).into_iter().map(|listed| listed.it).collect()
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        settings::validate(config)
    }

    async fn configure(&self, request: Configure) -> Diagnostics {
        self.shared.put(None);
        let mut settings = match settings::resolve(&request.config, &self.environment) {
            Outcome::Ready(settings) => settings,
            Outcome::NotYet(unknown) => {
                self.shared.wait_for(unknown);
                return Diagnostics::none();
            }
            Outcome::Wrong(problems) => return problems,
        };
        settings.user_agent = user_agent(&request.terraform_version);
        settings.material = match settings.certificates.read().await {
            Ok(material) => material,
            Err(problem) => return problem.into(),
        };
        let transport = (self.connect)(&settings);
        let guard = settings.expectation.clone().map(|it| Arc::new(Guarded::over(transport.clone(), it)));
        let transport = guard.clone().map_or(transport, |it| it as Arc<dyn Transport>);
        let session = Arc::new(Session::new(&settings, transport));
        let problems = sign_in::check(&session, &settings, guard.as_deref()).await;
        if !problems.has_errors() {
            self.shared.put(Some(session));
        }
        problems
    }

    fn stop(&self) {
        if let Some(session) = self.shared.get() {
            session.client.stop();
        }
    }
}

/// The way to an instance as the settings describe it: HTTP, signed in.
pub fn over_http(settings: &Settings) -> Arc<dyn Transport> {
    let usual = HttpSettings::new(settings.url.clone());
    let http = HttpTransport::new(HttpSettings {
        user_agent: settings.user_agent.clone(),
        request_timeout: settings.request_timeout.unwrap_or(usual.request_timeout),
        authorities: settings.material.authorities.clone(),
        client_certificate: settings.material.client_certificate.clone(),
        proxy: settings.proxy.clone(),
        headers: settings.headers.clone(),
        ..usual
    });
    let who = settings.authenticator.clone();
    Arc::new(Signed::over(Arc::new(http), who, Arc::new(seconds_since_1970)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge where the time of day comes from, for assertions alone"
)]
fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}

/// Who calls, for the instance's log: this provider and the Terraform that runs it, both with their versions.
fn user_agent(terraform_version: &str) -> String {
    let version: String = terraform_version.chars().filter(char::is_ascii_graphic).collect();
    format!("terraform-provider-servicenow/{} Terraform/{version}", crate::VERSION)
}
