//! The inventory for a terminal: one line for each connection, in columns.

use std::io::{self, Write};

use super::document::StatusReport;
use crate::formats::clean::line;
use crate::formats::style::Style;
use crate::report::Status;

/// A line: how it stands, and its other columns in order.
struct Line {
    is_active: bool,
    status: Status,
    rest: [String; 3],
}

/// Writes the inventory.
///
/// # Errors
/// It cannot be written.
pub fn write(report: &StatusReport, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} at {}", report.instance, report.looked_at)?;
    for it in &report.integrations {
        writeln!(out, "\n{}", style.bold(&line(&it.name)))?;
        if it.connections.is_empty() {
            let title = Status::NotConfigured.title();
            writeln!(out, "     {}  no connection", painted(style, Status::NotConfigured, title))?;
        }
        let lines: Vec<Line> = it
            .connections
            .iter()
            .map(|it| Line {
                is_active: it.active,
                status: it.status,
                rest: [
                    line(&it.name),
                    it.environment.as_deref().map_or_else(|| "-".to_owned(), line),
                    last(it.changed_by.as_deref(), it.changed_on.as_deref()),
                ],
            })
            .collect();
        columns(&lines, style, out)?;
    }
    let credentials = report.credentials.iter().map(|it| {
        let used = if it.used_by.is_empty() { "unused".to_owned() } else { it.used_by.join(", ") };
        let last = last(it.changed_by.as_deref(), it.changed_on.as_deref());
        Line { is_active: false, status: it.status, rest: [line(&it.name), line(&used), last] }
    });
    section("Credentials", &credentials.collect::<Vec<_>>(), style, out)?;
    let inbound = report.inbound.iter().map(|it| {
        let path = it.path.as_deref().map_or_else(|| "-".to_owned(), line);
        let last = last(it.changed_by.as_deref(), it.changed_on.as_deref());
        Line { is_active: false, status: it.status, rest: [line(&it.name), path, last] }
    });
    section("Inbound", &inbound.collect::<Vec<_>>(), style, out)?;
    for it in &report.unseen {
        writeln!(out, "\n{}: {}: {}", style.yellow("Not seen"), it.table, line(&it.reason))?;
    }
    Ok(())
}

fn section(title: &str, lines: &[Line], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", style.bold(title))?;
    columns(lines, style, out)
}

fn columns(lines: &[Line], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let status_width = lines.iter().map(|it| it.status.title().len()).max().unwrap_or(0);
    let width = |at: usize| {
        lines.iter().filter_map(|it| it.rest.get(at)).map(|it| it.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..3).map(width).collect();
    for it in lines {
        let active = if it.is_active { "*" } else { " " };
        // Padded before it is painted: colours have no width.
        let status = format!("{:status_width$}", it.status.title());
        let rest: Vec<String> =
            it.rest.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        let status = painted(style, it.status, &status);
        writeln!(out, "  {active}  {status}  {}", rest.join("  ").trim_end())?;
    }
    Ok(())
}

/// What needs somebody stands out, and what is switched off steps back.
fn painted(style: &Style, status: Status, text: &str) -> String {
    match status {
        Status::Connected | Status::Configured => style.green(text),
        Status::Expired => style.red(text),
        Status::NotConfigured | Status::Unknown => style.yellow(text),
        Status::Deactivated => style.faint(text),
    }
}

fn last(by: Option<&str>, on: Option<&str>) -> String {
    match (by, on) {
        (Some(by), Some(on)) => format!("{on} {}", line(by)),
        (by, on) => by.or(on).map_or_else(|| "-".to_owned(), line),
    }
}
