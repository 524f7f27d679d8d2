//! Integrations by environment: which connection is active where, over all instances.

use std::collections::BTreeMap;

use super::is_fleet;
use super::text::{code, outside, plain};
use crate::formats::words;
use crate::report::{ConnectionLine, InstanceReport, Report, Status};

/// How connections without a known environment are headed.
const NO_ENVIRONMENT: &str = "Not known";
/// The order in which people speak of environments; others follow by name.
const USUAL: &[&str] = &["Production", "Staging", "Test", "Development"];

/// What is in one field of the matrix.
type Cell<'a> = Vec<(&'a InstanceReport, &'a ConnectionLine)>;

/// The rows, by the name of the integration, and the cells, by environment.
type Rows<'a> = BTreeMap<String, BTreeMap<String, Cell<'a>>>;

/// The matrix.
pub fn render(report: &Report) -> String {
    let rows = rows(report);
    if rows.is_empty() {
        return String::new();
    }
    let environments = environments(&rows);
    let heads: String = environments
        .iter()
        .map(|it| format!("<th role=\"columnheader\" scope=\"col\">{}</th>", outside(it)))
        .collect();
    let fleet = is_fleet(report);
    let body: String = rows.iter().map(|(name, cells)| row(name, cells, &environments, fleet)).collect();
    format!(
        "<p class=\"key\"><span class=\"on\">● active</span> <span class=\"off\">○ not active</span> \
         <span class=\"odd\">≠ other than declared</span></p>\n\
         <table role=\"table\" class=\"matrix\">\n<caption>Connections of each integration, by the environment that they are for</caption>\n\
         <thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Integration</th>{heads}</tr></thead>\n\
         <tbody role=\"rowgroup\">\n{body}</tbody>\n</table>\n"
    )
}

fn rows(report: &Report) -> Rows<'_> {
    let mut rows = Rows::new();
    for instance in &report.instances {
        for integration in &instance.integrations {
            let cells = rows.entry(integration.name.clone()).or_default();
            for connection in &integration.connections {
                let environment = connection.environment.as_deref().unwrap_or(NO_ENVIRONMENT);
                cells.entry(environment.to_owned()).or_default().push((instance, connection));
            }
        }
    }
    rows
}

fn environments(rows: &Rows<'_>) -> Vec<String> {
    let mut all: Vec<String> = rows.values().flat_map(|it| it.keys().cloned()).collect();
    let place = |it: &String| {
        let usual = USUAL.iter().position(|usual| usual == it);
        (it == NO_ENVIRONMENT, usual.unwrap_or(USUAL.len()), it.clone())
    };
    all.sort_by_key(place);
    all.dedup();
    all
}

fn row(name: &str, cells: &BTreeMap<String, Cell<'_>>, environments: &[String], fleet: bool) -> String {
    let fields: String = environments.iter().map(|it| field(it, cells.get(it), fleet)).collect();
    format!("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{}</th>{fields}</tr>\n", outside(name))
}

fn field(environment: &str, cell: Option<&Cell<'_>>, fleet: bool) -> String {
    let label = plain(environment);
    let Some(cell) = cell else {
        return format!(
            "<td role=\"cell\" class=\"none\" data-label=\"{label}\"><span class=\"hush\">none</span></td>"
        );
    };
    let connections: String = cell.iter().map(|(instance, it)| connection(instance, it, fleet)).collect();
    format!("<td role=\"cell\" data-label=\"{label}\"><ul>{connections}</ul></td>")
}

fn connection(instance: &InstanceReport, it: &ConnectionLine, fleet: bool) -> String {
    let mut text = String::new();
    text.push_str(match it.active {
        true => "<span class=\"on\">● active</span> ",
        false => "<span class=\"off\">○ not active</span> ",
    });
    text.push_str(&format!("<strong>{}</strong>", outside(&it.name)));
    if fleet {
        text.push_str(&format!(" <span class=\"at\">on {}</span>", outside(&instance.name)));
    }
    match it.declared_active {
        Some(true) if !it.active => text.push_str(" <span class=\"odd\">≠ declared active</span>"),
        Some(false) if it.active => text.push_str(" <span class=\"odd\">≠ declared not active</span>"),
        _ => {}
    }
    text.push_str(&format!("<br><span class=\"status {}\">{}</span>", kind(it.status), it.status.title()));
    text.push_str(&it.status_reason.iter().map(|it| format!(" {}", outside(it))).collect::<String>());
    text.push_str(&it.endpoint.iter().map(|it| format!("<br>{}", code(it))).collect::<String>());
    if it.changed_by.is_some() || it.changed_on.is_some() {
        let by = it.changed_by.iter().map(|it| format!(" by {}", outside(it))).collect::<String>();
        let on =
            it.changed_on.iter().map(|it| format!(" on {}", outside(&words::moment(it)))).collect::<String>();
        text.push_str(&format!("<br><span class=\"hush\">Changed{by}{on}</span>"));
    }
    format!("<li>{text}</li>")
}

/// How a status is coloured, which its word says as well.
pub(crate) fn kind(status: Status) -> &'static str {
    match status {
        Status::Connected | Status::Configured => "good",
        Status::Expired | Status::NotConfigured => "bad",
        Status::Deactivated | Status::Unknown => "hush",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn environments_come_in_the_order_in_which_people_speak_of_them() {
        let report = sample::everything();
        assert_eq!(environments(&rows(&report)), ["Production", "Test", "Development", NO_ENVIRONMENT]);
    }

    #[test]
    fn instances_of_a_fleet_share_the_row_of_an_integration() {
        let report = sample::two_instances();
        let rows = rows(&report);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows["Orders"].len(), 2);
        let page = render(&report);
        assert!(page.contains("on <bdi>acme-dev</bdi>") && page.contains("on <bdi>acme-eu</bdi>"), "{page}");
        assert!(!render(&sample::everything()).contains("on <bdi>acme-prod</bdi>"));
    }

    #[test]
    fn no_integrations_are_no_matrix() {
        assert_eq!(render(&sample::nothing()), "");
    }
}
