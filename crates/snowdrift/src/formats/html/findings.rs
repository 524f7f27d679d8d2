//! Findings, each with what differs, who did it, since when, and the ways out.

use super::is_fleet;
use super::text::{code, lines, outside, plain, safe_link};
use crate::formats::values::{self, Shown, Sign};
use crate::formats::words;
use crate::history::History;
use crate::report::{Class, Difference, Finding, InstanceReport, Remedy, Report, Severity};

/// How many findings a page shows. More make a browser slow, and nobody reads them one by one.
const FINDINGS_MAX: usize = 2_000;

/// The findings of all instances, the severest first.
pub fn render(report: &Report, history: &History) -> String {
    let all = || report.instances.iter().flat_map(|it| it.findings.iter().map(move |finding| (it, finding)));
    let sorted = words::severest_first(all().map(|(_, it)| it));
    if sorted.is_empty() {
        return "<p>Nothing differs from what is declared.</p>\n".to_owned();
    }
    let fleet = is_fleet(report);
    let of =
        |finding: &Finding| all().find(|(_, it)| std::ptr::eq(*it, finding)).map(|(instance, _)| instance);
    let mut text = filters(report, &sorted);
    for finding in sorted.iter().take(FINDINGS_MAX) {
        text.push_str(&article(finding, of(finding).filter(|_| fleet), history));
    }
    let rest = sorted.len().saturating_sub(FINDINGS_MAX);
    if rest > 0 {
        let rest = words::counted(rest, "more finding is", "more findings are");
        text.push_str(&format!(
            "<p><strong>{rest} not shown on this page.</strong> The JSON report has them all.</p>\n"
        ));
    }
    text
}

/// What the script turns into filters; hidden without it.
fn filters(report: &Report, findings: &[&Finding]) -> String {
    let option =
        |value: &str, text: &str| format!("<option value=\"{}\">{}</option>", plain(value), plain(text));
    let severities =
        Severity::ALL.into_iter().filter(|it| findings.iter().any(|found| found.severity == *it));
    let severities: String = severities.map(|it| option(it.word(), it.word())).collect();
    let classes = Class::ALL.into_iter().filter(|it| findings.iter().any(|found| found.class == *it));
    let classes: String = classes.map(|it| option(it.word(), &words::class(it))).collect();
    let instances: String = report.instances.iter().map(|it| option(&it.name, &it.name)).collect();
    let select = |id: &str, label: &str, options: String| {
        format!(
            "<label for=\"by-{id}\">{label}</label><select id=\"by-{id}\" data-by=\"{id}\"><option value=\"\">all</option>{options}</select>"
        )
    };
    let instance = if is_fleet(report) { select("instance", "Instance", instances) } else { String::new() };
    format!(
        "<form id=\"filters\" aria-label=\"Filter findings\" hidden>{}{}{instance}\
         <label for=\"by-text\">Contains</label><input id=\"by-text\" type=\"search\" autocomplete=\"off\">\
         <output id=\"shown\" aria-live=\"polite\"></output></form>\n",
        select("severity", "Severity", severities),
        select("class", "Kind", classes),
    )
}

fn article(finding: &Finding, instance: Option<&InstanceReport>, history: &History) -> String {
    let severity = finding.severity.word();
    let name = instance.map(|it| it.name.as_str()).unwrap_or_default();
    let at =
        instance.map(|it| format!(" <span class=\"at\">on {}</span>", outside(&it.name))).unwrap_or_default();
    format!(
        "<article class=\"finding {severity}\" id=\"{id}\" data-severity=\"{severity}\" data-class=\"{class}\" data-instance=\"{name}\">\n\
         <h3><span class=\"badge {severity}\">{severity}</span> {words}: {subject}{at}</h3>\n<p>{summary}</p>\n{facts}{differences}{remedy}</article>\n",
        id = identifier(&finding.fingerprint),
        class = finding.class.word(),
        name = plain(name),
        words = words::class(finding.class),
        subject = code(&words::subject(finding)),
        summary = outside(&finding.summary),
        facts = facts(finding, history),
        differences = differences(&finding.differences),
        remedy = remedy(&finding.remedy),
    )
}

