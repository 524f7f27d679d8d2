//! `servicenow_refresh_oauth_token`: has the instance obtain a token for an OAuth credential, and looks whether it did.

use async_trait::async_trait;
use serde_json::json;
use servicenow_core::{Kind, Method, Query, Request, ServiceError, SysId};
use tf_core::{Attr, Check, Diagnostics, Model, Object, Schema, Value, model};

use super::{Deed, Scene};
use crate::errors::{self, Doing};
use crate::resources::sys_id;
use crate::session::Session;
use crate::tables;

/// What the documentation page says beyond the attributes.
pub const NOTES: &str = "## Why a path is needed\n\nServiceNow has no public REST API by which it can be told to obtain an \
outbound token: the button \"Get OAuth Token\" is part of its user interface. A Scripted REST operation on the instance can do \
it; `servicenow_inbound_endpoint` can declare one. It gets `{\"credential_id\": \"…\"}` as the body of a `POST`, obtains the \
token for that credential, and answers with a status below 300. It must not answer with the token.\n\n## What is looked at\n\n\
When the times of tokens may be read (`oauth_admin`), the action fails unless an access token of the credential is valid \
afterwards. Otherwise it says that this could not be looked at.";

/// Has the instance obtain a new access token for an OAuth credential. The token itself stays on the instance.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Config {
    /// The sys_id of the credential.
    #[tf(required().check(sys_id()))]
    pub credential_id: Attr<String>,
    /// The path of the Scripted REST operation that obtains the token: `/api/x_acme/oauth/refresh`.
    #[tf(required().check(path()))]
    pub endpoint_path: Attr<String>,
}

/// The action.
pub struct Refresh;

#[async_trait]
impl Deed for Refresh {
    fn type_name(&self) -> &'static str {
        "servicenow_refresh_oauth_token"
    }

    fn schema(&self) -> Schema {
        model::schema::<Config>()
    }

    async fn carry_out(&self, scene: &Scene<'_>, config: &Object) -> Result<(), Diagnostics> {
        let Scene { session, outside, telling } = *scene;
        let config = Config::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let Some(id) = config.credential_id.known().and_then(|it| it.parse::<SysId>().ok()) else {
            return Err(errors::bug("a credential has no id").into());
        };
        let path = config.endpoint_path.known().cloned().unwrap_or_default();
        let doing = Doing { verb: "refresh the token of", noun: "credential", name: id.as_str() };
        let failed = |error: &ServiceError| errors::service(&doing, error, "The token is as it was.");
        let mut request = Request::new(Method::Post, path);
        request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        request.headers.push(("Accept".to_owned(), "application/json".to_owned()));
        request.body = Some(json!({ "credential_id": id.as_str() }).to_string());
        telling.tell("asking the instance to obtain a token").await;
        // Obtaining it twice does no harm, so that a lost answer is asked for again.
        session.client.ask(&request).await.map_err(|error| failed(&error))?;
        match expires(session, &id).await {
            Ok(None) => Err(errors::no_token(id.as_str(), None).into()),
            Ok(Some(until)) if until.is_empty() => {
                telling.tell("the access token does not run out").await;
                Ok(())
            }
            Ok(Some(until)) if until <= outside.now() => {
                Err(errors::no_token(id.as_str(), Some(&until)).into())
            }
            Ok(Some(until)) => {
                telling.tell(format!("the access token is valid until {until} UTC")).await;
                Ok(())
            }
            Err(error) if matches!(error.kind, Kind::Forbidden | Kind::InvalidTable) => {
                telling.tell("the instance says it did; the user may not look at tokens").await;
                Ok(())
            }
            Err(error) => Err(failed(&error).into()),
        }
    }
}

/// When the access token that lasts longest runs out, as the instance writes it; empty for never.
async fn expires(session: &Session, credential: &SysId) -> Result<Option<String>, ServiceError> {
    let (Ok(table), Ok(query)) = (
        tables::table("oauth_credential"),
        Query::new().equals("oauth_requestor_profile.requestor", credential.as_str()),
    ) else {
        return Ok(None);
    };
    let rows = session.client.list(&table, &query, &["type", "expires"]).await?;
    let access = rows.iter().filter(|it| it.text("type") != "refresh_token");
    let times: Vec<String> = access.map(|it| it.text("expires").to_owned()).collect();
    let for_good = times.iter().find(|it| it.is_empty()).cloned();
    Ok(for_good.or_else(|| times.into_iter().max()))
}

fn path() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if !text.starts_with("/api/") || text.contains(['?', '#', ' ']) => Err(format!(
            "`{text}` is no path of a Scripted REST operation. Write it as `/api/namespace/service/path`"
        )),
        _ => Ok(()),
    };
    Check::new("a path that begins with `/api/`", test)
}
