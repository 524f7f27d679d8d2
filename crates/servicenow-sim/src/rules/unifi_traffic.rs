//! Rules of the application Unifi about processes, their web services, and what becomes of messages.

use super::{Change, Moment, Rule, Verdict, abort_if, is_alone, unifi};
use crate::instance::{Instance, flag, text};
use crate::records::{Wanted, WriteError, Writer};
use crate::settings::{UNIFI_PAUSE, UNIFI_SENDING};
use crate::store::Row;

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Unifi: unique API name",
        sys_id: "b1a500000000000000000000000e0f11",
        table: "x_snd_eb_process",
        moment: Moment::Before(unique_api_name),
    },
    Rule {
        name: "Unifi: create web service",
        sys_id: "b1a500000000000000000000000e0f12",
        table: "x_snd_eb_process",
        moment: Moment::AfterAlways(web_service),
    },
    Rule {
        name: "Unifi: send or queue transaction",
        sys_id: "b1a500000000000000000000000e0f13",
        table: "x_snd_eb_transaction",
        moment: Moment::Before(send),
    },
    Rule {
        name: "Unifi: follow heartbeat",
        sys_id: "b1a500000000000000000000000e0f14",
        table: "x_snd_eb_http_request",
        moment: Moment::After(heartbeat),
    },
    Rule {
        name: "Unifi: release queued transactions",
        sys_id: "b1a500000000000000000000000e0f15",
        table: unifi::INTEGRATION,
        moment: Moment::After(resume),
    },
];

/// The resources of a process's web service: the column that refers to them, their path and what they are for.
const RESOURCES: [(&str, &str, &str); 2] =
    [("message_method", "/message", "Message"), ("action_method", "/action", "Action")];

fn unique_api_name(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let name = change.text("api_name");
    if name.is_empty() || !change.touches(&["api_name"]) {
        return Ok(Verdict::Go);
    }
    Ok(abort_if(!is_alone(instance, change, "x_snd_eb_process", &[("api_name", name)])?))
}

/// A new process has a web service with two resources; it is renamed with the process, and outlives it.
fn web_service(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    if change.text("rest_service").is_empty() {
        return create_service(instance, change);
    }
    if !change.touches(&["name", "api_name"]) {
        return Ok(());
    }
    let service = change.text("rest_service");
    let found = instance.store.find(&instance.dictionary, "sys_ws_definition", service)?;
    if let Some((table, row)) = found {
        let wanted = Wanted::from([
            ("name".to_owned(), change.text("name").to_owned()),
            ("service_id".to_owned(), service_id(change)),
        ]);
        instance.change(change.writer, table, &row, &wanted)?;
    }
    Ok(())
}

fn create_service(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    let (Some(definitions), Some(operations), Some(before)) = (
        instance.dictionary.table("sys_ws_definition"),
        instance.dictionary.table("sys_ws_operation"),
        instance.store.find(&instance.dictionary, "x_snd_eb_process", change.text("sys_id"))?,
    ) else {
        return Ok(());
    };
    let wanted = Wanted::from([
        ("name".to_owned(), change.text("name").to_owned()),
        ("service_id".to_owned(), service_id(change)),
        ("sys_scope".to_owned(), change.text("sys_scope").to_owned()),
    ]);
    let service = text(&instance.create(change.writer, definitions, &wanted)?, "sys_id").to_owned();
    let mut ids = vec![("rest_service", service.clone())];
    for (column, path, name) in RESOURCES {
        let wanted = Wanted::from([
            ("name".to_owned(), name.to_owned()),
            ("web_service_definition".to_owned(), service.clone()),
            ("http_method".to_owned(), "POST".to_owned()),
            ("relative_path".to_owned(), path.to_owned()),
            ("requires_acl_authorization".to_owned(), "false".to_owned()),
            ("sys_scope".to_owned(), change.text("sys_scope").to_owned()),
        ]);
        let operation = instance.create(change.writer, operations, &wanted)?;
        ids.push((column, text(&operation, "sys_id").to_owned()));
    }
    let (table, row) = before;
    let references: Row = ids.iter().map(|(column, id)| ((*column).to_owned(), id.clone())).collect();
    instance.store.update(&table.name, text(&row, "sys_id"), &references)?;
    ids.into_iter().for_each(|(column, id)| change.fill(column, id));
    Ok(())
}

