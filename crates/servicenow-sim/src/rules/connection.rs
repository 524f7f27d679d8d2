//! Rules of connections.

use super::{Change, Moment, Rule, Verdict, abort_if, is_alone};
use crate::dictionary::Table;
use crate::instance::{Instance, flag, text};
use crate::records::WriteError;
use crate::settings::{CREDENTIAL_ONCE_RULE, MUTUAL_AUTH_THROUGH_MID, ONE_ACTIVE_RULE};
use crate::store::{Row, StoreError};

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Ensure unique connection name",
        sys_id: "b1a5000000000000000000000000c001",
        table: "sys_connection",
        moment: Moment::Before(unique_name),
    },
    Rule {
        name: "Validate active connections",
        sys_id: "b1a5000000000000000000000000c002",
        table: "sys_connection",
        moment: Moment::Before(one_active),
    },
    Rule {
        name: "Validate credential in active connections",
        sys_id: "b1a5000000000000000000000000c003",
        table: "sys_connection",
        moment: Moment::Before(credential_once),
    },
    Rule {
        name: "Build connection URL",
        sys_id: "b1a5000000000000000000000000c004",
        table: "http_connection",
        moment: Moment::Computes(build_url),
    },
    Rule {
        name: "Build JDBC connection URL",
        sys_id: "b1a5000000000000000000000000c005",
        table: "jdbc_connection",
        moment: Moment::Computes(build_jdbc_url),
    },
    Rule {
        name: "Mutual authentication is not supported through MID Server",
        sys_id: "b1a5000000000000000000000000c006",
        table: "http_connection",
        moment: Moment::Before(no_mutual_auth_through_mid),
    },
    Rule {
        name: "Set Kafka defaults",
        sys_id: "b1a5000000000000000000000000c007",
        table: "kafka_connection",
        moment: Moment::Computes(kafka_defaults),
    },
];

/// What decides whether a connection is the active one of its alias.
const GOVERNED: &[&str] = &["active", "connection_alias", "sys_domain"];

/// No two connections have the same name, whatever their class.
fn unique_name(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if !change.touches(&["name"]) || change.text("name").is_empty() {
        return Ok(Verdict::Go);
    }
    let alone = is_alone(instance, change, "sys_connection", &[("name", change.text("name"))])?;
    Ok(abort_if(!alone))
}

/// An alias has at most one active connection in a domain, unless it supports several.
fn one_active(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let rule = instance.settings.text(ONE_ACTIVE_RULE);
    let alias = change.text("connection_alias");
    let concerned = change.flag("active") && !alias.is_empty() && change.touches(GOVERNED);
    if rule == "none" || !concerned || supports_several(instance, alias)? {
        return Ok(Verdict::Go);
    }
    let rivals = [("active", "true"), ("connection_alias", alias), ("sys_domain", change.text("sys_domain"))];
    let rivals = others(instance, change, &rivals)?;
    if rule == "refuse" {
        return Ok(abort_if(!rivals.is_empty()));
    }
    for (table, before) in rivals {
        instance.save(change.writer, table, &before, &[("active", "false")])?;
    }
    Ok(Verdict::Go)
}

/// A credential is used by at most one active connection.
fn credential_once(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let credential = change.text("credential");
    let concerned =
        change.flag("active") && !credential.is_empty() && change.touches(&["active", "credential"]);
    if instance.settings.text(CREDENTIAL_ONCE_RULE) == "none" || !concerned {
        return Ok(Verdict::Go);
    }
    let used = [("active", "true"), ("credential", credential)];
    Ok(abort_if(!is_alone(instance, change, "sys_connection", &used)?))
}

/// With the URL builder the URL is made of its parts.
fn build_url(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.flag("url_builder") {
        let port = change.text("port");
        let port = if port.is_empty() { String::new() } else { format!(":{port}") };
        let (protocol, host, path) = (change.text("protocol"), change.text("host"), change.text("base_path"));
        let url = format!("{protocol}://{host}{port}{path}");
        change.fill("connection_url", url);
    }
    Ok(Verdict::Go)
}

/// For formats that are known the URL is made of its parts; otherwise it is what was written.
fn build_jdbc_url(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let part = |column: &str| change.text(column).to_owned();
    let (host, port, database) = (part("host"), part("port"), part("database_name"));
    let or = |value: String, default: &str| if value.is_empty() { default.to_owned() } else { value };
    let url = match change.text("format") {
        "mysql" => format!("jdbc:mysql://{host}:{}/{database}", or(port, "3306")),
        "oracle" => {
            format!("jdbc:oracle:thin:@{host}:{}:{}", part("oracle_port"), part("oracle_sid"))
        }
        "sqlserver" => {
            format!("jdbc:sqlserver://{host}:{};databaseName={database}", or(port, "1433"))
        }
        _ => return Ok(Verdict::Go),
    };
    change.fill("connection_url", url);
    Ok(Verdict::Go)
}

/// Mutual authentication needs a way to the target without a MID server, if the setting says so.
fn no_mutual_auth_through_mid(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let refused = instance.settings.text(MUTUAL_AUTH_THROUGH_MID) == "refuse";
    Ok(abort_if(refused && change.flag("use_mutual_auth") && change.flag("use_mid")))
}

/// Kafka is always reached through a MID server, and every consumer is in a group.
fn kafka_defaults(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    change.fill("use_mid", "true".to_owned());
    if change.text("consumer_group_id").is_empty() {
        let name = instance.property("instance_name")?;
        let group = format!("{name}-consumer-{}", change.text("sys_id"));
        change.fill("consumer_group_id", group);
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
