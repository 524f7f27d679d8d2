//! `servicenow_oauth_token`: a token of the instance, for one run.

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::token::{self, Application, Grant};
use servicenow_core::{Kind, Secret as Hidden, ServiceError};
use tf_core::{Attr, Diagnostics, Model, Object, Schema, Secret, Value, check, model};
use tf_plugin::{EphemeralResource, Opened};

use crate::errors::{self, Doing};
use crate::session::{Session, Shared};
use crate::timeouts;

/// A token of the instance for another system or another provider, for the length of one run. It is in no state and no
/// plan. An instance hands out the token that it has as long as that is valid, so that two runs may get the same one.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct OauthToken {
    /// The client id of the application in the instance's registry.
    #[tf(required())]
    pub client_id: Attr<String>,
    /// The client secret of the application; a public one has none.
    #[tf(optional())]
    pub client_secret: Attr<Secret>,
    /// What entitles to the token: `client_credentials`, which is used when nothing is given, `password` or
    /// `refresh_token`.
    #[tf(optional().check(check::one_of(&["client_credentials", "password", "refresh_token"])))]
    pub grant_type: Attr<String>,
    /// Who the token acts as, with the grant `password`.
    #[tf(optional())]
    pub username: Attr<String>,
    /// The password of that user.
    #[tf(optional())]
    pub password: Attr<Secret>,
    /// A refresh token that was issued earlier, with the grant `refresh_token`.
    #[tf(optional())]
    pub refresh_token: Attr<Secret>,
    /// What the token may be used for; without it the instance decides.
    #[tf(optional())]
    pub scope: Attr<String>,
    /// The token.
    #[tf(computed())]
    pub access_token: Attr<Secret>,
    /// Seconds for which the token is valid; null when the instance does not say.
    #[tf(computed())]
    pub expires_in_seconds: Attr<i64>,
}

/// The ephemeral resource.
pub struct Token {
    shared: Arc<Shared>,
}

impl Token {
    /// The ephemeral resource.
    pub fn new(shared: Arc<Shared>) -> Token {
        Token { shared }
    }

    async fn obtain(&self, session: &Session, mut config: Object) -> Result<Object, Diagnostics> {
        let application = Application {
            client_id: text(&config, "client_id").unwrap_or_default(),
            client_secret: text(&config, "client_secret").map(Hidden::new),
            scope: text(&config, "scope"),
        };
        let grant = grant(&config)?;
        let request = token::request(&application, &grant);
        let answer = match session.transport.send(&request).await {
            Ok(response) => token::read(&application, &grant, &request, &response),
            Err(error) => Err(error.into_service_error(&request)),
        };
        let token = answer.map_err(|error| refused(&application, &error))?;
        config.insert("access_token".to_owned(), Value::string(token.access_token.expose()));
        let seconds = token.expires_in_s.and_then(|it| i64::try_from(it).ok());
        config.insert(
            "expires_in_seconds".to_owned(),
            seconds.map_or(Value::Null, |it| Value::Number(it.into())),
        );
        Ok(config)
    }
}

fn grant(config: &Object) -> Result<Grant, Diagnostics> {
    let needed = |name: &str, grant: &str| {
        text(config, name).ok_or_else(|| Diagnostics::from(errors::grant_lacks(grant, name)))
    };
    match text(config, "grant_type").as_deref() {
        Some("password") => Ok(Grant::Password {
            username: needed("username", "password")?,
            password: Hidden::new(needed("password", "password")?),
        }),
        Some("refresh_token") => {
            Ok(Grant::RefreshToken(Hidden::new(needed("refresh_token", "refresh_token")?)))
        }
        _ => Ok(Grant::ClientCredentials),
    }
}

fn refused(application: &Application, error: &ServiceError) -> Diagnostics {
    if error.kind == Kind::Unauthenticated {
        return errors::token_refused(&application.client_id, &error.reason).into();
    }
    let doing = Doing { verb: "obtain", noun: "token for", name: &application.client_id };
    errors::service(&doing, error, "Nothing was changed.").into()
}

fn text(config: &Object, name: &str) -> Option<String> {
    config.get(name).and_then(Value::as_str).filter(|it| !it.is_empty()).map(str::to_owned)
}

#[async_trait]
impl EphemeralResource for Token {
    fn type_name(&self) -> &str {
        "servicenow_oauth_token"
    }

    fn schema(&self) -> Schema {
        model::schema::<OauthToken>()
    }

    async fn open(&self, config: Object) -> Opened {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(diagnostics) => return Opened { diagnostics, ..Opened::default() },
        };
        let secrets: Vec<Secret> = ["client_secret", "password", "refresh_token"]
            .iter()
            .filter_map(|it| text(&config, it).map(Secret::new))
            .collect();
        match self.obtain(&session, config).await {
            Ok(result) => Opened { result: Some(result), ..Opened::default() },
            Err(problems) => {
                Opened { diagnostics: session.redacted(problems, &secrets), ..Opened::default() }
            }
        }
    }
}
