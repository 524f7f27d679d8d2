//! What came with the platform and what nobody here has changed since: an export of everything leaves it out and says so.
//!
//! A new instance has hundreds of APIs, aliases and policies of ServiceNow's own applications. Nobody wants to own them, and
//! an upgrade that changes them would be drift. Whose a record is, its application says; that it was changed here, an update
//! set says. What cannot be told is exported: too much is seen, and too little is not.

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::{Query, Record};
use terraform_provider_servicenow::tables;

use super::collect::{Collected, Item, definition};
use super::document::{Reason, Skipped};
use super::references;
use crate::live::Live;

/// Types whose records are application files, so that they know which application they came with and changes of them are
/// captured. The profiles of an OAuth provider go with it.
const FILES: [&str; 4] = [
    "servicenow_connection_alias",
    "servicenow_retry_policy",
    "servicenow_oauth_provider",
    "servicenow_inbound_endpoint",
];

/// What goes with a file of another type, and the attribute that says with which.
const WITH_THEM: [(&str, &str); 1] = [("servicenow_oauth_profile", "oauth_provider_id")];

/// Scopes of ServiceNow's own applications begin so. Those of customers and partners begin with `x_`, and what is made in
/// no application is in the scope `global`.
const SCOPE: &str = "sn_";

/// Packages that are plugins of the platform; assumed from how ServiceNow calls its plugins.
const PLUGINS: [&str; 2] = ["com.glide", "com.snc"];

/// The column with the scope of a record's application.
const SCOPE_COLUMN: &str = "sys_scope.scope";

/// The column that names the package that a record came with.
const PACKAGE_COLUMN: &str = "sys_package.source";

/// Names that one request asks for: with their commas they have to fit into its address.
const NAMES_MAX: usize = 40;

/// Leaves out what came with the platform, was not changed here, and is not referred to by anything else. What of that
/// breaks a rule is nobody's here to correct, so that it is told as the rest.
pub async fn leave_out(live: &Live, collected: &mut Collected) {
    let all: Vec<&Item> = collected.items.iter().chain(&collected.invalid).collect();
    let Some(applications) = applications(live, &all).await else { return };
    let unneeded = unneeded(&collected.items, &applications);
    let left_out = |item: &Item| applications.get(&item.id).filter(|_| unneeded.contains(&item.id));
    let told: Vec<Skipped> = all.into_iter().filter_map(|it| Some(skipped(it, left_out(it)?))).collect();
    let ids: BTreeSet<&str> = told.iter().filter_map(|it| it.id.as_deref()).collect();
    collected.items.retain(|it| !ids.contains(it.id.as_str()));
    collected.invalid.retain(|it| !ids.contains(it.id.as_str()));
    collected
        .skipped
        .retain(|it| it.reason != Reason::Invalid || !it.id.as_deref().is_some_and(|id| ids.contains(id)));
    collected.skipped.extend(told);
}

fn skipped(item: &Item, application: &str) -> Skipped {
    Skipped {
        reason: Reason::Platform,
        type_name: Some(item.type_name.clone()),
        table: item.table.to_owned(),
        id: Some(item.id.clone()),
        name: Some(item.label.clone()),
        count: 1,
        detail: format!(
            "It came with `{application}`, no update set has a change of it, and nothing of yours refers to it. With \
             `--include-platform` it is exported as well."
        ),
    }
}

/// The platform's application of each untouched object, by id. Nothing if it cannot be told what was changed here.
async fn applications(live: &Live, items: &[&Item]) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    for type_name in FILES {
        let ids: BTreeSet<&str> =
            items.iter().filter(|it| it.type_name == type_name).map(|it| it.id.as_str()).collect();
        if let Some(table) = definition(type_name).and_then(|it| it.layout.main()).filter(|_| !ids.is_empty())
        {
            let rows = of_platform(live, table.table).await;
            let own = rows.into_iter().filter(|it| ids.contains(it.0.as_str()));
            found.extend(own.map(|(id, application)| (id, (table.table, application))));
        }
    }
    if found.is_empty() {
        return Some(BTreeMap::new());
    }
    let names: Vec<String> = found.iter().map(|(id, (table, _))| format!("{table}_{id}")).collect();
    let changed = changed(live, &names).await?;
    let is_untouched = |id: &str, table: &str| !changed.contains(&format!("{table}_{id}"));
    let untouched = found.into_iter().filter(|(id, (table, _))| is_untouched(id, table));
    let mut untouched: BTreeMap<String, String> = untouched.map(|(id, it)| (id, it.1)).collect();
    for (type_name, attribute) in WITH_THEM {
        let of_them = items.iter().filter(|it| it.type_name == type_name).filter_map(|item| {
            let owner = item.config.get(attribute).and_then(|it| it.as_str())?;
            Some((item.id.clone(), untouched.get(owner)?.clone()))
        });
        let of_them: Vec<(String, String)> = of_them.collect();
        untouched.extend(of_them);
    }
    Some(untouched)
}

