//! The report for a pull request, a merge request or the summary of a job: short first, details folded away.

use super::clean::{block, line};
use super::values::{self, Shown};
use super::words::{self, Tally, counted};
use crate::report::{Finding, InstanceReport, Problem, Report, Severity};

/// How long the text may become, in bytes. GitHub takes 65,536 characters for a comment and GitLab more; the rest is for
/// what others put around it.
const BYTES_MAX: usize = 60_000;
/// The longest text from outside that is shown in a sentence or a cell, in characters.
const CHARS_MAX: usize = 300;

/// The report.
pub fn render(report: &Report) -> String {
    within(report, BYTES_MAX)
}

/// The report in at most so many bytes, as long as there is room for the heading and the word on what was cut.
fn within(report: &Report, bytes_max: usize) -> String {
    let mut text = heading(report);
    let pieces = pieces(report);
    let total = pieces.len();
    let end = |cut: usize| {
        let things = counted(cut, "section is", "sections are");
        format!("\n> **Cut to size:** {things} not shown here. The report as JSON or HTML has everything.\n")
    };
    let room = bytes_max.saturating_sub(end(total).len());
    for (place, piece) in pieces.iter().enumerate() {
        if text.len() + piece.len() > room && text.len() + piece.len() + rest(&pieces, place + 1) > bytes_max
        {
            text.push_str(&end(total - place));
            return text;
        }
        text.push_str(piece);
    }
    text
}

fn rest(pieces: &[String], from: usize) -> usize {
    pieces.iter().skip(from).map(String::len).sum()
}

fn heading(report: &Report) -> String {
    let tally = Tally::all(report);
    let share = report.shard.map(|it| format!(" (share {} of {})", it.index, it.of)).unwrap_or_default();
    let mut text = format!("## ServiceNow drift{share}: {}\n", tally.sentence());
    if report.instances.is_empty() {
        text.push_str("\nNo instance was looked at.\n");
        return text;
    }
    text.push_str(
        "\n| Instance | Declared | As declared | Critical | Warnings | Notes | Undecided | Let be | Problems |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for instance in &report.instances {
        let it = Tally::of(instance);
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            cell(&instance.name),
            instance.counts.declared,
            instance.counts.clean,
            it.critical,
            it.warning,
            it.info,
            it.undecided,
            it.ignored,
            it.problems
        ));
    }
    for (instance, since) in report.instances.iter().filter_map(|it| Some((it, it.since.as_ref()?))) {
        let name =
            if report.instances.len() > 1 { format!("{}: ", code(&instance.name)) } else { String::new() };
        text.push_str(&format!("\n{name}{}\n", prose(&since.sentence())));
    }
    text
}

/// What follows the heading, in parts that are shown as a whole or not at all, the most important first.
fn pieces(report: &Report) -> Vec<String> {
    let mut pieces = Vec::new();
    let several = report.instances.len() > 1;
    pieces.extend(report.problems.iter().map(|it| format!("\n{}", problem(it))));
    for instance in &report.instances {
        let title = if several { format!(" on {}", code(&instance.name)) } else { String::new() };
        let mut heads = |title: String, found: Vec<String>| {
            for (place, piece) in found.into_iter().enumerate() {
                let head = if place == 0 { format!("\n### {title}\n") } else { String::new() };
                pieces.push(format!("{head}\n{piece}"));
            }
        };
        heads(format!("Problems{title}"), problems(instance));
        let findings = words::severest_first(&instance.findings);
        heads(format!("Findings{title}"), findings.into_iter().map(finding).collect());
        heads(format!("Undecided{title}, which is not clean"), undecided(instance));
        heads(format!("Let be{title}"), ignored(instance));
    }
    pieces
}

fn problems(instance: &InstanceReport) -> Vec<String> {
    instance.problems.iter().map(problem).collect()
}

fn problem(problem: &Problem) -> String {
    format!("**{}**\n\n{}\n", prose(&problem.summary), prose(&problem.detail))
}

fn undecided(instance: &InstanceReport) -> Vec<String> {
    let item = |it: &crate::report::Undecided| {
        let attribute = it.attribute.iter().map(|it| format!(" {}", code(it))).collect::<String>();
        let place = it.place.iter().map(|it| format!(" at {}", code(&words::place(it)))).collect::<String>();
        let reasons: Vec<String> = it.reasons.iter().map(|it| prose(it)).collect();
        format!("- {}{attribute}{place}: {}\n", code(&it.address), reasons.join(" "))
    };
    instance.undecided.iter().map(item).collect()
}

fn ignored(instance: &InstanceReport) -> Vec<String> {
    let item = |it: &crate::report::Ignored| {
        let until = it.until.iter().map(|it| format!(" (until {})", prose(it))).collect::<String>();
        let (class, subject) = (words::class(it.finding.class), words::subject(&it.finding));
        format!("- {class}, {}: {}{until}\n", code(&subject), prose(&it.reason))
    };
    instance.ignored.iter().map(item).collect()
}

fn finding(finding: &Finding) -> String {
    let mark = match finding.severity {
        Severity::Critical => "🔴 **critical**",
        Severity::Warning => "🟠 **warning**",
        Severity::Info => "🔵 note",
    };
    let subject = code(&words::subject(finding));
    let class = words::class(finding.class);
    let mut text = format!("{mark} {class}: {subject}\n\n{}\n", prose(&finding.summary));
    let details = details(finding);
    if !details.is_empty() {
        text.push_str(&format!(
            "\n<details><summary>What, who and the ways out</summary>\n{details}\n</details>\n"
        ));
    }
    text
}

