//! `servicenow_inbound_secret`: a secret for somebody who calls the instance, made up anew in every run.

use std::fmt::Write;
use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, Secret, Value, check, model};
use tf_plugin::{EphemeralResource, Opened};

use crate::session::Shared;

/// Characters that a secret has when nobody says otherwise: 32 of them hold about 120 random bits.
const LENGTH: i64 = 32;

/// The shortest secret: about 80 random bits.
const LENGTH_MIN: i64 = 20;

/// The longest secret that the column of a password has room for.
const LENGTH_MAX: i64 = 100;

/// A secret for somebody who calls the instance, such as the password of an integration user: random letters and digits,
/// in no state and no plan. It is another one in every run, and that does no harm: hand it to write-only arguments beside a
/// version, on the instance and in the vault of whoever calls, and both store it in the run in which their version changes.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Attributes {
    /// How many characters it has.
    #[tf(optional().check(check::range(LENGTH_MIN, LENGTH_MAX)))]
    pub length: Attr<i64>,
    /// The secret: digits and the letters from `a` to `f`.
    #[tf(computed())]
    pub secret: Attr<Secret>,
}

/// The ephemeral resource.
pub struct InboundSecret {
    shared: Arc<Shared>,
}

impl InboundSecret {
    /// The ephemeral resource.
    pub fn new(shared: Arc<Shared>) -> InboundSecret {
        InboundSecret { shared }
    }

    fn make(&self, mut config: Object) -> Result<Object, Diagnostics> {
        let session = self.shared.session()?;
        let length = match config.get("length") {
            Some(Value::Number(number)) => number.to_i64().unwrap_or(LENGTH),
            _ => LENGTH,
        };
        let length = usize::try_from(length).unwrap_or_default();
        let mut secret = String::new();
        while secret.len() < length {
            // Ids are random and hexadecimal; a text cannot fail to take them.
            let _ = write!(secret, "{}", session.transport.new_sys_id());
        }
        secret.truncate(length);
        config.insert("secret".to_owned(), Value::string(secret));
        Ok(config)
    }
}

#[async_trait]
impl EphemeralResource for InboundSecret {
    fn type_name(&self) -> &str {
        "servicenow_inbound_secret"
    }

    fn schema(&self) -> Schema {
        model::schema::<Attributes>()
    }

    async fn open(&self, config: Object) -> Opened {
        match self.make(config) {
            Ok(result) => Opened { result: Some(result), ..Opened::default() },
            Err(diagnostics) => Opened { diagnostics, ..Opened::default() },
        }
    }
}
