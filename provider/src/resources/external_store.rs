//! Credentials whose secrets are kept in a store outside the instance: then no secret passes through Terraform.

use reconcile::{Column, Holds};
use tf_core::{Attr, Diagnostics, Model, Object, Value, check};

use crate::errors;

/// A store outside the instance that keeps the secret.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ExternalStore {
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
}

/// The columns about an external store.
pub const COLUMNS: [Column; 3] = [
    Column::new("use_external_store", Holds::Flag("use_external_store")).assumed(),
    Column::new("credential_id", Holds::Text("external_credential_id")).assumed(),
    Column::new("credential_storage_vault", Holds::Text("external_vault")).assumed(),
];

/// What the configuration says of an external store fits together. `own` are the attributes that the store takes the place
/// of, `needed` those of them that a credential without one needs.
pub fn check(config: &Object, own: &[&str], needed: &[&str]) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    if config.get("use_external_store").is_some_and(Value::is_unknown) {
        return problems;
    }
    if config.get("use_external_store").and_then(Value::as_bool) == Some(true) {
        for name in own.iter().filter(|it| !is_null(it)) {
            let reason = "The credential is kept in an external store: `use_external_store` is `true`.";
            problems.push(errors::out_of_place(name, reason, &format!("Remove `{name}`.")));
        }
        if is_null("external_credential_id") {
            let reason = "The external store finds the credential by it.";
            problems.push(errors::lacking("external_credential_id", reason));
        }
        return problems;
    }
    for name in ["external_credential_id", "external_vault"].into_iter().filter(|it| !is_null(it)) {
        let reason =
            "It counts for a credential in an external store, and `use_external_store` is not `true`.";
        let remedy = format!("Set `use_external_store = true`, or remove `{name}`.");
        problems.push(errors::out_of_place(name, reason, &remedy));
    }
    for name in needed.iter().filter(|it| is_null(it)) {
        let reason = "The credential is not kept in an external store: `use_external_store` is not `true`.";
        problems.push(errors::lacking(name, reason));
    }
    problems
}
