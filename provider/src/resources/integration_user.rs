//! `servicenow_integration_user`: the machine that another system signs in as.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Secret, Value, WriteOnly, check, model};
use tf_plugin::Planning;

use super::references::ROLE;
use super::{REASSERT, SECRET_NOTES, not_blank};
use crate::definition::{Definition, Roles};

/// A user that is a machine: another system signs in as it to call web services, and nobody can use it in a browser. Its
/// password is write-only; its roles are those that are granted to it, and what these or groups bring along is left alone.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct IntegrationUser {
    /// The sys_id of the user.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name with which the other system signs in, unique on the instance.
    #[tf(required().check(not_blank()).check(check::length(1, 40)))]
    pub user_name: Attr<String>,
    /// First name, for people who look at the user.
    #[tf(optional().check(check::length(0, 50)))]
    pub first_name: Attr<String>,
    /// Last name, for people who look at the user.
    #[tf(optional().check(check::length(0, 50)))]
    pub last_name: Attr<String>,
    /// Address of whoever is responsible.
    #[tf(optional().check(check::length(0, 100)))]
    pub email: Attr<String>,
    /// The password. Without it the user keeps the one that it has on the instance.
    #[tf(optional().version("password_wo_version"))]
    pub password_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current password, such as a number or a date. A change of it writes the password
    /// again.
    #[tf(optional())]
    pub password_wo_version: Attr<String>,
    /// What to do when somebody changed the user after this configuration had written the password: `true` writes it
    /// again, `false` says nothing. Without it such a change is a warning. A sign-in may count as a change.
    #[tf(optional())]
    pub reassert_secret: Attr<bool>,
    /// Whether the user may sign in.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// Whether the user may call web services alone, and not use a browser.
    #[tf(optional().default(true))]
    pub web_service_access_only: Attr<bool>,
    /// What the user is. A new one is a `machine` when nothing is given.
    #[tf(optional_computed()
        .stable()
        .check(check::one_of(&["machine", "human", "ai_agent", "unclassified"])))]
    pub identity_type: Attr<String>,
    /// The roles that are granted to the user itself: names or sys_ids. Roles that others contain, and roles of groups, are
    /// not among them.
    #[tf(optional())]
    pub roles: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[
        RecordLayout {
            slot: "user",
            table: "sys_user",
            exists: Exists::Always,
            columns: &[
                Column::new("sys_id", Holds::SysId("id")),
                Column::new("user_name", Holds::Text("user_name")),
                Column::new("first_name", Holds::Text("first_name")),
                Column::new("last_name", Holds::Text("last_name")),
                Column::new("email", Holds::Text("email")),
                Column::new("user_password", Holds::Secret("password_wo", "password_wo_version")),
                Column::new("active", Holds::Flag("active")),
                Column::new("web_service_access_only", Holds::Flag("web_service_access_only")),
                Column::new("identity_type", Holds::Text("identity_type")),
            ],
        },
        RecordLayout {
            slot: "grant",
            table: "sys_user_has_role",
            exists: Exists::ForEach("roles"),
            columns: &[
                Column::new("user", Holds::Slot("user")),
                Column::new("role", Holds::KeyLookup(ROLE)),
                Column::new("inherited", Holds::Only("false")),
            ],
        },
    ],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_integration_user",
    noun: "integration user",
    subcategory: "Inbound",
    schema: model::schema::<IntegrationUser>,
    layout: &LAYOUT,
    natural_keys: &["user_name"],
    beside: &[REASSERT],
    adjust,
    roles: Roles { read: &["user_admin"], write: &["user_admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

/// A user who is taken over may say nothing of what it is, and keeps that.
fn adjust(planning: &mut Planning<'_>) -> Diagnostics {
    let is_unset = planning.config.get("identity_type").is_none_or(Value::is_null);
    if is_unset {
        let before = planning.prior.map(|it| it.get("identity_type").cloned().unwrap_or(Value::Null));
        let value = before.unwrap_or_else(|| Value::string("machine"));
        planning.plan.planned.insert("identity_type".to_owned(), value);
    }
    Diagnostics::none()
}
