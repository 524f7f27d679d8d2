//! `servicenow_connection_alias`: what flows and scripts refer to; its connections are chosen per environment.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostics, Model, Object, Value, check, model};
use tf_plugin::Planning;

use super::references::{CONFIGURATION_TEMPLATE, RETRY_POLICY, SCOPE};
use super::{keep_unless_changed, not_blank, sys_id};
use crate::definition::{Definition, Roles};
use crate::errors;

/// A Connection & Credential alias: the name by which flows, actions and scripts of the instance refer to an
/// integration. Which of its connections they get is decided by
/// [`servicenow_connection_activation`](connection_activation.md).
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ConnectionAlias {
    /// The sys_id of the alias.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the alias, unique within its application scope.
    #[tf(required().check(not_blank()).check(check::length(0, 255)))]
    pub name: Attr<String>,
    /// What the alias stands for: `connection` for a connection with its credential, `credential` for a credential
    /// alone. `connection` when nothing is given; a child alias takes it from its parent.
    #[tf(optional_computed().stable().check(check::one_of(&["connection", "credential"])))]
    pub r#type: Attr<String>,
    /// Kind of the connections, as the instance spells it: `http_connection`, `jdbc_connection`, `sys_connection` for
    /// Basic, `orch_jms_ds` for JMS, `kafka_connection`. `http_connection` when nothing is given; a child alias takes it
    /// from its parent.
    #[tf(optional_computed().stable().check(check::length(1, 40)))]
    pub connection_type: Attr<String>,
    /// What the alias is for.
    #[tf(optional().check(check::length(0, 4000)))]
    pub description: Attr<String>,
    /// Whether several connections may be active at once. `false` when nothing is given; a child alias takes it from
    /// its parent.
    #[tf(optional_computed().stable())]
    pub multiple_connections: Attr<bool>,
    /// The retry policy of the steps of flows that use the alias: its name or its sys_id. Without it nothing is repeated; a
    /// child alias takes it from its parent.
    #[tf(optional_computed())]
    pub retry_policy: Attr<String>,
    /// The template by which people set up connections of the alias: its name or its sys_id. A child alias takes it from
    /// its parent.
    #[tf(optional_computed())]
    pub configuration_template: Attr<String>,
    /// The application that the alias belongs to: its scope, its name or its sys_id. The global one when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub scope: Attr<String>,
    /// The sys_id of the parent alias. It cannot change once the alias exists.
    #[tf(optional().replaces().check(sys_id()))]
    pub parent_id: Attr<String>,
    /// The name with its application scope, as scripts use it. The instance calculates it.
    #[tf(computed())]
    pub qualified_name: Attr<String>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "alias",
        table: "sys_alias",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")),
            Column::new("type", Holds::Text("type")),
            Column::new("connection_type", Holds::Text("connection_type")),
            Column::new("description", Holds::Text("description")),
            Column::new("multiple_connections", Holds::Flag("multiple_connections")),
            Column::new("parent", Holds::Reference("parent_id", "sys_alias")),
            Column::new("retry_policy", Holds::Lookup("retry_policy", RETRY_POLICY)),
            Column::new(
                "configuration_template",
                Holds::Lookup("configuration_template", CONFIGURATION_TEMPLATE),
            ),
            Column::new("sys_scope", Holds::Lookup("scope", SCOPE)),
            Column::new("id", Holds::Calculated("qualified_name")),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_connection_alias",
    noun: "connection alias",
    subcategory: "Connections",
    schema: model::schema::<ConnectionAlias>,
    layout: &LAYOUT,
    natural_keys: &["id", "name"],
    check: fits_together,
    adjust,
    roles: Roles { read: &["connection_admin", "credential_admin"], write: &["admin"] },
    notes: NOTES,
    ..Definition::PLAIN
};

const NOTES: &str = "## Child aliases\n\nA child alias takes five columns from its parent when it is created, whatever is \
    asked for. Leave the attributes out that are inherited.";
/// What a child takes from its parent when it is created; elsewhere they have the value that a form would show.
fn inherited() -> [(&'static str, Value); 5] {
    [
        ("type", Value::string("connection")),
        ("connection_type", Value::string("http_connection")),
        ("multiple_connections", Value::Bool(false)),
        ("retry_policy", Value::Null),
        ("configuration_template", Value::Null),
    ]
}

/// What is inherited cannot be asked for.
fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    if is_null("parent_id") {
        return problems;
    }
    for (name, _) in inherited().into_iter().filter(|(name, _)| !is_null(name)) {
        let reason =
            "A child alias takes it from its parent, and the instance writes over what is asked for.";
        let remedy = format!("Remove `{name}`, or set it on the parent alias.");
        problems.push(errors::out_of_place(name, reason, &remedy));
    }
    problems
}

fn adjust(planning: &mut Planning<'_>) -> Diagnostics {
    let is_child = planning.plan.planned.get("parent_id").is_some_and(|it| !it.is_null());
    for (name, default) in inherited() {
        let unset = planning.config.get(name).is_none_or(Value::is_null);
        if unset && !is_child {
            planning.plan.planned.insert(name.to_owned(), default);
        }
    }
    if is_child {
        // What the parent gives is kept while the child changes, and read again on the next refresh.
        for (name, _) in inherited() {
            keep_unless_changed(planning, name, &[]);
        }
    }
    keep_unless_changed(planning, "qualified_name", &["name"]);
    Diagnostics::none()
}
