//! `servicenow_basic_auth_credential`: a user name and a password at another system.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostics, Model, Object, Secret, WriteOnly, check, model};

use super::pointer::Verify;
use super::{REASSERT, SECRET_NOTES, credential, external_store};
use crate::definition::{Definition, Roles};
use crate::lifecycle::rotation::{Proof, Shown, UsedBy};

/// A user name and a password with which the instance signs in at another system. The password is write-only: it is in
/// no state and no plan, and it is written when the credential is created and whenever its version changes.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct BasicAuthCredential {
    /// Which credential it is.
    #[tf(flatten())]
    pub named: credential::Named,
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
    /// What is done about a secret that somebody else may have changed.
    #[tf(flatten())]
    pub reassert: credential::Reassert,
    /// Who is asked after the secret was written.
    #[tf(flatten())]
    pub asked: credential::Asked,
    /// A store outside the instance that keeps the secret.
    #[tf(flatten())]
    pub external_store: external_store::ExternalStore,
    /// Who may use it.
    #[tf(flatten())]
    pub in_use: credential::Use,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "credential",
        table: "basic_auth_credentials",
        exists: Exists::Always,
        columns: &[
            credential::ID,
            credential::NAME,
            Column::new("user_name", Holds::Text("user_name")),
            Column::new("password", Holds::Secret("password_wo", "password_wo_version")),
            external_store::COLUMNS[0],
            external_store::COLUMNS[1],
            external_store::COLUMNS[2],
            credential::USE[0],
            credential::USE[1],
            credential::USE[2],
            credential::USE[3],
            credential::USE[4],
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
    beside: &[REASSERT, credential::VERIFY],
    check: fits_together,
    proof: Some(Proof {
        secret: "password_wo",
        version: "password_wo_version",
        used_by: UsedBy::Referring,
        shown: Shown::Basic("user_name"),
    }),
    roles: Roles { read: &["credential_admin"], write: &["credential_admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = external_store::check(config, &["user_name", "password_wo"], &["user_name"]);
    problems.extend(credential::check_use(config));
    problems.extend(Verify::misfit(config));
    problems
}
