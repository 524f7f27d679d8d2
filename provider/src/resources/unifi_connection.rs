//! `servicenow_unifi_connection`: one environment of a Unifi integration, with everything that belongs to it.

mod inbound_user;

use std::collections::BTreeMap;

use reconcile::{Choices, Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostic, Diagnostics, Model, Object, Secret, Value, WriteOnly, check, model};
use tf_plugin::Planning;

use super::connection::MutualAuth;
use super::credential::VERIFY;
use super::pointer::{Verify, VerifyBlock};
use super::references::{MID_SERVER, OAUTH_PROFILE, PROTOCOL_PROFILE, SCOPE, UNIFI_ENVIRONMENT, USER};
use super::{REASSERT, SECRET_NOTES, mid, not_blank, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::unifi;
use crate::errors;
use crate::lifecycle::rotation::{Proof, Shown, UsedBy};

/// One environment of a Unifi integration: where its messages go, how Unifi signs in there, and which user the other system
/// calls as. A new connection is inactive, so that nothing is sent to it before it is chosen: let
/// [`servicenow_unifi_activation`](unifi_activation.md) choose, or set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct UnifiConnection {
    /// The sys_id of the connection.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// What people see: the instance makes it of the integration and the environment.
    #[tf(computed())]
    pub name: Attr<String>,
    /// The sys_id of the integration that the connection belongs to.
    #[tf(required().replaces().check(sys_id()))]
    pub integration_id: Attr<String>,
    /// The environment that the connection leads to: its name, such as `Production`, or its sys_id.
    #[tf(required())]
    pub environment: Attr<String>,
    /// The application that the connection belongs to: its scope, its name or its sys_id. The one that the instance chooses
    /// when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub application: Attr<String>,
    /// Whether the connection is the active one of its integration. Leave it out where a `servicenow_unifi_activation`
    /// chooses: it then shows what is. `true` deactivates the other connections of the integration.
    #[tf(optional_computed())]
    pub active: Attr<bool>,
    /// The user that the other system calls as: its user name or its sys_id. Calls are let in while the connection is
    /// active.
    #[tf(optional())]
    pub inbound_user: Attr<String>,
    /// Which way messages go, for checks of this configuration alone: `outbound` takes an `endpoint_url` and refuses an
    /// `inbound_user`, `inbound` takes an `inbound_user`, `bidirectional` takes both. The instance keeps nothing of it.
    #[tf(optional().check(check::one_of(&["outbound", "inbound", "bidirectional"])))]
    pub direction: Attr<String>,
    /// URL that the path of each message is added to. It may hold parts in braces that Unifi fills in, and the protocol of a
    /// protocol profile in the place of `https`.
    #[tf(optional().check(check::length(1, 1_024)))]
    pub endpoint_url: Attr<String>,
    /// How Unifi signs in at the other system: `basic`, `oauth`, or the label or value of a choice that the instance
    /// offers. The instance cannot take it away once it is chosen.
    #[tf(optional_computed().stable().check(not_blank()).check(check::length(1, 40)))]
    pub authentication: Attr<String>,
    /// User name at the other system, for `basic`.
    #[tf(optional().check(check::length(1, 100)))]
    pub user: Attr<String>,
    /// Password at the other system, for `basic`. Without it the connection keeps the one that it has on the instance.
    #[tf(optional().version("password_wo_version"))]
    pub password_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current password, such as a number or a date. A change of it writes the password
    /// again.
    #[tf(optional())]
    pub password_wo_version: Attr<String>,
    /// What to do when somebody changed the connection after this configuration had written the password: `true` writes it
    /// again, `false` says nothing. Without it such a change is a warning.
    #[tf(optional())]
    pub reassert_secret: Attr<bool>,
    /// Asks the other system after the password was written and while the connection is active, signed in with it; the path
    /// is one that only somebody who is signed in may see. When it does not answer as expected the apply ends with an error, or
    /// with a warning where the connection is new; the new password stays, because the old one cannot be read. From where
    /// Terraform runs, a password is sent over `https` alone, to the host of the connection, and no redirect is followed. What
    /// cannot be asked, as through a MID server, is a warning.
    #[tf(optional())]
    pub verify: Attr<VerifyBlock>,
    /// The OAuth profile that tokens are obtained through, for `oauth`: its name or its sys_id.
    #[tf(optional())]
    pub oauth_profile: Attr<String>,
    /// The MID server that messages go through: its name or its sys_id. A plan warns of one that is not up, not validated
    /// or not there.
    #[tf(optional())]
    pub mid_server: Attr<String>,
    /// The certificate that it shows.
    #[tf(flatten())]
    pub mutual: MutualAuth,
    /// Name of the instance that may send. Elsewhere, as on a clone, every message of the connection fails.
    #[tf(optional().check(check::length(1, 100)))]
    pub instance_name: Attr<String>,
    /// What scripts of the integration read, by key.
    #[tf(optional())]
    pub variables: Attr<BTreeMap<String, Variable>>,
}