/// Records of a table that belong to an application of the platform, with what that is called. A table without these
/// columns, or a user who may not read them, gives none.
async fn of_platform(live: &Live, table: &str) -> Vec<(String, String)> {
    let plugins: String = PLUGINS.iter().map(|it| format!("^OR{PACKAGE_COLUMN}STARTSWITH{it}")).collect();
    let query = Query::new().encoded(&format!("{SCOPE_COLUMN}STARTSWITH{SCOPE}{plugins}"));
    let (Ok(table), Ok(query)) = (tables::table(table), query) else { return Vec::new() };
    let rows = live.session.client.list(&table, &query, &[SCOPE_COLUMN, PACKAGE_COLUMN]).await;
    // An instance that does not know a column answers with everything.
    let rows = rows.unwrap_or_default();
    rows.iter().filter_map(|row| Some((row.text("sys_id").to_owned(), application(row)?))).collect()
}

/// The application of the platform that a record came with.
fn application(row: &Record) -> Option<String> {
    let (scope, package) = (row.text(SCOPE_COLUMN), row.text(PACKAGE_COLUMN));
    let is_plugin = PLUGINS.iter().any(|it| package.starts_with(it));
    match () {
        () if scope.starts_with(SCOPE) => Some(scope.to_owned()),
        // An application of a customer may be in a package of any name; it has a scope of its own.
        () if is_plugin && matches!(scope, "" | "global") => Some(package.to_owned()),
        () => None,
    }
}

/// Which of these files an update set has a change of. Nothing if that is not for this user to see.
async fn changed(live: &Live, names: &[String]) -> Option<BTreeSet<String>> {
    let table = tables::table("sys_update_xml").ok()?;
    if !matches!(live.session.client.sees(&table).await, Ok((1.., _) | (0, 0))) {
        return None;
    }
    let mut changed = BTreeSet::new();
    for some in names.chunks(NAMES_MAX) {
        let query = Query::new().is_in("name", some).ok()?;
        let rows = live.session.client.list(&table, &query, &["name"]).await.ok()?;
        changed.extend(rows.iter().map(|it| it.text("name").to_owned()));
    }
    Some(changed)
}

/// Those of the platform's objects that nothing else needs, however far the way to them is.
fn unneeded(items: &[Item], applications: &BTreeMap<String, String>) -> BTreeSet<String> {
    let by_id: BTreeMap<&str, &Item> = items.iter().map(|it| (it.id.as_str(), it)).collect();
    let mut unneeded: BTreeSet<String> = applications.keys().cloned().collect();
    let mut open: Vec<&Item> = items.iter().filter(|it| !unneeded.contains(&it.id)).collect();
    while let Some(item) = open.pop() {
        for (_, id) in references::ids(&item.config) {
            if unneeded.remove(&id) {
                open.extend(by_id.get(id.as_str()));
            }
        }
    }
    unneeded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_application_says_whose_a_record_is() {
        for (scope, package, expected) in [
            ("sn_jira_spoke", "sn_jira_spoke", Some("sn_jira_spoke")),
            ("global", "com.glide.hub.integrations", Some("com.glide.hub.integrations")),
            ("", "com.snc.discovery", Some("com.snc.discovery")),
            ("global", "global", None),
            ("global", "", None),
            ("x_acme_orders", "x_acme_orders", None),
            ("x_acme_orders", "com.glide.lookalike", None),
            ("x_sn_acme", "", None),
            ("", "", None),
        ] {
            let cells = [(SCOPE_COLUMN, scope), (PACKAGE_COLUMN, package)];
            let row = Record::of(cells);
            assert_eq!(application(&row).as_deref(), expected, "{scope} {package}");
        }
    }
}
