//! The provider block: every setting with its documentation.
//!
//! Each setting is also read from an environment variable, whose name follows from its own: `SERVICENOW_` and the name in
//! capitals, with `_` between a block and what is in it.

use std::collections::BTreeMap;

use tf_core::check;
use tf_core::{Attr, Model, Secret};

/// Declares the integrations of a ServiceNow instance: connection aliases, connections, credentials, and which
/// connection of an integration is active. Each setting is also read from an environment variable: `SERVICENOW_` and its
/// name in capitals, such as `SERVICENOW_INSTANCE_URL` and `SERVICENOW_OAUTH_CLIENT_ID`; the block comes first. See the
/// [guide on signing in](guides/authentication.md).
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ProviderBlock {
    /// Base URL of the instance, such as `https://example.service-now.com`. Give either this or `instance`.
    #[tf(optional())]
    pub instance_url: Attr<String>,
    /// Short name of the instance, such as `dev12345` for `https://dev12345.service-now.com`.
    #[tf(optional())]
    pub instance: Attr<String>,
    /// Name of the user that signs in.
    #[tf(optional())]
    pub username: Attr<String>,
    /// Password of the user that signs in. The environment variable `SERVICENOW_PASSWORD` keeps it out of configuration
    /// files.
    #[tf(optional())]
    pub password: Attr<Secret>,
    /// File that holds the password, with or without a line end.
    #[tf(optional())]
    pub password_file: Attr<String>,
    /// Command that writes the password to its standard output: a program and its arguments. No shell sees them. It has
    /// 30 seconds. In the environment it is a list in JSON.
    #[tf(optional().check(check::elements(1, 100)))]
    pub password_command: Attr<Vec<String>>,
    /// User name and password in one, as `user:password`. The first colon divides them.
    #[tf(optional())]
    pub credentials: Attr<Secret>,
    /// Bearer token that something else obtained: an OAuth access token of the instance, or an identity token of a
    /// provider that the instance trusts.
    #[tf(optional())]
    pub token: Attr<Secret>,
    /// File that holds the bearer token. It is read again when the instance no longer accepts what it held.
    #[tf(optional())]
    pub token_file: Attr<String>,
    /// Command that writes the bearer token to its standard output: a program and its arguments, without a shell. It is
    /// run again when the instance no longer accepts what it wrote.
    #[tf(optional().check(check::elements(1, 100)))]
    pub token_command: Attr<Vec<String>>,
    /// API key of the instance, sent as `x-sn-apikey`.
    #[tf(optional())]
    pub api_key: Attr<Secret>,
    /// File that holds the API key.
    #[tf(optional())]
    pub api_key_file: Attr<String>,
    /// Command that writes the API key to its standard output: a program and its arguments, without a shell.
    #[tf(optional().check(check::elements(1, 100)))]
    pub api_key_command: Attr<Vec<String>>,
    /// OAuth tokens of the instance, asked for when they are needed and renewed in time.
    #[tf(optional())]
    pub oauth: Attr<OAuthBlock>,
    /// Certificate that is shown to the instance. It signs in by itself where the instance maps it to a user, and goes
    /// along with any other way to sign in.
    #[tf(optional())]
    pub mtls: Attr<MtlsBlock>,
    /// Certificates in PEM of authorities that are trusted beside those of this machine, for example of an inspecting
    /// proxy.
    #[tf(optional())]
    pub ca_certificates: Attr<String>,
    /// File that holds such certificates.
    #[tf(optional())]
    pub ca_certificates_file: Attr<String>,
    /// Address of the proxy, such as `http://proxy.example.com:3128`, perhaps with user name and password. Without it the
    /// variables `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` count.
    #[tf(optional())]
    pub proxy_url: Attr<Secret>,
    /// Hosts, domains and networks that are reached without the proxy of `proxy_url`. In the environment it is a list in
    /// JSON.
    #[tf(optional())]
    pub proxy_exceptions: Attr<Vec<String>>,
    /// Seconds that an answer may take. Without it 90, because an instance ends a request after about a minute.
    #[tf(optional().check(check::range(1, 600)))]
    pub request_timeout_seconds: Attr<i64>,
    /// Headers that are sent with every request, for example for a gateway before the instance. Those that say who asks
    /// or what is asked are refused. In the environment it is an object in JSON.
    #[tf(optional())]
    pub headers: Attr<BTreeMap<String, Secret>>,
    /// What happens when the instance cannot be used as it is described here. With `error`, which is used when nothing is
    /// given, one message ends the run before anything else; with `warn` it is a warning; with `off` the instance is
    /// not asked before a resource needs it.
    #[tf(optional().check(check::one_of(&["off", "warn", "error"])))]
    pub validate: Attr<String>,
    /// Table of which one record is read to see whether the instance can be used, such as `incident`. Without it the
    /// record of the user that signs in is read.
    #[tf(optional())]
    pub validate_table: Attr<String>,
    /// What the instance has to call itself before anything is written to it. A clone under a known address is refused.
    #[tf(optional())]
    pub expected_instance: Attr<ExpectedInstanceBlock>,
    /// Whether plain `http` is allowed to a host other than this machine. Passwords then travel unprotected.
    #[tf(optional())]
    pub allow_http: Attr<bool>,
    /// Who keeps the rule that one connection of an alias is active. With `detect`, which is used when nothing is
    /// given, the provider finds out before the first switch of a run, with two short-lived connection records of an
    /// alias that does not exist. With `cascade` the instance deactivates the others itself; with `refuse` it refuses a
    /// second active one; with `none` it does nothing. A wrong `cascade` can leave two connections active for a moment.
    #[tf(optional().check(check::one_of(&["detect", "cascade", "refuse", "none"])))]
    pub one_active_rule: Attr<String>,
    /// Who keeps the rule that one connection of a Unifi integration is active. With `detect`, which is used when nothing is
    /// given, and with `cascade` Unifi deactivates the others itself, as it documents, until a switch shows something else;
    /// no trial is made, because its records are application files. With `refuse` it refuses a second active one; with `none`
    /// it does nothing. Where its rules may not run, set `none`: the first switch of a run leaves two connections active for
    /// a moment otherwise.
    #[tf(optional().check(check::one_of(&["detect", "cascade", "refuse", "none"])))]
    pub unifi_one_active_rule: Attr<String>,
    /// Which environment this instance is, such as `test`: a connection that does not name one itself is held against the
    /// hosts of this one in `environment_hosts`.
    #[tf(optional())]
    pub environment: Attr<String>,
    /// Hosts of the other systems by environment: `{ production = ["*.example.com"], test = ["*.test.example"] }`. A plan
    /// warns when it activates a connection whose endpoint is not among the hosts of its environment. `*.` stands for
    /// everything below a domain. In the environment it is an object of lists in JSON.
    #[tf(optional())]
    pub environment_hosts: Attr<BTreeMap<String, Vec<String>>>,
    /// How a refresh reads. With `together`, which is used when nothing is given, objects of one table are read with few
    /// requests, and a table of which many are managed is read once, page by page. With `single` each object is a
    /// request of its own. See the [guide on reading](guides/reading.md).
    #[tf(optional().check(check::one_of(&["together", "single"])))]
    pub read_strategy: Attr<String>,
    /// Requests that are under way at the same time at most. Without it 4, because an instance serves integrations with
    /// four threads for each of its nodes. Fewer are sent for a while where the instance answers slowly or asks for it.
    #[tf(optional().check(check::range(1, 32)))]
    pub concurrency: Attr<i64>,
    /// What happens when somebody changed a record on the instance after the plan was made. With `error`, which is used
    /// when nothing is given, the change stops before anything is written and says who changed which attributes and when.
    /// With `overwrite` what was planned is written all the same.
    #[tf(optional().check(check::one_of(&["error", "overwrite"])))]
    pub on_conflict: Attr<String>,
    /// Columns that are called otherwise on this instance, by `table.column` as the page of a resource names it, with the
    /// name on the instance; an empty name says that the instance has no such column. The names of some columns are not
    /// documented; their pages say so. In the environment it is an object in JSON.
    #[tf(optional())]
    pub columns: Attr<BTreeMap<String, String>>,
    /// What the states are called on this instance that `wait_until_inactive_drained` of a `servicenow_unifi_activation`
    /// goes by, as values or as labels: `{ paused = ["Paused"], queued = ["Queued"], finished = ["Complete", "Error"] }`.
    /// `paused` is the state of an integration, the others are states of a transaction. Without it these and `ignored` and
    /// `cancelled` are assumed. In the environment it is an object of lists in JSON.
    #[tf(optional())]
    pub unifi_states: Attr<BTreeMap<String, Vec<String>>>,
}

