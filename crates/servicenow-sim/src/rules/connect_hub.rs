//! Rules of the application Connect Hub: an inbound endpoint has an address once it was activated.
//!
//! The names of its tables and columns are published nowhere and assumed; what the pages say about its life is not.

use uuid::Uuid;

use super::{Change, Moment, Rule, Verdict, abort_if};
use crate::instance::{Instance, text};
use crate::records::WriteError;
use crate::settings::CONNECT_HUB_URL;

const ENDPOINT: &str = "sn_wdf_connect_hub_inbound_endpoint";

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Connect Hub: spoke must be installed",
        sys_id: "b1a50000000000000000000000c0b001",
        table: ENDPOINT,
        moment: Moment::Before(spoke_installed),
    },
    Rule {
        name: "Connect Hub: configuration must be complete",
        sys_id: "b1a50000000000000000000000c0b002",
        table: ENDPOINT,
        moment: Moment::Before(configured),
    },
    Rule {
        name: "Connect Hub: generate endpoint",
        sys_id: "b1a50000000000000000000000c0b003",
        table: ENDPOINT,
        moment: Moment::Before(generate),
    },
    Rule {
        name: "Connect Hub: keep connector type",
        sys_id: "b1a50000000000000000000000c0b004",
        table: "sn_wdf_connect_hub_connector",
        moment: Moment::Before(keep_type),
    },
];

/// The spoke that handles the calls is an application of the instance.
fn spoke_installed(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let spoke = change.text("spoke");
    let spokes = instance.store.find(&instance.dictionary, "sys_store_app", spoke)?;
    Ok(abort_if(change.touches(&["spoke"]) && (spoke.is_empty() || spokes.is_none())))
}

/// What cannot be activated: an endpoint whose way of authentication lacks what it needs.
fn configured(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let missing = match change.text("authentication") {
        "basic" => change.text("roles").is_empty(),
        "oauth" => change.text("roles").is_empty() || change.text("application_registry").is_empty(),
        "token" | "hash" => false,
        _ => true,
    };
    change.fill("configured", (!missing).to_string());
    Ok(abort_if(change.flag("active") && missing))
}

/// The address appears with the activation. Deactivating keeps it; whether it stays the same later is a setting.
fn generate(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if !change.flag("active") || !change.touches(&["active"]) {
        return Ok(Verdict::Go);
    }
    let again = !change.text("url").is_empty();
    if !again || instance.settings.text(CONNECT_HUB_URL) == "new" {
        let scope = instance.store.find(&instance.dictionary, "sys_store_app", change.text("spoke"))?;
        let scope = scope.map(|(_, row)| text(&row, "scope").to_owned()).unwrap_or_default();
        let url = format!("{}/api/{scope}/inbound/{}", instance.base_url, Uuid::new_v4().simple());
        change.fill("url", url);
    }
    let header = match change.text("authentication") {
        "token" => "X-Token",
        "hash" => "X-Signature",
        _ => "",
    };
    if change.text("header_name").is_empty() {
        change.fill("header_name", header.to_owned());
    }
    for (kind, column) in [("token", "token"), ("hash", "hash_secret")] {
        if change.text("authentication") == kind && change.text(column).is_empty() {
            let secret = instance.store.encrypt(&Uuid::new_v4().simple().to_string())?;
            change.fill(column, secret);
        }
    }
    Ok(Verdict::Go)
}

/// A connector is of the same type all its life.
fn keep_type(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    Ok(abort_if(change.before.is_some() && change.touches(&["type"])))
}
