//! `servicenow_basic_auth_credential`: a user name and a password at another system.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, Secret, WriteOnly, check, model};

use super::references::MID_SERVER;
use super::{REASSERT, SECRET_NOTES, external_store, not_blank, sys_ids};
use crate::definition::{Definition, Roles};

/// A user name and a password with which the instance signs in at another system. The password is write-only: it is in
/// no state and no plan, and it is written when the credential is created and whenever its version changes.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct BasicAuthCredential {
    /// The sys_id of the credential.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the credential.
    #[tf(required().check(not_blank()).check(check::length(0, 100)))]
    pub name: Attr<String>,
    /// User name at the other system.
    #[tf(optional().check(check::length(1, 255)))]
    pub user_name: Attr<String>,
    /// Password at the other system. Without it the credential keeps the password that it has on the instance.
    #[tf(optional().version("password_wo_version"))]
    pub password_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current password, such as a number or a date. A change of it writes the password
    /// again.
    #[tf(optional())]
    pub password_wo_version: Attr<String>,
    /// What to do when somebody changed the credential after this configuration had written the secret: `true` writes it
    /// again, `false` says nothing. Without it such a change is a warning.
    #[tf(optional())]
    pub reassert_secret: Attr<bool>,
    /// Whether the secret is kept in a store outside the instance, which is asked for it. Then no secret passes through
    /// Terraform.
    #[tf(optional().default(false))]
    pub use_external_store: Attr<bool>,
    /// What the external store knows the credential by.
    #[tf(optional().check(check::length(1, 40)))]
    pub external_credential_id: Attr<String>,
    /// The vault of the external store that keeps it.
    #[tf(optional().check(check::length(1, 100)))]
    pub external_vault: Attr<String>,
    /// Position among credentials that fit equally well: lower comes first.
    #[tf(optional().default(100))]
    pub order: Attr<i64>,
    /// Whether the credential may be used.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// Which MID servers may use the credential: `all`, or those of `mid_servers`.
    #[tf(optional().default("all").check(check::one_of(&["all", "specific"])))]
    pub applies_to: Attr<String>,
    /// The MID servers that may use the credential: names or sys_ids.
    #[tf(optional())]
    pub mid_servers: Attr<SetOf<String>>,
    /// The sys_ids of the credential aliases that the credential serves.
    #[tf(optional().check(sys_ids()))]
    pub credential_alias_ids: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "credential",
        table: "basic_auth_credentials",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")),
            Column::new("user_name", Holds::Text("user_name")),
            Column::new("password", Holds::Secret("password_wo", "password_wo_version")),
            external_store::COLUMNS[0],
            external_store::COLUMNS[1],
            external_store::COLUMNS[2],
            Column::new("order", Holds::Number("order")),
            Column::new("active", Holds::Flag("active")),
            Column::new("applies_to", Holds::Text("applies_to")).assumed(),
            Column::new("mid_list", Holds::Lookups("mid_servers", MID_SERVER)).assumed(),
            Column::new("tag", Holds::References("credential_alias_ids", "sys_alias")),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_basic_auth_credential",
    noun: "basic auth credential",
    subcategory: "Credentials",
    schema: model::schema::<BasicAuthCredential>,
    layout: &LAYOUT,
    beside: &[REASSERT],
    check: fits_together,
    roles: Roles { read: &["credential_admin"], write: &["credential_admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = external_store::check(config, &["user_name", "password_wo"], &["user_name"]);
    problems.extend(super::for_specific_mid_servers(config));
    problems
}