/// What scripts read under a key.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Variable {
    /// The value.
    #[tf(optional().check(check::length(0, 4_000)))]
    pub value: Attr<String>,
    /// What the value is for.
    #[tf(optional().check(check::length(0, 1_000)))]
    pub description: Attr<String>,
}

const LAYOUT: Layout = Layout { records: &[CONNECTION, VARIABLES] };

const CONNECTION: RecordLayout = RecordLayout {
    slot: "connection",
    table: "x_snd_eb_connection",
    exists: Exists::Always,
    columns: &[
        Column::new("sys_id", Holds::SysId("id")),
        Column::new("name", Holds::Calculated("name")).assumed(),
        Column::new("integration", Holds::Reference("integration_id", "x_snd_eb_integration")).assumed(),
        Column::new("environment", Holds::Lookup("environment", UNIFI_ENVIRONMENT)).assumed(),
        Column::new("sys_scope", Holds::Lookup("application", SCOPE)),
        Column::new("active", Holds::Switch("active")).assumed(),
        Column::new("inbound_user", Holds::Lookup("inbound_user", USER)).assumed(),
        Column::new("endpoint_url", Holds::Text("endpoint_url")).assumed(),
        Column::new("authentication", Holds::Labelled("authentication", AUTHENTICATION)).assumed(),
        Column::new("user", Holds::Text("user")).assumed(),
        Column::new("password", Holds::Secret("password_wo", "password_wo_version")).assumed(),
        Column::new("oauth_profile", Holds::Lookup("oauth_profile", OAUTH_PROFILE)).assumed(),
        Column::new("mid_server", Holds::Lookup("mid_server", MID_SERVER)).assumed(),
        Column::new("mutual_auth", Holds::Flag("mutual_auth")).assumed(),
        Column::new("protocol_profile", Holds::Lookup("protocol_profile", PROTOCOL_PROFILE)).assumed(),
        Column::new("instance_name", Holds::Text("instance_name")).assumed(),
    ],
};

/// The ways to sign in. What the instance stores for them is not known.
const AUTHENTICATION: &Choices = &Choices {
    name: "x_snd_eb_connection.authentication",
    table: "x_snd_eb_connection",
    column: "authentication",
    words: &[BASIC, OAUTH],
};

const BASIC: &str = "basic";
const OAUTH: &str = "oauth";