/// How OAuth tokens are asked for.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct OAuthBlock {
    /// What entitles to a token. With `client_credentials`, which is used when nothing is given, the application itself;
    /// with `password` the user of `username` and `password`; with `refresh_token` a token that was issued earlier; with
    /// `jwt_bearer` an assertion that is signed with `private_key`.
    #[tf(optional().check(check::one_of(&["client_credentials", "password", "refresh_token", "jwt_bearer"])))]
    pub grant_type: Attr<String>,
    /// Client id of the record in the application registry.
    #[tf(optional())]
    pub client_id: Attr<String>,
    /// Client secret of that record. A public application has none.
    #[tf(optional())]
    pub client_secret: Attr<Secret>,
    /// File that holds the client secret.
    #[tf(optional())]
    pub client_secret_file: Attr<String>,
    /// Command that writes the client secret to its standard output, without a shell.
    #[tf(optional().check(check::elements(1, 100)))]
    pub client_secret_command: Attr<Vec<String>>,
    /// What the tokens may be used for. Without it the instance decides.
    #[tf(optional())]
    pub scope: Attr<String>,
    /// Refresh token.
    #[tf(optional())]
    pub refresh_token: Attr<Secret>,
    /// File that holds the refresh token.
    #[tf(optional())]
    pub refresh_token_file: Attr<String>,
    /// Command that writes the refresh token to its standard output, without a shell.
    #[tf(optional().check(check::elements(1, 100)))]
    pub refresh_token_command: Attr<Vec<String>>,
    /// Private key in PEM that signs assertions: RSA, or ECDSA on P-256 or P-384.
    #[tf(optional())]
    pub private_key: Attr<Secret>,
    /// File that holds the private key.
    #[tf(optional())]
    pub private_key_file: Attr<String>,
    /// Command that writes the private key to its standard output, without a shell.
    #[tf(optional().check(check::elements(1, 100)))]
    pub private_key_command: Attr<Vec<String>>,
    /// Key id of the assertion: which verifier map of the application has the public key.
    #[tf(optional())]
    pub key_id: Attr<String>,
    /// Whom the token is for: the value of the user field that the application's record names, such as a user name.
    #[tf(optional())]
    pub subject: Attr<String>,
    /// Who signs the assertion. Without it the client id.
    #[tf(optional())]
    pub issuer: Attr<String>,
    /// Whom the assertion is addressed to. Without it the client id.
    #[tf(optional())]
    pub audience: Attr<String>,
    /// Seconds for which an assertion is valid. Without it 300.
    #[tf(optional().check(check::range(30, 3600)))]
    pub lifetime_seconds: Attr<i64>,
}

