//! The provider itself: its settings and its list of resources.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use servicenow_client::{Authenticator, HttpSettings, HttpTransport, Signed, Transport};
use servicenow_core::{Query, TableName};
use tf_core::{Diagnostics, Object, Schema, model};
use tf_plugin::{Configure, Provider, Resource};

use crate::session::{Session, Shared};
use crate::settings::{self, Environment, Outcome, ProviderBlock, Settings};
use crate::{errors, registry, tables};

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
        let connect = |settings: &Settings| -> Arc<dyn Transport> {
            let http = HttpSettings {
                user_agent: format!("terraform-provider-servicenow/{}", crate::VERSION),
                ..HttpSettings::new(settings.url.clone())
            };
            let who = Authenticator::basic(settings.username.clone(), settings.password.expose().to_owned());
            Arc::new(Signed::over(Arc::new(HttpTransport::new(http)), who, Arc::new(seconds_since_1970)))
        };
        ServiceNow::over(environment, Arc::new(connect))
    }

    /// A provider over another transport, such as a simulated instance in the same process.
    pub fn over(environment: Environment, connect: Connect) -> ServiceNow {
        ServiceNow { environment, connect, shared: Arc::default() }
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

    fn validate(&self, config: &Object) -> Diagnostics {
        settings::validate(config)
    }

    async fn configure(&self, request: Configure) -> Diagnostics {
        self.shared.put(None);
        let settings = match settings::resolve(&request.config, &self.environment) {
            Outcome::Ready(settings) => settings,
            Outcome::NotYet => return Diagnostics::none(),
            Outcome::Wrong(problems) => return problems,
        };
        let session = Arc::new(Session::new(&settings, (self.connect)(&settings)));
        match sign_in(&session).await {
            Ok(()) => {
                self.shared.put(Some(session));
                Diagnostics::none()
            }
            Err(problems) => problems,
        }
    }

    fn stop(&self) {
        if let Some(session) = self.shared.get() {
            session.client.stop();
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the edge where the time of day comes from, for assertions alone"
)]
fn seconds_since_1970() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs())
}

/// One cheap request, so that a wrong address or password is one message before anything happened, and not one for
/// every resource.
async fn sign_in(session: &Session) -> Result<(), Diagnostics> {
    let table: TableName = tables::table("sys_user")?;
    let query = Query::new()
        .equals("user_name", &session.username)
        .map_err(|error| errors::bad_user_name(&session.username, &error.to_string()))?;
    match session.client.list(&table, &query, &["user_name"]).await {
        Ok(_) => Ok(()),
        Err(error) => {
            Err(session.redacted(errors::sign_in(&session.instance, &session.username, &error).into(), &[]))
        }
    }
}
