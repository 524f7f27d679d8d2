//! The inventory as one page that needs nothing else: readable on a phone, in the dark and printed, and laid out as the
//! page of a drift report.

use std::collections::BTreeMap;

use super::document::{CredentialLine, InboundLine, StatusReport};
use crate::formats::html::STYLE;
use crate::formats::html::matrix::kind;
use crate::formats::html::text::{code, outside, plain, safe_link};
use crate::formats::words;
use crate::report::{ConnectionLine, Status};

/// What this page adds to the look of a drift report.
const MORE: &str = include_str!("page.css");

/// The page.
pub fn render(report: &StatusReport) -> String {
    let sections = [integrations(report), credentials(report), inbound(report), unseen(report)];
    let links: String = sections.iter().flatten().map(Section::link).collect();
    let body: String = sections.iter().flatten().map(Section::written).collect();
    let nothing = if body.is_empty() { "<p>Nothing that was asked for is there.</p>\n" } else { "" };
    let user = report.user.as_deref().map(|it| format!(" as {}", outside(it))).unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         base-uri 'none'; form-action 'none'\">\n\
         <title>Integrations of {title}</title>\n<style>\n{STYLE}{MORE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">To the inventory</a>\n\
         <header>\n<h1>Integrations of {name}</h1>\n<p class=\"verdict {verdict}\">{tally}</p>\n\
         <p class=\"when\">{url}, looked at on {when}{user}.</p>\n\
         <nav aria-label=\"Sections\"><ul>{links}</ul></nav>\n</header>\n\
         <main id=\"main\">\n{nothing}{body}</main>\n\
         <footer><p>Written by snowdrift {version}. Everything on this page is in it; nothing is loaded.</p></footer>\n\
         </body>\n</html>\n",
        title = plain(&report.instance),
        name = outside(&report.instance),
        verdict = verdict(report),
        tally = tally(report),
        url = safe_link(&report.url, &report.url),
        when = outside(&words::moment(&report.looked_at)),
        version = plain(&report.snowdrift_version),
    )
}

/// Every connection that may be meant to be in use.
fn standing(report: &StatusReport) -> impl Iterator<Item = Status> {
    report.integrations.iter().flat_map(|it| &it.connections).map(|it| it.status)
}

fn verdict(report: &StatusReport) -> &'static str {
    let needs_somebody = standing(report).any(|it| matches!(it, Status::Expired | Status::NotConfigured));
    match (needs_somebody, report.unseen.is_empty()) {
        (true, _) => "failed",
        (false, false) => "open",
        (false, true) => "clean",
    }
}

/// How many connections stand how.
fn tally(report: &StatusReport) -> String {
    let mut counts: BTreeMap<Status, usize> = BTreeMap::new();
    standing(report).for_each(|it| *counts.entry(it).or_default() += 1);
    let all = words::counted(counts.values().sum(), "connection", "connections");
    let integrations = words::counted(report.integrations.len(), "integration", "integrations");
    let each: String = counts
        .iter()
        .map(|(status, count)| format!("<li>{} {}</li>", words::grouped(*count), badge(*status)))
        .collect();
    let each = if each.is_empty() { each } else { format!("<ul class=\"tally\">{each}</ul>") };
    // A list is no part of a paragraph.
    format!("<strong>{all}</strong> of {integrations}.</p>\n{each}<p class=\"hush\">{MEANING}")
}

/// What a reader has to know to read the statuses right.
const MEANING: &str = "The statuses are those of ServiceNow's own overview, derived from the records. Nothing was asked of \
    other systems.";

fn badge(status: Status) -> String {
    format!("<span class=\"status {}\">{}</span>", kind(status), status.title())
}

/// A part of the page: a table under a heading.
struct Section {
    id: &'static str,
    title: &'static str,
    heads: &'static [&'static str],
    /// How many things its rows are about.
    count: usize,
    rows: Vec<Vec<String>>,
}

