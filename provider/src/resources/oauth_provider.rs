//! `servicenow_oauth_provider`: the other system as an issuer of tokens, and this instance as its client.

use std::collections::BTreeMap;

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostics, Model, Object, Secret, Value, WriteOnly, check, model};

use super::references::SCOPE;
use super::{REASSERT, SECRET_NOTES, not_blank};
use crate::definition::{Definition, Roles};
use crate::errors;

/// A third-party OAuth provider in the application registry: where tokens are issued, and the client that this instance is
/// there. The client secret is write-only: it is in no state and no plan, and it is written when the provider is created
/// and whenever its version changes.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct OauthProvider {
    /// The sys_id of the registry record.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the provider, unique in the application registry.
    #[tf(required().check(not_blank()).check(check::length(0, 100)))]
    pub name: Attr<String>,
    /// The client id that the other system gave to this instance.
    #[tf(required().check(check::length(1, 255)))]
    pub client_id: Attr<String>,
    /// The client secret. Without it the provider keeps the one that it has on the instance.
    #[tf(optional().version("client_secret_wo_version"))]
    pub client_secret_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current secret, such as a number or a date. A change of it writes the secret again.
    #[tf(optional())]
    pub client_secret_wo_version: Attr<String>,
    /// What to do when somebody changed the provider after this configuration had written the secret: `true` writes it
    /// again, `false` says nothing. Without it such a change is a warning.
    #[tf(optional())]
    pub reassert_secret: Attr<bool>,
    /// What entitles to a token, unless a profile says otherwise.
    #[tf(optional()
        .default("authorization_code")
        .check(check::one_of(&["authorization_code", "client_credentials", "password", "jwt_bearer"])))]
    pub default_grant_type: Attr<String>,
    /// Where a person consents.
    #[tf(optional().check(check::url()))]
    pub authorization_url: Attr<String>,
    /// Where tokens are issued.
    #[tf(required().check(check::url()))]
    pub token_url: Attr<String>,
    /// Where tokens are revoked.
    #[tf(optional().check(check::url()))]
    pub token_revocation_url: Attr<String>,
    /// Where a person comes back to after consenting. The instance makes it when nothing is given.
    #[tf(optional_computed().stable().check(check::url()))]
    pub redirect_url: Attr<String>,
    /// How the proof of possession of an authorization code is made. `S256` when nothing is given.
    #[tf(optional_computed().stable().check(check::one_of(&["S256", "plain", "none"])))]
    pub code_challenge_method: Attr<String>,
    /// How the client shows its secret.
    #[tf(optional()
        .default("in_request_body")
        .check(check::one_of(&["in_request_body", "basic_auth_header", "private_key_jwt"])))]
    pub send_credentials: Attr<String>,
    /// Whether the client has no secret.
    #[tf(optional().default(false))]
    pub public_client: Attr<bool>,
    /// Whether the connection to the provider shows a certificate.
    #[tf(optional().default(false))]
    pub mutual_auth: Attr<bool>,
    /// Whether the provider may be used.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// From where the provider may be used: `public` for all applications, `package_private` for its own alone.
    #[tf(optional().default("public").check(check::one_of(&["public", "package_private"])))]
    pub accessible_from: Attr<String>,
    /// What tokens of the provider may be used for, by a name of your choice. Profiles ask for them by that name.
    #[tf(optional())]
    pub scopes: Attr<BTreeMap<String, OauthScope>>,
    /// What the provider is for.
    #[tf(optional().check(check::length(0, 1_000)))]
    pub comments: Attr<String>,
    /// The application that the provider belongs to: its scope, its name or its sys_id. The global one when nothing is
    /// given.
    #[tf(optional_computed().stable().replaces())]
    pub scope: Attr<String>,
}

/// What tokens may be used for.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct OauthScope {
    /// The sys_id of the scope.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// The scope as the other system spells it, such as `read:jira-work`.
    #[tf(required().check(check::length(1, 1_000)))]
    pub scope: Attr<String>,
}

const LAYOUT: Layout = Layout { records: &[PROVIDER, SCOPES] };

const PROVIDER: RecordLayout = RecordLayout {
    slot: "provider",
    table: "oauth_entity",
    exists: Exists::Always,
    columns: &[
        Column::new("sys_id", Holds::SysId("id")),
        Column::new("type", Holds::Fixed("consumer")),
        Column::new("name", Holds::Text("name")),
        Column::new("client_id", Holds::Text("client_id")),
        Column::new("client_secret", Holds::Secret("client_secret_wo", "client_secret_wo_version")),
        Column::new("default_grant_type", Holds::Text("default_grant_type")),
        Column::new("auth_url", Holds::Text("authorization_url")),
        Column::new("token_url", Holds::Text("token_url")),
        Column::new("revoke_token_url", Holds::Text("token_revocation_url")),
        Column::new("redirect_url", Holds::Text("redirect_url")),
        Column::new("code_challenge_method", Holds::Text("code_challenge_method")),
        Column::new("send_credentials", Holds::Text("send_credentials")).assumed(),
        Column::new("public_client", Holds::Flag("public_client")),
        Column::new("use_mutual_auth", Holds::Flag("mutual_auth")),
        Column::new("active", Holds::Flag("active")),
        Column::new("access", Holds::Text("accessible_from")),
        Column::new("comments", Holds::Text("comments")),
        Column::new("sys_scope", Holds::Lookup("scope", SCOPE)),
    ],
};

const SCOPES: RecordLayout = RecordLayout {
    slot: "scope",
    table: "oauth_entity_scope",
    exists: Exists::ForEach("scopes"),
    columns: &[
        Column::new("sys_id", Holds::Calculated("id")),
        Column::new("oauth_entity", Holds::Slot("provider")),
        Column::new("name", Holds::Key),
        Column::new("oauth_entity_scope", Holds::Text("scope")),
    ],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_oauth_provider",
    noun: "OAuth provider",
    subcategory: "OAuth",
    schema: model::schema::<OauthProvider>,
    layout: &LAYOUT,
    beside: &[REASSERT],
    check: fits_together,
    roles: Roles { read: &["oauth_admin", "mi_admin"], write: &["oauth_admin", "mi_admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let grant = config.get("default_grant_type").and_then(Value::as_str);
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    let asks_people = grant == Some("authorization_code")
        || (grant.is_none() && config.get("default_grant_type").is_none_or(Value::is_null));
    if asks_people && is_null("authorization_url") {
        let reason = "The grant `authorization_code` begins with a person who consents there.";
        problems.push(errors::lacking("authorization_url", reason));
    }
    if config.get("public_client").and_then(Value::as_bool) == Some(true) && !is_null("client_secret_wo") {
        let reason = "A public client has no secret.";
        let remedy = "Remove `client_secret_wo`, or remove `public_client`.";
        problems.push(errors::out_of_place("client_secret_wo", reason, remedy));
    }
    problems
}
