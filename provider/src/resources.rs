//! One file per resource: its attributes, where it lives, and its own rules.

pub mod api_access_policy;
pub mod api_key_credential;
pub mod api_key_profile;
pub mod basic_auth_credential;
pub mod basic_connection;
pub mod connection;
pub mod connection_activation;
pub mod connection_alias;
pub mod credential;
pub mod environment;
pub mod external_store;
pub mod http_connection;
pub mod inbound_api_key;
pub mod inbound_endpoint;
pub mod integration_user;
pub mod jdbc_connection;
pub mod jms_connection;
pub mod kafka_connection;
pub mod mid;
pub mod oauth2_credential;
pub mod oauth_profile;
pub mod oauth_provider;
pub mod pointer;
pub mod record;
pub mod references;
pub mod retry_policy;
pub mod ssh_private_key_credential;
pub mod unifi_activation;
pub mod unifi_connection;
pub mod unifi_environment;
pub mod unifi_integration;

use servicenow_core::SysId;
use tf_core::{Check, Value};
use tf_plugin::Planning;

/// The attribute that says what to do about a secret that somebody else may have changed.
pub const REASSERT: &str = "reassert_secret";

/// What the page of a resource with a secret says of it.
pub const SECRET_NOTES: &str = "## What is not seen\n\nAn instance never shows a secret. Whether somebody else changed it cannot \
    be seen; that the record was changed after the secret was written can, and is a warning that says who did it and when. \
    Change the version to write the declared secret again once, or set `reassert_secret`.";

/// A check that a text is the id of a record.
pub fn sys_id() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if text.parse::<SysId>().is_err() => Err(format!(
            "`{text}` is not the id of a record. Refer to the `id` of a resource or data source, or write the \
             record's sys_id: 32 hexadecimal digits"
        )),
        _ => Ok(()),
    };
    Check::new("a sys_id of 32 hexadecimal digits", test).in_json_schema("pattern", "^[0-9a-fA-F]{32}$")
}

/// A check that every element of a set is the id of a record.
pub fn sys_ids() -> Check {
    let test = |value: &Value| {
        let check = sys_id();
        value.as_elements().unwrap_or_default().iter().try_for_each(|it| (check.test)(it))
    };
    Check::new("sys_ids of 32 hexadecimal digits", test)
}

/// A check that a text has something to show.
pub fn not_blank() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if text.trim().is_empty() => {
            Err("it is empty. Write a name that people recognise".to_owned())
        }
        Some(text) if text.trim() != text => {
            Err(format!("`{text}` begins or ends with a blank, which the instance drops. Remove the blank"))
        }
        _ => Ok(()),
    };
    Check::new("a text that neither begins nor ends with a blank", test)
}

/// Keeps a calculated attribute as it was while the attributes it is calculated from do not change.
pub fn keep_unless_changed(planning: &mut Planning<'_>, calculated: &str, sources: &[&str]) {
    let Some(prior) = planning.prior else { return };
    let planned = &mut planning.plan.planned;
    let unchanged = sources.iter().all(|it| prior.get(*it) == planned.get(*it));
    if let Some(value) = prior.get(calculated).filter(|it| unchanged && !it.is_null()) {
        planned.insert(calculated.to_owned(), value.clone());
    }
}
