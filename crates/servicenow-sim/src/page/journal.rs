//! The journal as it grows.

use super::sheet::{Sheet, badge, harmless};
use crate::clock::timestamp;
use crate::journal::Entry;
use crate::simulator::State;

/// Entries shown at first; later ones are added above them.
const ENTRIES_MAX: usize = 300;

/// The page.
pub fn page(state: &State) -> String {
    let mut sheet = Sheet::new("Journal");
    sheet.refresh();
    sheet.raw("<p>What was asked of the instance, newest first. Status 0: no answer reached the client.</p>");
    table(&mut sheet, state, ENTRIES_MAX);
    sheet.finish(state, "journal")
}

/// A table of the last entries, which a script keeps up to date.
pub fn table(sheet: &mut Sheet, state: &State, entries_max: usize) {
    let rows: Vec<Vec<String>> = state.journal.newest(entries_max).map(cells).collect();
    let attributes =
        format!(" id=\"journal\" data-after=\"{}\" data-keep=\"{entries_max}\"", state.journal.count());
    sheet.live_table(&["#", "Time", "User", "Request", "Status"], &rows, &attributes);
}

fn cells(entry: &Entry) -> Vec<String> {
    let kind = match entry.status {
        200..=399 => "good",
        _ => "bad",
    };
    let mut status = badge(kind, &entry.status.to_string());
    let mut request = format!("<b>{}</b> <code>{}</code>", entry.method, harmless(&entry.path));
    if let Some(fault) = entry.fault {
        status.push_str(&badge("warning", fault));
    }
    for part in &entry.parts {
        let fault = part.fault.map(|it| format!(" {it}")).unwrap_or_default();
        let outcome = format!("{} {}: {}{fault}", part.method, part.path, part.status);
        request.push_str(&format!("<br><code>{}</code>", harmless(&outcome)));
    }
    let time = timestamp(entry.at_ms);
    vec![
        entry.n.to_string(),
        time.split_once(' ').map_or(time.clone(), |(_, time)| time.to_owned()),
        harmless(&entry.user),
        request,
        status,
    ]
}
