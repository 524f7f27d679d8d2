//! How the counts went over earlier reports: as a picture, and as a table for those who want numbers.

use super::text::{outside, plain};
use crate::formats::words::{self, Tally};
use crate::history::{Entry, History};
use crate::report::Report;

/// How many reports the picture and the table show.
const REPORTS_MAX: usize = 60;
/// The size of the picture, in its own units.
const WIDTH: usize = 600;
/// Its height.
const HEIGHT: usize = 120;

/// The history up to this report; nothing without earlier ones.
pub fn render(report: &Report, history: &History) -> String {
    if history.entries.is_empty() && history.unread.is_empty() {
        return String::new();
    }
    let now = Entry::of(report);
    let all: Vec<&Entry> = history.entries.iter().chain([&now]).collect();
    let shown = all.get(all.len().saturating_sub(REPORTS_MAX)..).unwrap_or_default();
    let mut text = change(history, &now);
    text.push_str(&picture(shown));
    text.push_str(&table(shown));
    if !history.unread.is_empty() {
        let names: Vec<String> = history.unread.iter().map(|it| outside(it)).collect();
        text.push_str(&format!(
            "<p>Not read, because they are no reports of this version: {}.</p>\n",
            names.join(", ")
        ));
    }
    text
}

/// What is new and what is gone since the report before.
fn change(history: &History, now: &Entry) -> String {
    let Some(before) = history.entries.last() else { return String::new() };
    let new = now.fingerprints.difference(&before.fingerprints).count();
    let gone = before.fingerprints.difference(&now.fingerprints).count();
    let (new, gone) = (words::counted(new, "finding is", "findings are"), words::counted(gone, "is", "are"));
    format!("<p>Since {} {new} new, and {gone} gone.</p>\n", outside(&words::moment(&before.began)))
}

fn picture(shown: &[&Entry]) -> String {
    let highest = shown.iter().map(|it| it.tally.findings()).max().unwrap_or_default().max(1);
    let step = WIDTH / shown.len().max(1);
    let width = step.saturating_sub(2).clamp(1, 40);
    let mut bars = String::new();
    for (place, entry) in shown.iter().enumerate() {
        let mut top = HEIGHT;
        let Tally { critical, warning, info, .. } = entry.tally;
        for (kind, count) in [("critical", critical), ("warning", warning), ("info", info)] {
            let height = count * (HEIGHT - 10) / highest;
            top -= height;
            let left = place * step;
            bars.push_str(&format!(
                "<rect class=\"{kind}\" x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>"
            ));
        }
    }
    let (first, last) = (shown.first(), shown.last());
    let name = |it: Option<&&Entry>| it.map(|it| plain(&words::moment(&it.began))).unwrap_or_default();
    format!(
        "<svg role=\"img\" aria-labelledby=\"trend-title\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\">\
         <title id=\"trend-title\">Findings in {} reports from {} to {}, at most {highest}; the table below has the numbers</title>{bars}</svg>\n",
        shown.len(),
        name(first),
        name(last)
    )
}

fn table(shown: &[&Entry]) -> String {
    let cell = |label: &str, count: usize| {
        format!("<td role=\"cell\" data-label=\"{label}\">{}</td>", words::grouped(count))
    };
    let rows: String = shown
        .iter()
        .rev()
        .map(|it| {
            let tally = it.tally;
            format!(
                "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{}</th>{}{}{}{}{}</tr>\n",
                outside(&words::moment(&it.began)),
                cell("Critical", tally.critical),
                cell("Warnings", tally.warning),
                cell("Notes", tally.info),
                cell("Undecided", tally.undecided),
                cell("Problems", tally.problems),
            )
        })
        .collect();
    let heads: String = ["Report", "Critical", "Warnings", "Notes", "Undecided", "Problems"]
        .map(|it| format!("<th role=\"columnheader\" scope=\"col\">{it}</th>"))
        .concat();
    format!(
        "<table role=\"table\" class=\"numbers\">\n<caption>Counts of each report, the latest first</caption>\n\
         <thead role=\"rowgroup\"><tr role=\"row\">{heads}</tr></thead>\n<tbody role=\"rowgroup\">\n{rows}</tbody>\n</table>\n"
    )
}
