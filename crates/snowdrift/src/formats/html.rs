//! The report as one page that needs nothing else: no network, and no script to be read.

pub mod findings;
pub mod lists;
pub mod matrix;
pub mod text;
pub mod trend;

use std::collections::BTreeSet;

use super::words::{self, Tally, counted};
use crate::history::History;
use crate::report::{InstanceReport, Problem, Report, Verdict};
use text::{outside, safe_link};

/// How the page looks: on a phone, in the dark, and printed.
pub(crate) const STYLE: &str = include_str!("html/page.css");
/// What filters the findings. Without it the page has everything, only no filters.
const SCRIPT: &str = include_str!("html/page.js");
/// The script's SHA-256, the only one that the page lets run: nothing that slipped in could.
const SCRIPT_SHA256: &str = "FAfWNWnw6kCiF4ws70ZvdM/1Hl7O61ej40QwAtp940g=";

/// The page.
pub fn render(report: &Report, history: &History) -> String {
    let verdict = verdict(report);
    let sections = sections(report, history);
    let links: String =
        sections.iter().map(|it| format!("<li><a href=\"#{}\">{}</a></li>", it.id, it.title)).collect();
    let body: String = sections.iter().map(Section::written).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
         script-src 'sha256-{SCRIPT_SHA256}'; base-uri 'none'; form-action 'none'\">\n\
         <title>ServiceNow drift: {title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">To the report</a>\n\
         <header>\n<h1>ServiceNow drift</h1>\n{head}\
         <nav aria-label=\"Sections\"><ul>{links}</ul></nav>\n</header>\n\
         <main id=\"main\">\n{body}</main>\n\
         <footer><p>Written by snowdrift {version}. Everything on this page is in it; nothing is loaded.</p></footer>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n",
        title = text::plain(&Tally::all(report).sentence()),
        head = head(report, verdict),
        version = text::plain(&report.snowdrift_version),
    )
}

/// A part of the page with a heading of its own.
struct Section {
    id: &'static str,
    title: String,
    body: String,
}

impl Section {
    fn written(&self) -> String {
        let Section { id, title, body } = self;
        format!(
            "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\" tabindex=\"-1\">{title}</h2>\n{body}</section>\n"
        )
    }
}

fn sections(report: &Report, history: &History) -> Vec<Section> {
    let tally = Tally::all(report);
    let mut sections = Vec::new();
    let mut add = |id, title: String, body: String| {
        if !body.is_empty() {
            sections.push(Section { id, title, body });
        }
    };
    let titled = |title: &str, count| format!("{title} ({})", words::grouped(count));
    add("problems", titled("Problems", tally.problems), problems(report));
    add("instances", titled("Instances", report.instances.len()), instances(report));
    add("integrations", "Integrations by environment".to_owned(), matrix::render(report));
    add("findings", titled("Findings", tally.findings()), findings::render(report, history));
    add("undecided", titled("Undecided", tally.undecided), lists::undecided(report));
    add("let-be", titled("Let be", tally.ignored), lists::ignored(report));
    add("history", "History".to_owned(), trend::render(report, history));
    sections
}

fn verdict(report: &Report) -> (&'static str, &'static str) {
    match report.verdict(&[]) {
        Verdict::Clean => ("clean", "Everything is as declared"),
        Verdict::Drift => ("drift", "Not everything is as declared"),
        Verdict::Undecided => ("open", "Not everything could be compared"),
        Verdict::Failed => ("failed", "The look is not complete"),
    }
}

fn head(report: &Report, (kind, sentence): (&str, &str)) -> String {
    let share =
        report.shard.map(|it| format!("Share {} of {} of the fleet. ", it.index, it.of)).unwrap_or_default();
    let seconds = words::seconds_between(&report.began, &report.ended);
    let time =
        seconds.map(|it| format!(", in {}", counted(usize::try_from(it).unwrap_or(0), "second", "seconds")));
    format!(
        "<p class=\"verdict {kind}\"><strong>{sentence}</strong>: {}.</p>\n<p class=\"when\">{share}Looked at on {}{}.</p>\n",
        text::plain(&Tally::all(report).sentence()),
        outside(&words::moment(&report.began)),
        time.unwrap_or_default(),
    )
}

fn problems(report: &Report) -> String {
    let of = |name: Option<&str>, it: &Problem| {
        let at = name.map(|it| format!(" <span class=\"at\">{}</span>", outside(it))).unwrap_or_default();
        format!(
            "<article class=\"problem\">\n<h3><span class=\"badge critical\">Problem</span> {}{at}</h3>\n<p>{}</p>\n</article>\n",
            outside(&it.summary),
            outside(&it.detail)
        )
    };
    let whole = report.problems.iter().map(|it| of(None, it));
    let each =
        report.instances.iter().flat_map(|one| one.problems.iter().map(move |it| of(Some(&one.name), it)));
    whole.chain(each).collect()
}

fn instances(report: &Report) -> String {
    let cards: String = report.instances.iter().map(card).collect();
    if cards.is_empty() {
        "<p>No instance was looked at.</p>\n".to_owned()
    } else {
        format!("<div class=\"cards\">\n{cards}</div>\n")
    }
}

fn card(instance: &InstanceReport) -> String {
    let counts = &instance.counts;
    let tally = Tally::of(instance);
    let fact = |name: &str, value: String| format!("<div><dt>{name}</dt><dd>{value}</dd></div>");
    let mut facts = vec![
        fact("Address", safe_link(&instance.url, &instance.url)),
        fact("Declared in", outside(&instance.declared_in)),
        fact("As declared", format!("{} of {}", counts.clean, counts.declared)),
        fact("Seen", format!("{} records, {} requests", counts.live, counts.requests)),
    ];
    facts.extend(instance.since.iter().map(|it| fact("Since", outside(&it.sentence()))));
    facts.extend(instance.user.iter().map(|it| fact("Looked at as", outside(it))));
    format!(
        "<article class=\"card\">\n<h3>{}</h3>\n<p>{}.</p>\n<dl>{}</dl>\n</article>\n",
        outside(&instance.name),
        text::plain(&tally.sentence()),
        facts.concat()
    )
}

/// Whether several instances have to be told apart.
fn is_fleet(report: &Report) -> bool {
    report.instances.iter().map(|it| &it.name).collect::<BTreeSet<_>>().len() > 1
}

#[cfg(test)]
mod tests;
