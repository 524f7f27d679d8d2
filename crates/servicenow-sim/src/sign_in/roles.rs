//! Roles of a user: granted to it, to its groups, or contained in another role.

use std::collections::BTreeSet;

use crate::instance::{Instance, text};
use crate::store::StoreError;

/// The names of all roles of a user.
pub fn of(instance: &Instance, user: &str) -> Result<Vec<String>, StoreError> {
    let mut waiting = granted(instance, "sys_user_has_role", ("user", user))?;
    for group in linked(instance, "sys_user_grmember", ("user", user), "group")? {
        waiting.extend(granted(instance, "sys_group_has_role", ("group", &group))?);
    }
    let mut ids = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        // A role that contains itself, in however many steps, is looked at once.
        if ids.insert(id.clone()) {
            waiting.extend(linked(instance, "sys_user_role_contains", ("role", &id), "contains")?);
        }
    }
    named(instance, &ids)
}

fn named(instance: &Instance, ids: &BTreeSet<String>) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for id in ids {
        let role = instance.store.find(&instance.dictionary, "sys_user_role", id)?;
        names.extend(role.map(|(_, row)| text(&row, "name").to_owned()));
    }
    Ok(names)
}

/// The roles that rows of a table grant; a row that says that it is not active grants nothing.
fn granted(instance: &Instance, table: &str, of: (&str, &str)) -> Result<Vec<String>, StoreError> {
    if instance.dictionary.table(table).is_none() {
        return Ok(Vec::new());
    }
    let rows = instance.store.matching(&instance.dictionary, table, &[of])?;
    let active = rows.iter().filter(|(_, row)| text(row, "state") != "inactive");
    Ok(active.map(|(_, row)| text(row, "role").to_owned()).collect())
}

fn linked(instance: &Instance, table: &str, of: (&str, &str), to: &str) -> Result<Vec<String>, StoreError> {
    if instance.dictionary.table(table).is_none() {
        return Ok(Vec::new());
    }
    let rows = instance.store.matching(&instance.dictionary, table, &[of])?;
    Ok(rows.iter().map(|(_, row)| text(row, to).to_owned()).collect())
}
