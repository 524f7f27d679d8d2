//! Rules of the application Unifi: which connection of an integration is the active one, and what follows from that.
//!
//! The integration's own flag is no choice of anybody: it is on while one of its connections is active.

use super::{Change, Moment, Removal, Rule, Verdict, abort_if, is_alone, unifi_traffic};
use crate::instance::{Instance, flag, text};
use crate::records::{WriteError, Writer};
use crate::settings::{
    UNIFI_DELETE_CASCADE, UNIFI_ENVIRONMENT_ONCE, UNIFI_INBOUND_USER_UNIQUE, UNIFI_INTEGRATION_WRITE,
    UNIFI_MOVE_CLEANUP, UNIFI_PAUSE,
};
use crate::store::Row;

/// What the names of its tables begin with.
pub const PREFIX: &str = "x_snd_eb_";
/// The connections of integrations to environments.
pub const CONNECTION: &str = "x_snd_eb_connection";
/// The integrations of processes with external systems.
pub const INTEGRATION: &str = "x_snd_eb_integration";

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Unifi: describe connection",
        sys_id: "b1a500000000000000000000000e0f01",
        table: CONNECTION,
        moment: Moment::Computes(describe),
    },
    Rule {
        name: "Unifi: validate inbound user",
        sys_id: "b1a500000000000000000000000e0f02",
        table: CONNECTION,
        moment: Moment::Before(inbound_user_once),
    },
    Rule {
        name: "Unifi: one connection for each environment",
        sys_id: "b1a500000000000000000000000e0f03",
        table: CONNECTION,
        moment: Moment::Before(environment_once),
    },
    Rule {
        name: "Unifi: one active connection",
        sys_id: "b1a500000000000000000000000e0f04",
        table: CONNECTION,
        moment: Moment::After(follow_connection),
    },
    Rule {
        name: "Unifi: deleted connection",
        sys_id: "b1a500000000000000000000000e0f05",
        table: CONNECTION,
        moment: Moment::AfterDelete(connection_deleted),
    },
    Rule {
        name: "Unifi: unique variable key",
        sys_id: "b1a500000000000000000000000e0f06",
        table: "x_snd_eb_connection_variable",
        moment: Moment::Before(unique_key),
    },
    Rule {
        name: "Unifi: active follows the connections",
        sys_id: "b1a500000000000000000000000e0f07",
        table: INTEGRATION,
        moment: Moment::Before(keep_integration),
    },
    Rule {
        name: "Unifi: activate the last connection",
        sys_id: "b1a500000000000000000000000e0f08",
        table: INTEGRATION,
        moment: Moment::After(follow_integration),
    },
];

/// People see a connection as its integration and environment.
fn describe(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let shown = |table: &str, column: &str| instance.display(table, change.text(column));
    let integration = shown(INTEGRATION, "integration")?.unwrap_or_default();
    let environment = shown("x_snd_eb_environment", "environment")?.unwrap_or_default();
    let names: Vec<String> = [integration, environment].into_iter().filter(|it| !it.is_empty()).collect();
    change.fill("name", names.join(" - "));
    Ok(Verdict::Go)
}

/// A call could not be attributed if two active connections named the same user.
fn inbound_user_once(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let place = instance.settings.text(UNIFI_INBOUND_USER_UNIQUE);
    let user = change.text("inbound_user");
    if place == "off" || user.is_empty() || !change.flag("active") {
        return Ok(Verdict::Go);
    }
    let process = |integration: &str| -> Result<String, WriteError> {
        let found = instance.store.find(&instance.dictionary, INTEGRATION, integration)?;
        Ok(found.map(|(_, row)| text(&row, "process").to_owned()).unwrap_or_default())
    };
    let own = process(change.text("integration"))?;
    let same = [("inbound_user", user), ("active", "true")];
    for (_, row) in instance.store.matching(&instance.dictionary, CONNECTION, &same)? {
        // Connections of the same integration are switched off by the one that becomes active.
        let rival = text(&row, "sys_id") != change.text("sys_id")
            && text(&row, "integration") != change.text("integration");
        if rival && (place == "global" || process(text(&row, "integration"))? == own) {
            return Ok(Verdict::Abort);
        }
    }
    Ok(Verdict::Go)
}

fn environment_once(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let allowed = instance.settings.text(UNIFI_ENVIRONMENT_ONCE) == "off";
    if allowed || change.text("environment").is_empty() || !change.touches(&["environment", "integration"]) {
        return Ok(Verdict::Go);
    }
    let same = [("integration", change.text("integration")), ("environment", change.text("environment"))];
    Ok(abort_if(!is_alone(instance, change, CONNECTION, &same)?))
}

fn unique_key(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let same = [("connection", change.text("connection")), ("key", change.text("key"))];
    Ok(abort_if(
        change.touches(&["key", "connection"]) && !is_alone(instance, change, CONNECTION_VARIABLE, &same)?,
    ))
}