/// The certificate that is shown to the instance.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct MtlsBlock {
    /// Certificate in PEM, followed by those between it and its authority.
    #[tf(optional())]
    pub certificate: Attr<String>,
    /// File that holds it.
    #[tf(optional())]
    pub certificate_file: Attr<String>,
    /// Private key of the certificate in PEM, without a password.
    #[tf(optional())]
    pub private_key: Attr<Secret>,
    /// File that holds the private key.
    #[tf(optional())]
    pub private_key_file: Attr<String>,
    /// Command that writes the private key to its standard output, without a shell.
    #[tf(optional().check(check::elements(1, 100)))]
    pub private_key_command: Attr<Vec<String>>,
    /// File in the format PKCS#12 that holds certificate and private key. It takes the place of both.
    #[tf(optional())]
    pub pkcs12_file: Attr<String>,
    /// Passphrase of that file.
    #[tf(optional())]
    pub passphrase: Attr<Secret>,
    /// File that holds the passphrase.
    #[tf(optional())]
    pub passphrase_file: Attr<String>,
    /// Command that writes the passphrase to its standard output, without a shell.
    #[tf(optional().check(check::elements(1, 100)))]
    pub passphrase_command: Attr<Vec<String>>,
}

/// What an instance has to call itself.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ExpectedInstanceBlock {
    /// Name of the instance, as in its property `instance_name`.
    #[tf(optional())]
    pub name: Attr<String>,
    /// Id of the instance, as in its property `instance_id`. A clone has another one.
    #[tf(optional())]
    pub id: Attr<String>,
    /// What happens when the user that signs in may not see these properties. With `refuse`, which is used when nothing
    /// is given, nothing is written; with `allow` it is.
    #[tf(optional().check(check::one_of(&["refuse", "allow"])))]
    pub when_unreadable: Attr<String>,
}