/// The fingerprint as an anchor, so that a finding can be linked to.
fn identifier(fingerprint: &str) -> String {
    let safe: String = fingerprint.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("finding-{safe}")
}

fn facts(finding: &Finding, history: &History) -> String {
    let fact = |name: &str, value: String| format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
    let mut facts = Vec::new();
    facts.extend(finding.place.as_ref().map(|it| fact("Declared at", code(&words::place(it)))));
    facts.extend(finding.record.as_ref().map(|it| {
        let link = safe_link(&it.url, &it.name);
        fact("Record", format!("{link} {}", code(&format!("{} {}", it.table, it.sys_id))))
    }));
    facts.extend(finding.change.as_ref().map(|it| fact("Changed", outside(&words::who(it)))));
    facts.extend(history.seen(&finding.fingerprint).map(|it| {
        let reports = words::counted(it.reports, "earlier report", "earlier reports");
        fact("First seen", format!("{} ({reports})", outside(&words::moment(&it.first))))
    }));
    if facts.is_empty() { String::new() } else { format!("<dl>{}</dl>\n", facts.concat()) }
}

/// Short values in a table, long ones as lines below it.
fn differences(differences: &[Difference]) -> String {
    let mut rows = String::new();
    let mut long = String::new();
    let row = |attribute: &str, declared: &str, live: &str| {
        format!(
            "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{attribute}</th>\
             <td role=\"cell\" data-label=\"Declared\">{declared}</td><td role=\"cell\" data-label=\"Live\">{live}</td></tr>\n"
        )
    };
    for difference in differences {
        let attribute = code(&difference.attribute);
        match values::shown(difference) {
            Shown::Hidden => rows.push_str(&row(&attribute, "not shown", "not shown, but it differs")),
            Shown::Inline { declared, live } => rows.push_str(&row(
                &attribute,
                &format!("<del>{}</del>", outside(&declared)),
                &format!("<ins>{}</ins>", outside(&live)),
            )),
            Shown::Lines(lines) => {
                long.push_str(&format!(
                    "<p>{attribute}, from declared to live:</p>\n{}",
                    difference_lines(&lines)
                ));
            }
        }
    }
    if !rows.is_empty() {
        rows = format!(
            "<table role=\"table\" class=\"values\">\n<thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Attribute</th>\
             <th role=\"columnheader\" scope=\"col\">Declared</th><th role=\"columnheader\" scope=\"col\">Live</th></tr></thead>\n\
             <tbody role=\"rowgroup\">\n{rows}</tbody>\n</table>\n"
        );
    }
    rows + &long
}

fn difference_lines(all: &[values::Line]) -> String {
    let rows: String = all
        .iter()
        .map(|it| {
            let text = lines(&it.written());
            match it.sign {
                Sign::Header => format!("<span class=\"place\">{text}</span>\n"),
                Sign::Both => format!("{text}\n"),
                Sign::Removed => format!("<del>{text}</del>\n"),
                Sign::Added => format!("<ins>{text}</ins>\n"),
            }
        })
        .collect();
    format!("<pre>{rows}</pre>\n")
}

fn remedy(remedy: &Remedy) -> String {
    let mut text = String::new();
    if let Some(command) = &remedy.apply {
        text.push_str(&format!("<p>To make the instance as declared:</p>\n<pre>{}</pre>\n", lines(command)));
    }
    if let Some(patch) = &remedy.adopt {
        let patch = difference_lines(&values::patch_lines(patch));
        text.push_str(&format!("<p>To adopt what is live:</p>\n{patch}"));
    }
    if let Some(work) = &remedy.by_hand {
        text.push_str(&format!("<p>By hand: {}</p>\n", outside(work)));
    }
    text
}