fn details(finding: &Finding) -> String {
    let mut facts = Vec::new();
    if let Some(place) = &finding.place {
        facts.push(format!("- Declared at {}", code(&words::place(place))));
    }
    if let Some(record) = &finding.record {
        let id = format!("{} {}", record.table, record.sys_id);
        facts.push(format!("- Record {} ({}): {}", code(&record.name), code(&id), code(&record.url)));
    }
    if let Some(change) = &finding.change {
        facts.push(format!("- Changed {}", code(&words::who(change))));
    }
    let mut text = String::new();
    if !facts.is_empty() {
        text.push_str(&format!("\n{}\n", facts.join("\n")));
    }
    text.push_str(&differences(finding));
    let remedy = &finding.remedy;
    if let Some(command) = &remedy.apply {
        text.push_str(&format!("\nTo make the instance as declared:\n\n{}", fenced("sh", &line(command))));
    }
    if let Some(patch) = &remedy.adopt {
        text.push_str(&format!("\nTo adopt what is live:\n\n{}", fenced("diff", &block(patch))));
    }
    if let Some(work) = &remedy.by_hand {
        text.push_str(&format!("\nBy hand: {}\n", prose(work)));
    }
    text
}

/// Short values in a table, long ones as differences below it.
fn differences(finding: &Finding) -> String {
    let mut rows = String::new();
    let mut long = String::new();
    for difference in &finding.differences {
        let (attribute, title) = (cell(&difference.attribute), code(&difference.attribute));
        match values::shown(difference) {
            Shown::Hidden => {
                rows.push_str(&format!("| {attribute} | *not shown* | *not shown, differs* |\n"))
            }
            Shown::Inline { declared, live } => {
                rows.push_str(&format!("| {attribute} | {} | {} |\n", cell(&declared), cell(&live)));
            }
            Shown::Lines(lines) => {
                let lines: Vec<String> = lines.iter().map(values::Line::written).collect();
                long.push_str(&format!(
                    "\n{title}, from declared to live:\n\n{}",
                    fenced("diff", &lines.join("\n"))
                ));
            }
        }
    }
    if !rows.is_empty() {
        rows.insert_str(0, "\n| Attribute | Declared | Live |\n|---|---|---|\n");
    }
    rows + &long
}

/// A block of code behind a fence that is longer than any in it.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text, '`').max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// A text from outside as code in a sentence: nothing in it is markup, a mention or a link.
fn code(text: &str) -> String {
    let text = short(&line(text));
    let fence = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// The same within a table, where a bar would begin the next cell even in code.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A sentence with parts from outside: what would be markup, a mention or a link is disarmed.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    for character in short(&line(text)).chars() {
        match character {
            '&' => prose.push_str("&amp;"),
            '<' => prose.push_str("&lt;"),
            '>' => prose.push_str("&gt;"),
            // A comment within keeps hosts from notifying people and linking issues.
            '@' | '#' => prose.extend([character.to_string().as_str(), "<!-- -->"]),
            ':' => prose.push_str(":<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '$' => {
                prose.extend(['\\', character]);
            }
            _ => prose.push(character),
        }
    }
    prose.replace(":<!-- --> ", ": ").replace("www.", "www<!-- -->.")
}

fn short(text: &str) -> String {
    match text.char_indices().nth(CHARS_MAX) {
        Some((place, _)) => format!("{}…", text.get(..place).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn longest_run(text: &str, of: char) -> usize {
    text.split(|it| it != of).map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn text_from_outside_is_disarmed() {
        for (text, in_code, in_prose) in [
            ("a|b", "`a|b`", "a\\|b"),
            ("`x`", "`` `x` ``", "\\`x\\`"),
            ("<b>&", "`<b>&`", "&lt;b&gt;&amp;"),
            ("@all #1", "`@all #1`", "@<!-- -->all #<!-- -->1"),
            ("http://a: b", "`http://a: b`", "http:<!-- -->//a: b"),
            ("a\nb", "`a\\nb`", "a\\\\nb"),
        ] {
            assert_eq!(code(text), in_code);
            assert_eq!(prose(text), in_prose);
        }
        assert_eq!(cell("a|b"), "`a\\|b`");
    }

    #[test]
    fn a_fence_is_longer_than_any_in_the_text() {
        assert_eq!(fenced("diff", "a"), "```diff\na\n```\n");
        assert_eq!(fenced("", "````"), "`````\n````\n`````\n");
    }

    #[test]
    fn a_long_report_is_cut_between_sections_with_a_word_on_what_is_missing() {
        let mut report = sample::everything();
        let finding = report.instances[0].findings[6].clone();
        report.instances[0].findings = vec![finding; 200];
        let whole = pieces(&report).len();
        let text = render(&report);
        assert!(text.len() <= BYTES_MAX, "{}", text.len());
        let shown = text.matches("🟠").count();
        let cut = whole - shown;
        assert!(text.ends_with(&format!(
            "{cut} sections are not shown here. The report as JSON or HTML has everything.\n"
        )));
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert!(text.len() > BYTES_MAX / 2, "{}", text.len());
    }

    #[test]
    fn a_report_that_just_fits_is_not_cut() {
        let report = sample::everything();
        let whole = within(&report, usize::MAX);
        assert_eq!(within(&report, whole.len()), whole);
        assert!(within(&report, whole.len() - 1).contains("Cut to size"));
    }
}
