//! `everything_ticket`: an ephemeral resource that is renewed and given back.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, Secret, Value, model};
use tf_plugin::{Close, EphemeralResource, Opened, Renew, Renewed};

use crate::text;

/// How long a ticket is good for.
const GOOD_FOR: Duration = Duration::from_secs(60);

/// A ticket for one run.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Attributes {
    /// Where it leads.
    #[tf(required())]
    destination: Attr<String>,
    /// What is shown at the door.
    #[tf(computed())]
    code: Attr<Secret>,
}

pub struct Ticket;

#[async_trait]
impl EphemeralResource for Ticket {
    fn type_name(&self) -> &str {
        "everything_ticket"
    }

    fn schema(&self) -> Schema {
        model::schema::<Attributes>()
    }

    async fn open(&self, config: Object) -> Opened {
        let destination = text(&config, "destination").to_owned();
        let mut result = config;
        result.insert("code".to_owned(), Value::string(format!("ticket to {destination}")));
        Opened {
            result: Some(result),
            private: destination.into_bytes(),
            renew_at: Some(soon()),
            ..Opened::default()
        }
    }

    fn renew(&self) -> Option<&dyn Renew> {
        Some(self)
    }

    fn close(&self) -> Option<&dyn Close> {
        Some(self)
    }
}

#[async_trait]
impl Renew for Ticket {
    async fn renew_opened(&self, private: Vec<u8>) -> Renewed {
        tracing::info!("renewed");
        Renewed { private, renew_at: Some(soon()), diagnostics: Diagnostics::none() }
    }
}

#[async_trait]
impl Close for Ticket {
    async fn close_opened(&self, private: Vec<u8>) -> Diagnostics {
        tracing::info!(bytes = private.len(), "closed");
        Diagnostics::none()
    }
}

#[expect(clippy::disallowed_methods, reason = "a ticket runs out at a time of day")]
fn soon() -> SystemTime {
    SystemTime::now() + GOOD_FOR
}