impl Section {
    /// Of which each row is about a thing of its own; nothing if there is none.
    fn of(
        id: &'static str,
        title: &'static str,
        heads: &'static [&'static str],
        rows: Vec<Vec<String>>,
    ) -> Option<Section> {
        (!rows.is_empty()).then_some(Section { id, title, heads, count: rows.len(), rows })
    }

    fn link(&self) -> String {
        format!("<li><a href=\"#{}\">{}</a></li>", self.id, self.heading())
    }

    fn heading(&self) -> String {
        format!("{} ({})", self.title, words::grouped(self.count))
    }

    /// Roles are said, because a phone lays the table out as blocks, which are no table to a screen reader otherwise.
    fn written(&self) -> String {
        let head: String = self
            .heads
            .iter()
            .map(|it| format!("<th role=\"columnheader\" scope=\"col\">{it}</th>"))
            .collect();
        let body: String = self.rows.iter().map(|it| self.row(it)).collect();
        format!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\" tabindex=\"-1\">{}</h2>\n\
             <table role=\"table\" class=\"inventory\" aria-labelledby=\"{id}\">\n\
             <thead role=\"rowgroup\"><tr role=\"row\">{head}</tr></thead>\n\
             <tbody role=\"rowgroup\">\n{body}</tbody>\n</table>\n</section>\n",
            self.heading(),
            id = self.id
        )
    }

    fn row(&self, cells: &[String]) -> String {
        let cell = |(head, it): (&&str, &String)| match (self.heads.first() == Some(head), it.is_empty()) {
            (true, _) => format!("<th role=\"rowheader\" scope=\"row\">{it}</th>"),
            (_, true) => format!("<td role=\"cell\" class=\"none\" data-label=\"{head}\"></td>"),
            (..) => format!("<td role=\"cell\" data-label=\"{head}\">{it}</td>"),
        };
        format!("<tr role=\"row\">{}</tr>\n", self.heads.iter().zip(cells).map(cell).collect::<String>())
    }
}

fn integrations(report: &StatusReport) -> Option<Section> {
    let mut rows = Vec::new();
    for it in &report.integrations {
        if it.connections.is_empty() {
            let empty = String::new;
            let none = "<span class=\"hush\">no connection</span>".to_owned();
            rows.push(vec![outside(&it.name), badge(Status::NotConfigured), none, empty(), empty(), empty()]);
        }
        rows.extend(it.connections.iter().map(|line| connection(&it.name, line)));
    }
    const HEADS: &[&str] = &["Integration", "Status", "Connection", "Environment", "Endpoint", "Last change"];
    let section = Section::of("integrations", "Integrations", HEADS, rows)?;
    Some(Section { count: report.integrations.len(), ..section })
}

fn connection(integration: &str, it: &ConnectionLine) -> Vec<String> {
    let active = match it.active {
        true => "<span class=\"on\">● active</span>",
        false => "<span class=\"off\">○ not active</span>",
    };
    let reason = it.status_reason.as_deref().map(reason).unwrap_or_default();
    vec![
        outside(integration),
        format!("{}{reason}", badge(it.status)),
        format!("{active} <strong>{}</strong>", outside(&it.name)),
        shown(it.environment.as_deref()),
        it.endpoint.as_deref().map(code).unwrap_or_default(),
        changed(it.changed_by.as_deref(), it.changed_on.as_deref()),
    ]
}

fn credentials(report: &StatusReport) -> Option<Section> {
    let row = |it: &CredentialLine| {
        let used: String = it.used_by.iter().map(|it| format!("<li>{}</li>", outside(it))).collect();
        let used = match used.is_empty() {
            true => "<span class=\"hush\">nothing</span>".to_owned(),
            false => format!("<ul class=\"names\">{used}</ul>"),
        };
        vec![
            outside(&it.name),
            format!("{}{}", badge(it.status), reason(&it.status_reason)),
            used,
            changed(it.changed_by.as_deref(), it.changed_on.as_deref()),
        ]
    };
    const HEADS: &[&str] = &["Credential", "Status", "Used by", "Last change"];
    Section::of("credentials", "Credentials", HEADS, report.credentials.iter().map(row).collect())
}

fn inbound(report: &StatusReport) -> Option<Section> {
    let row = |it: &InboundLine| {
        vec![
            outside(&it.name),
            badge(it.status),
            it.path.as_deref().map(code).unwrap_or_default(),
            changed(it.changed_by.as_deref(), it.changed_on.as_deref()),
        ]
    };
    const HEADS: &[&str] = &["API", "Status", "Path", "Last change"];
    Section::of("inbound", "Inbound", HEADS, report.inbound.iter().map(row).collect())
}

fn unseen(report: &StatusReport) -> Option<Section> {
    let rows = report.unseen.iter().map(|it| vec![code(&it.table), outside(&it.reason)]).collect();
    Section::of("unseen", "Not seen", &["Table", "Why"], rows)
}

fn reason(text: &str) -> String {
    format!("<span class=\"why\">{}</span>", outside(text))
}

fn shown(text: Option<&str>) -> String {
    text.map(outside).unwrap_or_default()
}

fn changed(by: Option<&str>, on: Option<&str>) -> String {
    let on = on.map(|it| format!("<time datetime=\"{}\">{}</time> ", plain(it), plain(&words::moment(it))));
    format!("{}{}", on.unwrap_or_default(), by.map(outside).unwrap_or_default())
}