const CONNECTION_VARIABLE: &str = "x_snd_eb_connection_variable";

/// The connection that becomes active takes that from its siblings; its integration follows.
fn follow_connection(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    if !change.touches(&["active", "integration"]) {
        return Ok(());
    }
    let integration = change.text("integration").to_owned();
    let was_active = change.old("active") == "true";
    let moved = change.before.is_some() && change.old("integration") != integration;
    if change.flag("active") {
        for (table, row) in active_connections(instance, &integration)? {
            if text(&row, "sys_id") != change.text("sys_id") {
                instance.save(change.writer, table, &row, &[("active", "false")])?;
            }
        }
        show(instance, change.writer, &integration, true)?;
    } else if was_active && !moved {
        settle(instance, change.writer, &integration)?;
    }
    if moved && was_active && instance.settings.text(UNIFI_MOVE_CLEANUP) == "on" {
        settle(instance, change.writer, change.old("integration"))?;
    }
    Ok(())
}

fn connection_deleted(instance: &Instance, removal: &Removal<'_>) -> Result<(), WriteError> {
    let follows = flag(removal.row, "active") && instance.settings.text(UNIFI_DELETE_CASCADE) == "on";
    if follows { settle(instance, removal.writer, text(removal.row, "integration")) } else { Ok(()) }
}

/// What a write of the integration's own flag does is a setting; a new integration is inactive.
fn keep_integration(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.before.is_none() {
        change.fill("active", "false".to_owned());
        change.fill("state", "off".to_owned());
        return Ok(Verdict::Go);
    }
    if !change.touches(&["active"]) {
        return keep_state(instance, change);
    }
    match instance.settings.text(UNIFI_INTEGRATION_WRITE) {
        "reject" => return Ok(Verdict::Abort),
        "cascade" => {
            let state = if change.flag("active") { "active" } else { "off" };
            change.fill("state", state.to_owned());
        }
        _ => {
            let old = change.old("active").to_owned();
            change.fill("active", old);
        }
    }
    Ok(Verdict::Go)
}

/// What a write of the state alone does is a setting: what follows from connections and heartbeats is no such write.
fn keep_state(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.touches(&["state"]) {
        match instance.settings.text(UNIFI_PAUSE) {
            "refused" => return Ok(Verdict::Abort),
            "ignored" => {
                let old = change.old("state").to_owned();
                change.fill("state", old);
            }
            _ => {}
        }
    }
    Ok(Verdict::Go)
}

/// Only with the setting that lets the flag be written: off takes the connection along, on brings the last one back.
fn follow_integration(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    if change.before.is_none() || !change.touches(&["active"]) {
        return Ok(());
    }
    let own = [("integration", change.text("sys_id"))];
    if !change.flag("active") {
        for (table, row) in active_connections(instance, change.text("sys_id"))? {
            instance.save(change.writer, table, &row, &[("active", "false")])?;
        }
        return Ok(());
    }
    let mut all = instance.store.matching(&instance.dictionary, CONNECTION, &own)?;
    all.sort_by_key(|(_, row)| last_used(row));
    match all.last() {
        Some((table, row)) => {
            instance.save(change.writer, table, row, &[("active", "true")])?;
        }
        None => show(instance, change.writer, change.text("sys_id"), false)?,
    }
    Ok(())
}

fn last_used(row: &Row) -> (String, u64) {
    // Within a second the one that changed more often counts.
    (text(row, "sys_updated_on").to_owned(), text(row, "sys_mod_count").parse().unwrap_or_default())
}

/// The active connections of an integration.
pub fn active_connections<'a>(
    instance: &'a Instance,
    integration: &str,
) -> Result<Vec<(&'a crate::dictionary::Table, Row)>, WriteError> {
    let active = [("integration", integration), ("active", "true")];
    Ok(instance.store.matching(&instance.dictionary, CONNECTION, &active)?)
}

/// An integration that has no active connection left is off.
fn settle(instance: &Instance, writer: Writer<'_>, integration: &str) -> Result<(), WriteError> {
    let some = !active_connections(instance, integration)?.is_empty();
    show(instance, writer, integration, some)
}

/// Writes the flag and the state of an integration; one that stays active also stays paused.
fn show(instance: &Instance, writer: Writer<'_>, integration: &str, active: bool) -> Result<(), WriteError> {
    let Some((table, row)) = instance.store.find(&instance.dictionary, INTEGRATION, integration)? else {
        return Ok(());
    };
    let changes = match (active, flag(&row, "active")) {
        (true, true) => return Ok(()),
        (true, false) => [("active", "true"), ("state", "active")],
        (false, _) => [("active", "false"), ("state", "off")],
    };
    instance.save(writer, table, &row, &changes)?;
    // An integration that was off sends what waited from before: assumed.
    if active { unifi_traffic::release(instance, writer, integration) } else { Ok(()) }
}
