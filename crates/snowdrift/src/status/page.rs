//! The inventory as one page that needs nothing else: readable on a phone, in the dark and printed.

use super::document::StatusReport;
use crate::report::{ConnectionLine, Status};

const STYLE: &str = include_str!("page.css");

/// The page.
pub fn render(report: &StatusReport) -> String {
    let title = format!("Integrations of {}", escaped(&report.instance));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta \
         name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src \
         'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<header>\n<h1>{title}</h1>\n<p>{}, looked at on {}{}.</p>\n<p>{}</p>\n</header>\n<main>\n{}{}{}{}</main>\n\
         </body>\n</html>\n",
        escaped(&report.url),
        escaped(&report.looked_at),
        report.user.as_deref().map(|it| format!(" by {}", escaped(it))).unwrap_or_default(),
        tally(report),
        integrations(report),
        credentials(report),
        inbound(report),
        unseen(report),
    )
}

/// How many connections stand how.
fn tally(report: &StatusReport) -> String {
    let all: Vec<Status> =
        report.integrations.iter().flat_map(|it| &it.connections).map(|it| it.status).collect();
    let mut kinds = all.clone();
    kinds.sort_unstable();
    kinds.dedup();
    let count = |kind: &Status| format!("{} {}", all.iter().filter(|it| *it == kind).count(), badge(*kind));
    kinds.iter().map(count).collect::<Vec<_>>().join(" ")
}

fn badge(status: Status) -> String {
    let class = status.title().to_lowercase().replace(' ', "-");
    format!("<span class=\"badge {class}\">{}</span>", status.title())
}

fn table(title: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let head: String = heads.iter().map(|it| format!("<th scope=\"col\">{it}</th>")).collect();
    let cell = |(at, it): (usize, &String)| {
        let label = heads.get(at).copied().unwrap_or_default();
        if at == 0 {
            format!("<th scope=\"row\" data-label=\"{label}\">{it}</th>")
        } else {
            format!("<td data-label=\"{label}\">{it}</td>")
        }
    };
    let row =
        |it: &Vec<String>| format!("<tr>{}</tr>\n", it.iter().enumerate().map(cell).collect::<String>());
    let body: String = rows.iter().map(row).collect();
    let id = title.to_lowercase();
    format!(
        "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title} ({})</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n\
         <tbody>\n{body}</tbody>\n</table>\n</section>\n",
        rows.len()
    )
}

fn integrations(report: &StatusReport) -> String {
    let mut rows = Vec::new();
    for it in &report.integrations {
        if it.connections.is_empty() {
            let none = || "–".to_owned();
            rows.push(vec![
                escaped(&it.name),
                "no connection".to_owned(),
                none(),
                badge(Status::NotConfigured),
                none(),
                none(),
            ]);
        }
        rows.extend(it.connections.iter().map(|line| connection(&it.name, line)));
    }
    table(
        "Connections",
        &["Integration", "Connection", "Environment", "Status", "Endpoint", "Last change"],
        &rows,
    )
}

fn connection(integration: &str, it: &ConnectionLine) -> Vec<String> {
    let reason =
        it.status_reason.as_deref().map(|it| format!("<small>{}</small>", escaped(it))).unwrap_or_default();
    let active = if it.active { " <strong>active</strong>" } else { "" };
    vec![
        escaped(integration),
        format!("{}{active}", escaped(&it.name)),
        shown(it.environment.as_deref()),
        format!("{}{reason}", badge(it.status)),
        shown(it.endpoint.as_deref()),
        changed(it.changed_by.as_deref(), it.changed_on.as_deref()),
    ]
}

fn credentials(report: &StatusReport) -> String {
    let row = |it: &super::document::CredentialLine| {
        let used = if it.used_by.is_empty() { "nothing".to_owned() } else { escaped(&it.used_by.join(", ")) };
        vec![
            escaped(&it.name),
            format!("{}<small>{}</small>", badge(it.status), escaped(&it.status_reason)),
            used,
            changed(it.changed_by.as_deref(), it.changed_on.as_deref()),
        ]
    };
    let rows: Vec<Vec<String>> = report.credentials.iter().map(row).collect();
    table("Credentials", &["Credential", "Status", "Used by", "Last change"], &rows)
}

fn inbound(report: &StatusReport) -> String {
    let row = |it: &super::document::InboundLine| {
        vec![
            escaped(&it.name),
            badge(it.status),
            shown(it.path.as_deref()),
            changed(it.changed_by.as_deref(), it.changed_on.as_deref()),
        ]
    };
    let rows: Vec<Vec<String>> = report.inbound.iter().map(row).collect();
    table("Inbound", &["API", "Status", "Path", "Last change"], &rows)
}

fn unseen(report: &StatusReport) -> String {
    let rows: Vec<Vec<String>> =
        report.unseen.iter().map(|it| vec![escaped(&it.table), escaped(&it.reason)]).collect();
    table("Unseen", &["Table", "Reason"], &rows)
}

fn shown(text: Option<&str>) -> String {
    text.map_or_else(|| "–".to_owned(), escaped)
}

fn changed(by: Option<&str>, on: Option<&str>) -> String {
    let on = on.map(|it| format!("<time datetime=\"{0}\">{0}</time> ", escaped(it))).unwrap_or_default();
    format!("{on}{}", by.map(escaped).unwrap_or_default())
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            it if it.is_control() => out.push('\u{fffd}'),
            it => out.push(it),
        }
    }
    out
}
