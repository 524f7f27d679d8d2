//! `servicenow_basic_auth_credential`: a user name and a password at another system.

use reconcile::{Column, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Model, Secret, WriteOnly, check, model};

use super::{no_rules, not_blank, sys_ids};
use crate::definition::Definition;

/// A user name and a password with which the instance signs in at another system. The password is write-only: it is in
/// no state and no plan, and it is written when the credential is created and whenever its version changes.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct BasicAuthCredential {
    /// The sys_id of the credential.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the credential.
    #[tf(required().check(not_blank()).check(check::length(0, 255)))]
    pub name: Attr<String>,
    /// User name at the other system.
    #[tf(required().check(check::length(1, 255)))]
    pub user_name: Attr<String>,
    /// Password at the other system. Without it the credential keeps the password that it has on the instance.
    #[tf(optional())]
    pub password_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current password, such as a number or a date. A change of it writes the password
    /// again.
    #[tf(optional())]
    pub password_wo_version: Attr<String>,
    /// Position among credentials that fit equally well: lower comes first.
    #[tf(optional().default(100))]
    pub order: Attr<i64>,
    /// Whether the credential may be used.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// The sys_ids of the credential aliases that the credential serves.
    #[tf(optional().check(sys_ids()))]
    pub credential_alias_ids: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "credential",
        table: "basic_auth_credentials",
        when: None,
        columns: &[
            Column { name: "sys_id", holds: Holds::SysId("id") },
            Column { name: "name", holds: Holds::Text("name") },
            Column { name: "user_name", holds: Holds::Text("user_name") },
            Column { name: "password", holds: Holds::Secret("password_wo", "password_wo_version") },
            Column { name: "order", holds: Holds::Number("order") },
            Column { name: "active", holds: Holds::Flag("active") },
            Column { name: "tag", holds: Holds::References("credential_alias_ids", "sys_alias") },
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
    natural_keys: &["name"],
    exclusive: None,
    adjust: no_rules,
    notes: "## Required roles\n\n`credential_admin`.\n\n## What is not seen\n\nAn instance never shows a password. A \
            password that somebody else changed is therefore not noticed; raise `password_wo_version` to write the \
            declared one again.",
};
