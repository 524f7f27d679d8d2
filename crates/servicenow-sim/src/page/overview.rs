//! The first page: which integration talks through which connection, what goes wrong next, and what was asked last.

use super::journal;
use super::sheet::{Sheet, badge, harmless, record_link};
use crate::faults::Fault;
use crate::instance::{Instance, flag, text};
use crate::settings;
use crate::simulator::State;
use crate::store::{Row, StoreError};

/// Aliases shown; the table itself shows all.
const ALIASES_MAX: usize = 200;
/// Entries of the journal shown.
const ENTRIES_MAX: usize = 12;

/// The page.
pub fn page(state: &State) -> Result<String, StoreError> {
    let mut sheet = Sheet::new("Integrations");
    sheet.refresh();
    integrations(&mut sheet, &state.instance)?;
    sheet.heading("Trouble to come");
    faults(&mut sheet, &state.faults.pending());
    changed_settings(&mut sheet, state);
    sheet.heading("Asked last");
    journal::table(&mut sheet, state, ENTRIES_MAX);
    Ok(sheet.finish(state, "integrations"))
}

fn integrations(sheet: &mut Sheet, instance: &Instance) -> Result<(), StoreError> {
    let store = &instance.store;
    let aliases = store.matching(&instance.dictionary, "sys_alias", &[])?;
    let connections = store.matching(&instance.dictionary, "sys_connection", &[])?;
    let mut aliases: Vec<Row> = aliases.into_iter().map(|(_, row)| row).collect();
    aliases.sort_by(|one, other| text(one, "id").cmp(text(other, "id")));
    if aliases.is_empty() && connections.is_empty() {
        sheet.raw("<p class=\"empty\">There is no connection alias and no connection yet.</p>");
        return Ok(());
    }
    let mut rows = Vec::new();
    for alias in aliases.iter().take(ALIASES_MAX) {
        let of_alias = |row: &Row| text(row, "connection_alias") == text(alias, "sys_id");
        let mut own: Vec<&Row> = connections.iter().map(|(_, row)| row).filter(|row| of_alias(row)).collect();
        own.sort_by_key(|row| (!flag(row, "active"), text(row, "name").to_owned()));
        rows.extend(of_alias_rows(instance, alias, &own)?);
    }
    let homeless = connections.iter().map(|(_, row)| row).filter(|row| {
        let alias = text(row, "connection_alias");
        !aliases.iter().any(|it| text(it, "sys_id") == alias)
    });
    for row in homeless.take(ALIASES_MAX) {
        let mut cells = vec!["<em>no alias</em>".to_owned()];
        cells.extend(connection_cells(instance, row)?);
        rows.push(cells);
    }
    sheet.table(&["Alias", "Connection", "", "URL", "Credential"], &rows);
    if aliases.len() > ALIASES_MAX {
        sheet.raw(
            "<p>There are more: see the table <a href=\"/_sim/page/table/sys%5Falias\">sys_alias</a>.</p>",
        );
    }
    Ok(())
}

fn of_alias_rows(instance: &Instance, alias: &Row, own: &[&Row]) -> Result<Vec<Vec<String>>, StoreError> {
    let id = if text(alias, "id").is_empty() { text(alias, "name") } else { text(alias, "id") };
    let link = record_link("sys_alias", text(alias, "sys_id"), id);
    let silent = !own.iter().any(|row| flag(row, "active"));
    let mut rows = Vec::new();
    if silent && text(alias, "type") != "credential" {
        let mut cells = vec![link.clone(), badge("warning", "no active connection")];
        cells.extend([String::new(), String::new(), String::new()]);
        rows.push(cells);
    } else if own.is_empty() {
        rows.push(vec![
            link.clone(),
            "<em>credential only</em>".to_owned(),
            String::new(),
            String::new(),
            String::new(),
        ]);
    }
    for row in own {
        let mut cells = vec![if rows.is_empty() { link.clone() } else { String::new() }];
        cells.extend(connection_cells(instance, row)?);
        rows.push(cells);
    }
    Ok(rows)
}

fn connection_cells(instance: &Instance, row: &Row) -> Result<[String; 4], StoreError> {
    let active = if flag(row, "active") { badge("good", "active") } else { badge("quiet", "inactive") };
    let address = [text(row, "connection_url"), text(row, "host")].into_iter().find(|it| !it.is_empty());
    let credential = match text(row, "credential") {
        "" => String::new(),
        sys_id => {
            let shown = instance.display("discovery_credentials", sys_id)?;
            record_link("discovery_credentials", sys_id, &shown.unwrap_or_default())
        }
    };
    Ok([
        record_link("sys_connection", text(row, "sys_id"), text(row, "name")),
        active,
        format!("<code>{}</code>", harmless(address.unwrap_or_default())),
        credential,
    ])
}

fn faults(sheet: &mut Sheet, pending: &[&Fault]) {
    if pending.is_empty() {
        sheet.raw("<p class=\"empty\">None is planned: every request is answered as the instance would.</p>");
        return;
    }
    let rows: Vec<Vec<String>> = pending.iter().map(|it| fault(it)).collect();
    sheet.table(&["What", "Which requests", "When"], &rows);
}

fn fault(fault: &Fault) -> Vec<String> {
    let named = [
        ("method", &fault.method),
        ("path contains", &fault.path_contains),
        ("table", &fault.table),
        ("user", &fault.user),
        ("query contains", &fault.query_contains),
    ];
    let wishes: Vec<String> = named
        .iter()
        .filter_map(|(name, wish)| Some(format!("{name} <code>{}</code>", harmless(wish.as_deref()?))))
        .collect();
    let which = if wishes.is_empty() { "all".to_owned() } else { wishes.join(", ") };
    let mut when = match (fault.times, fault.at) {
        (u32::MAX, 1) => "every one".to_owned(),
        (u32::MAX, at) => format!("every one from number {at} on"),
        (1, 1) => "the next one".to_owned(),
        (1, at) => format!("number {at} from when it was planned"),
        (times, 1) => format!("the next {times}"),
        (times, at) => format!("{times} in a row from number {at} on"),
    };
    if let Some(probability) = fault.probability {
        let percent = 100.0 * f64::from(probability);
        when.push_str(&format!(" with a chance of {percent} %, seed {}", fault.seed.unwrap_or_default()));
    }
    vec![badge("warning", fault.kind.name()), which, when]
}

fn changed_settings(sheet: &mut Sheet, state: &State) {
    let current = &state.instance.settings;
    let changed: Vec<Vec<String>> = settings::settings()
        .filter(|it| current.text(it.name) != it.default)
        .map(|it| {
            [it.name, current.text(it.name), it.default]
                .map(|it| format!("<code>{}</code>", harmless(it)))
                .to_vec()
        })
        .collect();
    if !changed.is_empty() {
        sheet.heading("Settings that differ from their defaults");
        sheet.table(&["Setting", "Value", "Default"], &changed);
    }
}
