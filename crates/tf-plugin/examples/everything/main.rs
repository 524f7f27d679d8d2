//! A provider for tests with one of everything that the protocol knows. Nothing exists outside of Terraform's state; some
//! names make it misbehave.

mod bell;
mod functions;
mod lookup;
mod making;
mod search;
mod shelf;
mod thing;
mod thing_abilities;
mod thing_schema;
mod ticket;

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, model};
use tf_plugin::{
    Action, Configure, DataSource, Deferral, EphemeralResource, Function, HostEnvironment, ListResource,
    Provider, Resource,
};

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the main file is where the environment is read")]
    let read = |name: &str| std::env::var(name).ok();
    let environment = HostEnvironment::from_vars(read).with_own_log("everything", read);
    tf_plugin::run(Arc::new(Everything::default()), &environment, "example.com/test/everything")
}

/// One of everything, for trying things out.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Settings {
    /// How things are greeted. As long as it is not known, hosts that can come back later are asked to.
    #[tf(optional())]
    greeting: Attr<String>,
}

#[derive(Default)]
struct Everything {
    greeting: Mutex<Attr<String>>,
}

#[async_trait]
impl Provider for Everything {
    fn schema(&self) -> Schema {
        model::schema::<Settings>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(thing::Thing), Arc::new(shelf::Shelf)]
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        vec![Arc::new(lookup::Lookup)]
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        functions::all()
    }

    fn ephemeral_resources(&self) -> Vec<Arc<dyn EphemeralResource>> {
        vec![Arc::new(ticket::Ticket)]
    }

    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        vec![Arc::new(search::Search)]
    }

    fn actions(&self) -> Vec<Arc<dyn Action>> {
        vec![Arc::new(bell::Bell)]
    }

    async fn configure(&self, request: Configure) -> Diagnostics {
        let greeting = Settings::from_object(&request.config).map(|it| it.greeting).unwrap_or_default();
        *self.greeting.lock().unwrap_or_else(PoisonError::into_inner) = greeting;
        Diagnostics::none()
    }

    fn deferral(&self) -> Option<Deferral> {
        let greeting = self.greeting.lock().unwrap_or_else(PoisonError::into_inner);
        (*greeting == Attr::Unknown).then_some(Deferral::SettingsUnknown)
    }
}

/// The text of an attribute, empty when there is none.
fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(tf_core::Value::as_str).unwrap_or_default()
}
