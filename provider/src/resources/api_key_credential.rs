//! `servicenow_api_key_credential`: a key or token of another system.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Diagnostics, Model, Object, Secret, WriteOnly, check, model};

use super::pointer::Verify;
use super::{REASSERT, SECRET_NOTES, credential, external_store};
use crate::definition::{Definition, Roles};
use crate::lifecycle::rotation::{Proof, Shown, UsedBy};

/// A key or a token that the instance shows to another system. It is write-only: it is in no state and no plan, and it is
/// written when the credential is created and whenever its version changes.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ApiKeyCredential {
    /// Which credential it is.
    #[tf(flatten())]
    pub named: credential::Named,
    /// The key or token. Without it the credential keeps the one that it has on the instance.
    #[tf(optional().version("api_key_wo_version"))]
    pub api_key_wo: Attr<WriteOnly<Secret>>,
    /// Any text that stands for the current key, such as a number or a date. A change of it writes the key again.
    #[tf(optional())]
    pub api_key_wo_version: Attr<String>,
    /// Name of the header that carries the key.
    #[tf(optional().check(check::length(1, 100)))]
    pub header_name: Attr<String>,
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
        table: "api_key_credentials",
        exists: Exists::Always,
        columns: &[
            credential::ID,
            credential::NAME,
            Column::new("api_key", Holds::Secret("api_key_wo", "api_key_wo_version")),
            Column::new("api_key_header_name", Holds::Text("header_name")).assumed(),
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
    type_name: "servicenow_api_key_credential",
    noun: "API key credential",
    subcategory: "Credentials",
    schema: model::schema::<ApiKeyCredential>,
    layout: &LAYOUT,
    beside: &[REASSERT, credential::VERIFY],
    check: fits_together,
    proof: Some(Proof {
        secret: "api_key_wo",
        version: "api_key_wo_version",
        used_by: UsedBy::Referring,
        shown: Shown::Header("header_name"),
    }),
    roles: Roles { read: &["credential_admin"], write: &["credential_admin"] },
    notes: SECRET_NOTES,
    ..Definition::PLAIN
};

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = external_store::check(config, &["api_key_wo"], &[]);
    problems.extend(credential::check_use(config));
    problems.extend(Verify::misfit(config));
    problems
}
