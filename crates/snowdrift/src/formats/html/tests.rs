//! The page holds what the report has, lets nothing in, and asks for nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::formats::clean::is_invisible;
use crate::history::{Entry, History};
use crate::report::sample;

fn page(name: &str) -> String {
    render(&sample::named(name), &History::default())
}

fn past() -> History {
    let mut earlier = sample::everything();
    let mut entries = Vec::new();
    for (day, keep) in [(1, 3), (2, 7), (3, 9)] {
        earlier.began = format!("2026-11-0{day}T12:00:00Z");
        earlier.instances[0].findings = sample::everything().instances[0].findings[..keep].to_vec();
        entries.push(Entry::of(&earlier));
    }
    History { unread: vec!["broken.json".to_owned()], ..History::new(entries) }
}

#[test]
fn the_only_script_is_the_one_that_the_policy_allows() {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, SCRIPT.as_bytes());
    assert_eq!(STANDARD.encode(digest), SCRIPT_SHA256);
}

#[test]
fn the_page_needs_nothing_else() {
    for (name, _) in sample::FILES {
        let page = page(name);
        // Text holds no `<`, so that what follows one is a tag.
        let tags: Vec<&str> = page.split('<').skip(1).filter_map(|it| it.split('>').next()).collect();
        for reference in
            [" src=", "link", "iframe", "img", "object", "srcset", "embed", "base", "form action"]
        {
            let found: Vec<&&str> = tags
                .iter()
                .filter(|it| it.starts_with(reference) || it.contains(&format!(" {reference}=")))
                .collect();
            assert!(found.is_empty(), "{name}: {found:?}");
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}

#[test]
fn hostile_text_is_only_text() {
    let page = page("hostile");
    assert_eq!(page.matches("<script").count(), 1);
    assert_eq!(page.matches("</script").count(), 1);
    assert!(!page.contains("<img") && !page.contains("href=\"javascript"), "{page}");
    assert!(page.chars().all(|it| it == '\n' || it == '\t' || !is_invisible(it)));
    assert!(!page.contains(['\u{fffe}', '\u{ffff}']));
}

#[test]
fn every_anchor_leads_somewhere_and_no_id_is_there_twice() {
    for (name, _) in sample::FILES {
        let page = page(name);
        let values = |before: &str| -> Vec<String> {
            page.split(before).skip(1).filter_map(|it| it.split('"').next()).map(str::to_owned).collect()
        };
        let ids = values(" id=\"");
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{name}");
        for anchor in
            values("href=\"#").into_iter().chain(values("aria-labelledby=\"")).chain(values(" for=\""))
        {
            assert!(ids.contains(&anchor), "{name}: {anchor}");
        }
    }
}

#[test]
fn headings_are_in_order() {
    for (name, _) in sample::FILES {
        let page = page(name);
        let heads =
            page.match_indices("<h").filter_map(|(place, _)| page[place + 2..].chars().next()?.to_digit(10));
        let heads: Vec<u32> = heads.collect();
        assert_eq!(heads[0], 1, "{name}");
        assert_eq!(heads.iter().filter(|it| **it == 1).count(), 1, "{name}");
        assert!(heads.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {heads:?}");
    }
}

#[test]
fn everything_of_a_report_is_on_the_page() {
    let report = sample::everything();
    let page = page("everything");
    let instance = &report.instances[0];
    let mut wanted: Vec<String> = Vec::new();
    for finding in instance.findings.iter().chain(instance.ignored.iter().map(|it| &it.finding)) {
        wanted.push(words::subject(finding));
    }
    wanted.extend(instance.findings.iter().map(|it| it.summary.clone()));
    wanted.extend(instance.findings.iter().filter_map(|it| it.change.as_ref()).map(words::who));
    wanted.extend(instance.findings.iter().filter_map(|it| it.remedy.apply.clone()));
    wanted.extend(instance.findings.iter().flat_map(|it| &it.differences).map(|it| it.attribute.clone()));
    wanted.extend(instance.undecided.iter().flat_map(|it| it.reasons.clone()));
    wanted.extend(instance.ignored.iter().map(|it| it.reason.clone()));
    for connection in instance.integrations.iter().flat_map(|it| &it.connections) {
        wanted.push(connection.name.clone());
        wanted.push(connection.status.title().to_owned());
        wanted.extend(connection.status_reason.clone());
    }
    for text in wanted {
        assert!(page.contains(&text::plain(&text)), "{text}");
    }
}

#[test]
fn the_history_tells_since_when_and_how_the_counts_went() {
    let report = sample::everything();
    let page = render(&report, &past());
    for text in [
        "<bdi>2026-11-01 12:00:00 UTC</bdi> (3 earlier reports)",
        "<bdi>2026-11-03 12:00:00 UTC</bdi> (1 earlier report)",
        "2 findings are new, and 0 are gone",
        "<bdi>broken.json</bdi>",
        "Findings in 4 reports from 2026-11-01 12:00:00 UTC to 2026-11-22 12:00:00 UTC, at most 11",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!self::page("everything").contains("id=\"history\""));
    insta::assert_snapshot!("html-everything-history", page);
}

#[test]
fn more_findings_than_anybody_reads_are_counted_instead() {
    let mut report = sample::empty();
    let finding = sample::everything().instances[0].findings[9].clone();
    report.instances[0].findings = vec![finding; 2_003];
    let page = render(&report, &History::default());
    assert!(page.contains("3 more findings are not shown on this page."));
    assert_eq!(page.matches("<article class=\"finding").count(), 2_000);
}