const VARIABLES: RecordLayout = RecordLayout {
    slot: "variable",
    table: "x_snd_eb_connection_variable",
    exists: Exists::ForEach("variables"),
    columns: &[
        Column::new("connection", Holds::Slot("connection")).assumed(),
        Column::new("key", Holds::Key).assumed(),
        Column::new("value", Holds::Text("value")).assumed(),
        Column::new("description", Holds::Text("description")).assumed(),
    ],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_unifi_connection",
    noun: "Unifi connection",
    subcategory: "Unifi",
    schema: model::schema::<UnifiConnection>,
    layout: &LAYOUT,
    natural_keys: &[],
    composite_keys: &[&["integration.name", "environment.name"]],
    exclusive: Some(&unifi::CONNECTIONS),
    beside: &[REASSERT, VERIFY, "direction"],
    check: fits_together,
    proof: Some(Proof {
        secret: "password_wo",
        version: "password_wo_version",
        used_by: UsedBy::Itself,
        shown: Shown::Basic("user"),
    }),
    adjust: |planning| {
        super::keep_unless_changed(planning, "name", &["integration_id", "environment"]);
        left_over(planning)
    },
    warn: Some(|session, planning| {
        Box::pin(async move {
            let mut problems = inbound_user::warn(session, planning).await;
            problems.extend(mid::status::of_named(session, planning).await);
            problems
        })
    }),
    roles: Roles { read: &["x_snd_eb.manager", "x_snd_eb.admin"], write: &["x_snd_eb.admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

/// What counts for one way to sign in alone: the form shows it then and hides it otherwise.
const SHOWN_FOR: [(&str, &str); 3] = [("user", BASIC), ("password_wo", BASIC), ("oauth_profile", OAUTH)];

/// The way that a word stands for, as far as the word alone tells.
fn way(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    AUTHENTICATION.words.iter().find(|it| word.contains(**it)).copied()
}

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = Verify::misfit(config);
    problems.extend(way_of_messages(config));
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    let is_open = |name: &str| config.get(name).is_some_and(Value::is_unknown);
    let flag = |name: &str| config.get(name).and_then(Value::as_bool).unwrap_or_default();
    let chosen = config.get("authentication").and_then(Value::as_str);
    let chosen_way = chosen.and_then(way);
    // What a value of the instance's own means is seen on the instance alone.
    let is_clear = !is_open("authentication") && chosen.is_some() == chosen_way.is_some();
    if is_clear {
        for (name, way) in
            SHOWN_FOR.into_iter().filter(|(name, way)| !is_null(name) && chosen_way != Some(way))
        {
            let reason = format!("It counts when `authentication` is `{way}`, and it is not.");
            let remedy = format!("Set `authentication = \"{way}\"`, or remove `{name}`.");
            problems.push(errors::out_of_place(name, &reason, &remedy));
        }
        for (way, name, what) in
            [(BASIC, "user", "a user name"), (OAUTH, "oauth_profile", "an OAuth profile")]
        {
            if chosen_way == Some(way) && is_null(name) {
                problems.push(errors::lacking(name, &format!("Signing in with `{way}` takes {what}.")));
            }
        }
    }
    if flag("mutual_auth") && is_null("protocol_profile") {
        let reason = "Mutual authentication takes its certificate from a protocol profile.";
        problems.push(errors::lacking("protocol_profile", reason));
    }
    if !flag("mutual_auth") && !is_open("mutual_auth") && !is_null("protocol_profile") {
        let reason = "A protocol profile counts for mutual authentication, and `mutual_auth` is not `true`.";
        let remedy = "Set `mutual_auth = true`, or remove `protocol_profile`.";
        problems.push(errors::out_of_place("protocol_profile", reason, remedy));
    }
    if flag("mutual_auth") && !is_null("mid_server") {
        problems.push(errors::doubtful(
            "mutual_auth",
            "Mutual authentication may not work through a MID server",
            "Classic outbound web services of the platform do not support it. The plan goes on. Test the connection before \
             it is activated.",
        ));
    }
    problems
}

/// What a connection needs to send or to receive is declared. One that is declared to be active has to be able to do either:
/// one that only receives is active too.
fn way_of_messages(config: &Object) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    let direction = config.get("direction").and_then(Value::as_str).unwrap_or_default();
    let (sends, receives) = match direction {
        "outbound" => (true, false),
        "inbound" => (false, true),
        "bidirectional" => (true, true),
        _ => (false, false),
    };
    if sends && is_null("endpoint_url") {
        let reason = format!("A connection that is `{direction}` sends, and nothing says where to.");
        problems.push(errors::lacking("endpoint_url", &reason));
    }
    if receives && is_null("inbound_user") {
        let reason = format!(
            "A connection that is `{direction}` receives, and calls are let in for an inbound user alone."
        );
        problems.push(errors::lacking("inbound_user", &reason));
    }
    if sends && !receives && !is_null("inbound_user") {
        let reason = "The connection is `outbound`, and an inbound user lets calls in.";
        let remedy = "Set `direction = \"bidirectional\"`, or remove `inbound_user`.";
        problems.push(errors::out_of_place("inbound_user", reason, remedy));
    }
    let is_active = config.get("active").and_then(Value::as_bool) == Some(true);
    if is_active && !sends && !receives && is_null("endpoint_url") && is_null("inbound_user") {
        let reason = "The connection is declared to be active, and it can neither send without a URL nor receive without an \
                      `inbound_user`.";
        problems.push(errors::lacking("endpoint_url", reason));
    }
    problems
}

/// What the instance has and does not use, as the form hides it: an import and a change by hand leave it behind.
fn left_over(planning: &Planning<'_>) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let Some(prior) = planning.prior else { return problems };
    let text = |name: &str| prior.get(name).and_then(Value::as_str);
    let goes =
        |name: &str| text(name).is_some() && planning.plan.planned.get(name).is_none_or(Value::is_null);
    let way = text("authentication").and_then(way);
    for (name, needed) in
        SHOWN_FOR.into_iter().filter(|(name, needed)| goes(name) && way.is_some_and(|it| it != *needed))
    {
        let unless = format!("`authentication = \"{needed}\"`");
        problems.push(has_no_effect(name, text(name).unwrap_or_default(), &unless));
    }
    let is_mutual = prior.get("mutual_auth").and_then(Value::as_bool).unwrap_or_default();
    if goes("protocol_profile") && !is_mutual {
        let profile = text("protocol_profile").unwrap_or_default();
        problems.push(has_no_effect("protocol_profile", profile, "`mutual_auth = true`"));
    }
    problems
}

fn has_no_effect(attribute: &str, value: &str, unless: &str) -> Diagnostic {
    let detail = format!(
        "On the instance `{attribute}` is `{value}`, which counts with {unless} alone: the form hides it, and nothing uses it. \
         This plan removes it. To use it instead, declare it together with {unless}."
    );
    errors::doubtful(attribute, &format!("`{attribute}` on the instance has no effect"), &detail)
}
