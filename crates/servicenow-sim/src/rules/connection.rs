//! Rules of connections.

use super::{Change, Verdict};
use crate::dictionary::Table;
use crate::instance::{Instance, flag, text};
use crate::records::WriteError;
use crate::settings::{CREDENTIAL_ONCE_RULE, ONE_ACTIVE_RULE};
use crate::store::{Row, StoreError};

/// What decides whether a connection is the active one of its alias.
const GOVERNED: &[&str] = &["active", "connection_alias", "sys_domain"];

/// No two connections have the same name, whatever their class.
pub fn unique_name(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if !change.touches(&["name"]) || change.text("name").is_empty() {
        return Ok(Verdict::Go);
    }
    let others = others(instance, change, &[("name", change.text("name"))])?;
    Ok(if others.is_empty() { Verdict::Go } else { Verdict::Abort })
}

/// An alias has at most one active connection in a domain, unless it supports several.
pub fn one_active(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let rule = instance.settings.text(ONE_ACTIVE_RULE);
    let alias = change.text("connection_alias");
    let concerned = change.flag("active") && !alias.is_empty() && change.touches(GOVERNED);
    if rule == "none" || !concerned || supports_several(instance, alias)? {
        return Ok(Verdict::Go);
    }
    let rivals = [("active", "true"), ("connection_alias", alias), ("sys_domain", change.text("sys_domain"))];
    let rivals = others(instance, change, &rivals)?;
    if rule == "refuse" {
        return Ok(if rivals.is_empty() { Verdict::Go } else { Verdict::Abort });
    }
    for (table, before) in rivals {
        let mut after = before.clone();
        after.insert("active".to_owned(), "false".to_owned());
        instance.save(change.user_name, table, &before, after)?;
    }
    Ok(Verdict::Go)
}

/// A credential is used by at most one active connection.
pub fn credential_once(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let credential = change.text("credential");
    let concerned =
        change.flag("active") && !credential.is_empty() && change.touches(&["active", "credential"]);
    if instance.settings.text(CREDENTIAL_ONCE_RULE) == "none" || !concerned {
        return Ok(Verdict::Go);
    }
    let others = others(instance, change, &[("active", "true"), ("credential", credential)])?;
    Ok(if others.is_empty() { Verdict::Go } else { Verdict::Abort })
}

/// With the URL builder the URL is made of its parts.
pub fn build_url(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.flag("url_builder") {
        let port = change.text("port");
        let port = if port.is_empty() { String::new() } else { format!(":{port}") };
        let (protocol, host, path) = (change.text("protocol"), change.text("host"), change.text("base_path"));
        let url = format!("{protocol}://{host}{port}{path}");
        change.fill("connection_url", url);
    }
    Ok(Verdict::Go)
}

/// An alias that does not exist supports one connection only.
fn supports_several(instance: &Instance, alias: &str) -> Result<bool, StoreError> {
    let found = instance.store.find(&instance.dictionary, "sys_alias", alias)?;
    Ok(found.is_some_and(|(_, row)| flag(&row, "multiple_connections")))
}

fn others<'a>(
    instance: &'a Instance,
    change: &Change<'_>,
    values: &[(&str, &str)],
) -> Result<Vec<(&'a Table, Row)>, StoreError> {
    let mut found = instance.store.matching(&instance.dictionary, "sys_connection", values)?;
    found.retain(|(_, row)| !text(row, "sys_id").eq_ignore_ascii_case(change.text("sys_id")));
    Ok(found)
}
