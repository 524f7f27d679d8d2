//! The inventory for a terminal: one line for each connection, in columns.

use std::io::{self, Write};

use super::document::StatusReport;
use crate::report::Status;

/// Writes the inventory.
///
/// # Errors
/// It cannot be written.
pub fn write(report: &StatusReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} at {}", report.instance, report.looked_at)?;
    for it in &report.integrations {
        writeln!(out, "\n{}", clean(&it.name))?;
        if it.connections.is_empty() {
            writeln!(out, "  {:16} no connection", Status::NotConfigured.title())?;
        }
        let rows: Vec<[String; 5]> = it
            .connections
            .iter()
            .map(|it| {
                [
                    if it.active { "*" } else { " " }.to_owned(),
                    it.status.title().to_owned(),
                    clean(&it.name),
                    it.environment.as_deref().map_or_else(|| "-".to_owned(), clean),
                    last(it.changed_by.as_deref(), it.changed_on.as_deref()),
                ]
            })
            .collect();
        columns(&rows, out)?;
    }
    section(
        "Credentials",
        report.credentials.iter().map(|it| {
            let used = if it.used_by.is_empty() { "unused".to_owned() } else { it.used_by.join(", ") };
            [
                " ".to_owned(),
                it.status.title().to_owned(),
                clean(&it.name),
                clean(&used),
                last(it.changed_by.as_deref(), it.changed_on.as_deref()),
            ]
        }),
        out,
    )?;
    section(
        "Inbound",
        report.inbound.iter().map(|it| {
            [
                " ".to_owned(),
                it.status.title().to_owned(),
                clean(&it.name),
                it.path.as_deref().map_or_else(|| "-".to_owned(), clean),
                last(it.changed_by.as_deref(), it.changed_on.as_deref()),
            ]
        }),
        out,
    )?;
    for it in &report.unseen {
        writeln!(out, "\nNot seen: {}: {}", it.table, clean(&it.reason))?;
    }
    Ok(())
}

fn section(title: &str, rows: impl Iterator<Item = [String; 5]>, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[String; 5]> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}")?;
    columns(&rows, out)
}

fn columns(rows: &[[String; 5]], out: &mut dyn Write) -> io::Result<()> {
    let width =
        |at: usize| rows.iter().filter_map(|it| it.get(at)).map(|it| it.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        writeln!(out, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

fn last(by: Option<&str>, on: Option<&str>) -> String {
    match (by, on) {
        (Some(by), Some(on)) => format!("{on} {}", clean(by)),
        (by, on) => by.or(on).map_or_else(|| "-".to_owned(), clean),
    }
}

/// Names come from people: what would move the cursor or colour the terminal is shown instead of obeyed.
fn clean(text: &str) -> String {
    text.chars()
        .flat_map(|it| if it.is_control() { it.escape_default().collect::<Vec<_>>() } else { vec![it] })
        .collect()
}