fn service_id(change: &Change<'_>) -> String {
    let name = [change.text("api_name"), change.text("name")].into_iter().find(|it| !it.is_empty());
    let name = name.unwrap_or_default().to_lowercase();
    name.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect()
}

/// A new transaction goes out through the active connection, waits while the integration is paused, or ends in an error.
fn send(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.before.is_some() {
        return Ok(Verdict::Go);
    }
    let id = change.text("integration").to_owned();
    let integration = instance.store.find(&instance.dictionary, unifi::INTEGRATION, &id)?;
    let connection = unifi::active_connections(instance, &id)?.into_iter().next();
    let own_name = instance.property("instance_name")?;
    let (state, reason) = match (integration, connection) {
        (Some((_, row)), _) if holds_back(instance, &row) => ("queued", String::new()),
        (_, None) => ("error", "The integration has no active connection".to_owned()),
        (_, Some((_, row))) if is_elsewhere(&row, &own_name) => {
            let pinned = text(&row, "instance_name");
            ("error", format!("The connection is for the instance {pinned}, this is {own_name}"))
        }
        (_, Some((_, row))) => {
            change.fill("connection", text(&row, "sys_id").to_owned());
            (sent(instance), String::new())
        }
    };
    change.fill("state", state.to_owned());
    change.fill("error", reason);
    Ok(Verdict::Go)
}

/// Whether an integration keeps its messages from going out.
fn holds_back(instance: &Instance, integration: &Row) -> bool {
    text(integration, "state") == "paused" && instance.settings.text(UNIFI_PAUSE) != "hollow"
}

/// The state of a message that went out.
fn sent(instance: &Instance) -> &'static str {
    if instance.settings.text(UNIFI_SENDING) == "slow" { "sending" } else { "complete" }
}

/// Whether a connection is pinned to another instance.
fn is_elsewhere(connection: &Row, own_name: &str) -> bool {
    let pinned = text(connection, "instance_name");
    !pinned.is_empty() && !pinned.eq_ignore_ascii_case(own_name)
}

/// A heartbeat that fails pauses its integration, the next one that comes through resumes it.
fn heartbeat(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    let id = change.text("integration");
    let found = instance.store.find(&instance.dictionary, unifi::INTEGRATION, id)?;
    let Some((table, row)) = found.filter(|_| change.flag("heartbeat") && change.before.is_none()) else {
        return Ok(());
    };
    let status: u16 = change.text("status_code").parse().unwrap_or_default();
    let well = (200..400).contains(&status);
    let wanted = match (well, text(&row, "status")) {
        (false, _) if flag(&row, "active") => [("status", "down"), ("state", "paused")],
        (true, "down") if flag(&row, "active") => [("status", "up"), ("state", "active")],
        (true, _) => [("status", "up"), ("state", text(&row, "state"))],
        (false, _) => [("status", "down"), ("state", text(&row, "state"))],
    };
    let mut after = row.clone();
    after.extend(wanted.map(|(column, value)| (column.to_owned(), value.to_owned())));
    instance.put(change.writer, table, &row, after).map(|_| ())
}

/// An integration that is resumed sends what waited.
fn resume(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    if change.old("state") != "paused" || change.text("state") != "active" {
        return Ok(());
    }
    release(instance, change.writer, change.text("sys_id"))
}

/// What waits goes out through the active connection, in the order in which it came.
pub fn release(instance: &Instance, writer: Writer<'_>, integration: &str) -> Result<(), WriteError> {
    let waiting = [("integration", integration), ("state", "queued")];
    let connection = unifi::active_connections(instance, integration)?;
    let connection = connection.first().map(|(_, row)| text(row, "sys_id")).unwrap_or_default();
    for (table, row) in instance.store.matching(&instance.dictionary, "x_snd_eb_transaction", &waiting)? {
        instance.save(writer, table, &row, &[("state", sent(instance)), ("connection", connection)])?;
    }
    Ok(())
}
