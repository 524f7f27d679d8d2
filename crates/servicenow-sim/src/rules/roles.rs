//! Roles that come with other roles or with groups: rows that the platform keeps and nobody writes.

use std::collections::BTreeSet;

use super::{Change, Moment, Removal, Rule};
use crate::dictionary::Table;
use crate::instance::{Instance, flag, text};
use crate::records::{Wanted, WriteError, Writer};
use crate::settings::INHERITED_ROLES;
use crate::store::{Row, StoreError};

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Inherit roles of a granted role",
        sys_id: "b1a5000000000000000000000000d101",
        table: "sys_user_has_role",
        moment: Moment::AfterAlways(granted),
    },
    Rule {
        name: "Withdraw inherited roles",
        sys_id: "b1a5000000000000000000000000d102",
        table: "sys_user_has_role",
        moment: Moment::AfterDelete(withdrawn),
    },
    Rule {
        name: "Grant roles of a group",
        sys_id: "b1a5000000000000000000000000d103",
        table: "sys_user_grmember",
        moment: Moment::AfterAlways(joined),
    },
    Rule {
        name: "Withdraw roles of a group",
        sys_id: "b1a5000000000000000000000000d104",
        table: "sys_user_grmember",
        moment: Moment::AfterDelete(withdrawn),
    },
    Rule {
        name: "Grant a group's new role",
        sys_id: "b1a5000000000000000000000000d105",
        table: "sys_group_has_role",
        moment: Moment::AfterAlways(group_granted),
    },
    Rule {
        name: "Withdraw a group's role",
        sys_id: "b1a5000000000000000000000000d106",
        table: "sys_group_has_role",
        moment: Moment::AfterDelete(group_withdrawn),
    },
];

fn granted(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    renew(instance, change.writer, change.text("user"))
}

fn joined(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    renew(instance, change.writer, change.text("user"))
}

fn withdrawn(instance: &Instance, removal: &Removal<'_>) -> Result<(), WriteError> {
    renew(instance, removal.writer, text(removal.row, "user"))
}

fn group_granted(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    renew_members(instance, change.writer, change.text("group"))
}

fn group_withdrawn(instance: &Instance, removal: &Removal<'_>) -> Result<(), WriteError> {
    renew_members(instance, removal.writer, text(removal.row, "group"))
}

fn renew_members(instance: &Instance, writer: Writer<'_>, group: &str) -> Result<(), WriteError> {
    let members = rows(instance, "sys_user_grmember", &[("group", group)])?;
    members.iter().try_for_each(|it| renew(instance, writer, text(it, "user")))
}

/// Brings the inherited rows of a user up to what the user's own rows and groups say.
fn renew(instance: &Instance, writer: Writer<'_>, user: &str) -> Result<(), WriteError> {
    let Some(table) = instance.dictionary.table("sys_user_has_role") else {
        return Ok(());
    };
    if user.is_empty() || instance.settings.text(INHERITED_ROLES) == "none" {
        return Ok(());
    }
    let held = instance.store.exactly(table, &[("user", user)])?;
    let mut wanted = BTreeSet::new();
    for row in held.iter().filter(|it| !flag(it, "inherited")) {
        contained(instance, text(row, "role"), "", &mut wanted)?;
    }
    for member in rows(instance, "sys_user_grmember", &[("user", user)])? {
        let group = text(&member, "group");
        for row in rows(instance, "sys_group_has_role", &[("group", group)])? {
            wanted.insert((text(&row, "role").to_owned(), group.to_owned()));
            contained(instance, text(&row, "role"), group, &mut wanted)?;
        }
    }
    for row in held.iter().filter(|it| flag(it, "inherited")) {
        let key = (text(row, "role").to_owned(), text(row, "granted_by").to_owned());
        if !wanted.remove(&key) {
            instance.store.delete(&table.name, text(row, "sys_id"))?;
        }
    }
    let own: BTreeSet<&str> =
        held.iter().filter(|it| !flag(it, "inherited")).map(|it| text(it, "role")).collect();
    for (role, group) in wanted.iter().filter(|(role, _)| !own.contains(role.as_str())) {
        add(instance, writer, table, user, role, group)?;
    }
    Ok(())
}

/// The roles that a role contains, and those that they contain.
fn contained(
    instance: &Instance,
    role: &str,
    group: &str,
    found: &mut BTreeSet<(String, String)>,
) -> Result<(), StoreError> {
    for row in rows(instance, "sys_user_role_contains", &[("role", role)])? {
        let inner = text(&row, "contains");
        if found.insert((inner.to_owned(), group.to_owned())) {
            contained(instance, inner, group, found)?;
        }
    }
    Ok(())
}

/// The row is written without its rules: they would look for what it contains again.
fn add(
    instance: &Instance,
    writer: Writer<'_>,
    table: &Table,
    user: &str,
    role: &str,
    group: &str,
) -> Result<(), WriteError> {
    let values = [("user", user), ("role", role), ("granted_by", group), ("inherited", "true")];
    let wanted: Wanted = values.iter().map(|(it, value)| ((*it).to_owned(), (*value).to_owned())).collect();
    instance.add_silently(writer, table, &wanted)
}

fn rows(instance: &Instance, table: &str, values: &[(&str, &str)]) -> Result<Vec<Row>, StoreError> {
    match instance.dictionary.table(table) {
        Some(table) => instance.store.exactly(table, values),
        None => Ok(Vec::new()),
    }
}
