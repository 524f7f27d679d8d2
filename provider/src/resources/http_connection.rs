//! `servicenow_http_connection`: one endpoint of an integration.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, Value, check, model};
use tf_plugin::Planning;

use super::references::PROTOCOL_PROFILE;
use super::{connection, mid, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;
use crate::errors;

/// An endpoint that an integration calls, in one environment. A new connection is inactive, so that nothing is sent to
/// it before it is chosen: let [`servicenow_connection_activation`](connection_activation.md) choose, or set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct HttpConnection {
    /// Which connection it is.
    #[tf(flatten())]
    pub named: connection::Named,
    /// The sys_id of the alias that the connection belongs to.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// Base URL of the other system, with its scheme. With `url_builder` the instance makes it.
    #[tf(optional_computed().check(check::url()))]
    pub connection_url: Attr<String>,
    /// How it signs in, and whether it is in use.
    #[tf(flatten())]
    pub in_use: connection::Use,
    /// Whether the instance makes the URL of `protocol`, `host`, `port` and `base_path`.
    #[tf(optional().default(false))]
    pub url_builder: Attr<bool>,
    /// Scheme of a URL that is built: `https` when nothing is given, or the protocol of the profile for mutual
    /// authentication.
    #[tf(optional_computed().stable().check(check::length(1, 40)))]
    pub protocol: Attr<String>,
    /// Host of a URL that is built.
    #[tf(optional().check(check::length(1, 255)))]
    pub host: Attr<String>,
    /// Port of a URL that is built.
    #[tf(optional().check(check::range(1, 65_535)))]
    pub port: Attr<i64>,
    /// Path of a URL that is built, with its first slash.
    #[tf(optional().check(check::length(1, 255)))]
    pub base_path: Attr<String>,
    /// The certificate that it shows.
    #[tf(flatten())]
    pub mutual: connection::MutualAuth,
    /// Milliseconds until connecting is given up. Without it the instance decides.
    #[tf(optional().check(check::at_least(1)))]
    pub connection_timeout_ms: Attr<i64>,
    /// How it is reached through a MID server.
    #[tf(flatten())]
    pub mid: mid::Mid,
    /// What a MID server has to be capable of: names such as `REST`, or sys_ids.
    #[tf(optional())]
    pub mid_capabilities: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "connection",
        table: "http_connection",
        exists: Exists::Always,
        columns: &[
            connection::ID,
            connection::NAME,
            connection::ALIAS,
            Column::new("connection_url", Holds::Text("connection_url")),
            connection::CREDENTIAL,
            connection::ACTIVE,
            Column::new("url_builder", Holds::Flag("url_builder")).assumed(),
            Column::new("protocol", Holds::Text("protocol")),
            Column::new("host", Holds::Text("host")),
            Column::new("port", Holds::Number("port")),
            Column::new("base_path", Holds::Text("base_path")),
            Column::new("use_mutual_auth", Holds::Flag("mutual_auth")).assumed(),
            Column::new("protocol_profile", Holds::Lookup("protocol_profile", PROTOCOL_PROFILE)),
            Column::new("connection_timeout", Holds::Number("connection_timeout_ms")).assumed(),
            mid::COLUMNS[0],
            mid::COLUMNS[1],
            mid::COLUMNS[2],
            mid::COLUMNS[3],
            mid::COLUMNS[4],
            mid::COLUMNS[5],
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_http_connection",
    noun: "HTTP connection",
    subcategory: "Connections",
    schema: model::schema::<HttpConnection>,
    layout: &LAYOUT,
    exclusive: Some(&native::CONNECTIONS),
    check: fits_together,
    adjust,
    warn: Some(mid::status::warn),
    roles: Roles { read: &["connection_admin"], write: &["connection_admin"] },
    notes: "## Replacing\n\nNames of connections are unique on an instance, and the `create_before_destroy` of an activation \
            extends to the connections that it points at: their replacement is created first. When `connection_alias_id` \
            of such a connection changes, give it another `name` in the same change.",
    ..Definition::PLAIN
};

/// What a URL is built of.
const PARTS: [&str; 4] = ["protocol", "host", "port", "base_path"];

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = mid::check(config);
    problems.extend(one_form_of_url(config));
    let flag = |name: &str| config.get(name).and_then(Value::as_bool).unwrap_or_default();
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    let is_open = |name: &str| config.get(name).is_some_and(Value::is_unknown);
    if flag("mutual_auth") && is_null("protocol_profile") {
        let reason = "Mutual authentication takes its certificate from a protocol profile.";
        problems.push(errors::lacking("protocol_profile", reason));
    }
    if !flag("mutual_auth") && !is_open("mutual_auth") && !is_null("protocol_profile") {
        let reason = "A protocol profile counts for mutual authentication, and `mutual_auth` is not `true`.";
        let remedy = "Set `mutual_auth = true`, or remove `protocol_profile`.";
        problems.push(errors::out_of_place("protocol_profile", reason, remedy));
    }
    if flag("mutual_auth") && flag("use_mid") {
        problems.push(errors::doubtful(
            "mutual_auth",
            "Mutual authentication may not work through a MID server",
            "Releases of the platform have refused it, and classic outbound web services do not support it. The plan goes \
             on. Test the connection before it is activated.",
        ));
    }
    problems
}

/// A URL as a whole or in parts, never both.
fn one_form_of_url(config: &Object) -> Diagnostics {
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    if config.get("url_builder").is_some_and(Value::is_unknown) {
        return Diagnostics::none();
    }
    let is_built = config.get("url_builder").and_then(Value::as_bool).unwrap_or_default();
    let mut problems = Diagnostics::none();
    if is_built {
        if !is_null("connection_url") {
            let reason = "The instance builds the URL: `url_builder` is `true`.";
            let remedy = "Remove `connection_url`, or remove `url_builder`.";
            problems.push(errors::out_of_place("connection_url", reason, remedy));
        }
        if is_null("host") {
            problems.push(errors::lacking("host", "A URL that is built needs a host."));
        }
        return problems;
    }
    if is_null("connection_url") {
        let reason = "A connection needs the address that it leads to, as a whole or, with `url_builder = true`, in parts.";
        problems.push(errors::lacking("connection_url", reason));
    }
    // The protocol that every connection has is no harm: Terraform below 1.14 writes it down when it generates
    // configuration.
    let says_nothing =
        |name: &str| name == "protocol" && config.get(name).and_then(Value::as_str) == Some("https");
    for name in PARTS.into_iter().filter(|it| !is_null(it) && !says_nothing(it)) {
        let reason = "It is a part of a URL that is built, and `url_builder` is not `true`.";
        let remedy = format!("Set `url_builder = true`, or remove `{name}`.");
        problems.push(errors::out_of_place(name, reason, &remedy));
    }
    problems
}

/// A URL that the instance builds changes with its parts alone.
fn adjust(planning: &mut Planning<'_>) -> Diagnostics {
    let is_built = planning.plan.planned.get("url_builder").and_then(Value::as_bool) == Some(true);
    if is_built {
        super::keep_unless_changed(
            planning,
            "connection_url",
            &["url_builder", "protocol", "host", "port", "base_path", "mutual_auth", "protocol_profile"],
        );
    }
    Diagnostics::none()
}
