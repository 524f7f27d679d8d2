//! `servicenow_ssh_private_key_credential`: a private key with which MID servers sign in at hosts.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostics, Model, Object, Secret, WriteOnly, check, model};

use super::{REASSERT, SECRET_NOTES, credential, external_store};
use crate::definition::{Definition, Roles};

/// A private key with which MID servers sign in at hosts. The key and its passphrase are write-only: they are in no state
/// and no plan, and they are written when the credential is created and whenever their versions change.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct SshPrivateKeyCredential {
    /// Which credential it is.
    #[tf(flatten())]
    pub named: credential::Named,
    /// User name at the hosts.
    #[tf(optional().check(check::length(1, 255)))]
    pub user_name: Attr<String>,
    /// The private key in PEM. Without it the credential keeps the one that it has on the instance.
    #[tf(optional().version("private_key_wo_version"))]
    pub private_key_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current key, such as a number or a date. A change of it writes the key again.
    #[tf(optional())]
    pub private_key_wo_version: Attr<String>,
    /// The passphrase of the private key.
    #[tf(optional().version("passphrase_wo_version"))]
    pub passphrase_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current passphrase. A change of it writes the passphrase again.
    #[tf(optional())]
    pub passphrase_wo_version: Attr<String>,
    /// What is done about a secret that somebody else may have changed.
    #[tf(flatten())]
    pub reassert: credential::Reassert,
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
        table: "ssh_private_key_credentials",
        exists: Exists::Always,
        columns: &[
            credential::ID,
            credential::NAME,
            Column::new("user_name", Holds::Text("user_name")),
            Column::new("ssh_private_key", Holds::Secret("private_key_wo", "private_key_wo_version"))
                .assumed(),
            Column::new("ssh_passphrase", Holds::Secret("passphrase_wo", "passphrase_wo_version")).assumed(),
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
    type_name: "servicenow_ssh_private_key_credential",
    noun: "SSH private key credential",
    subcategory: "Credentials",
    schema: model::schema::<SshPrivateKeyCredential>,
    layout: &LAYOUT,
    beside: &[REASSERT],
    check: fits_together,
    roles: Roles { read: &["credential_admin"], write: &["credential_admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems =
        external_store::check(config, &["user_name", "private_key_wo", "passphrase_wo"], &["user_name"]);
    problems.extend(credential::check_use(config));
    problems
}
