//! What could not be compared, and what is let be: each with its reason.

use super::is_fleet;
use super::text::{code, outside, plain};
use crate::formats::words;
use crate::report::{Ignored, InstanceReport, Report, Undecided};

/// How many things a list shows. More make a browser slow.
const THINGS_MAX: usize = 2_000;

/// What could not be compared.
pub fn undecided(report: &Report) -> String {
    listed(
        report,
        |it| &it.undecided,
        "Nothing here counts as clean.",
        |it: &Undecided| {
            let attribute = it.attribute.iter().map(|it| format!(" {}", code(it))).collect::<String>();
            let place =
                it.place.iter().map(|it| format!(" at {}", code(&words::place(it)))).collect::<String>();
            let reasons: Vec<String> = it.reasons.iter().map(|it| outside(it)).collect();
            format!("{}{attribute}{place}<br>{}", code(&it.address), reasons.join(" "))
        },
    )
}

/// What is let be.
pub fn ignored(report: &Report) -> String {
    listed(
        report,
        |it| &it.ignored,
        "This differs, and a rule says why it may.",
        |it: &Ignored| {
            let until = it
                .until
                .iter()
                .map(|it| format!(" <span class=\"hush\">until {}</span>", outside(it)))
                .collect::<String>();
            let (class, subject) = (words::class(it.finding.class), words::subject(&it.finding));
            format!("{class}: {}<br>{}{until}", code(&subject), outside(&it.reason))
        },
    )
}

fn listed<T>(
    report: &Report,
    of: impl Fn(&InstanceReport) -> &Vec<T>,
    lead: &str,
    show: impl Fn(&T) -> String,
) -> String {
    let fleet = is_fleet(report);
    let all = report.instances.iter().flat_map(|it| of(it).iter().map(move |thing| (it, thing)));
    let at = |it: &InstanceReport| {
        if fleet { format!("<span class=\"at\">{}</span> ", outside(&it.name)) } else { String::new() }
    };
    let mut items: Vec<String> =
        all.map(|(instance, thing)| format!("<li>{}{}</li>\n", at(instance), show(thing))).collect();
    let rest = items.len().saturating_sub(THINGS_MAX);
    if rest > 0 {
        items.truncate(THINGS_MAX);
        items.push(format!("<li>{} more are in the JSON report.</li>\n", words::grouped(rest)));
    }
    if items.is_empty() {
        String::new()
    } else {
        format!("<p>{}</p>\n<ul class=\"things\">\n{}</ul>\n", plain(lead), items.concat())
    }
}
