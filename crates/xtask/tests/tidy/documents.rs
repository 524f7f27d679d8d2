//! Links in documents lead somewhere.

use std::collections::BTreeSet;
use std::path::Path;

use crate::tree::{files_ending, none, root, text};

#[test]
fn links_in_documents_resolve() {
    let mut findings = Vec::new();
    for document in files_ending(".md") {
        for target in links(&text(&document)) {
            if let Some(why) = broken(&document, &target) {
                findings.push(format!("{document}: ({target}) {why}"));
            }
        }
    }
    none(&findings, "These links lead nowhere:");
}

#[test]
fn links_and_headings_are_found() {
    assert_eq!(
        links("see [a](b.md) and ![c](d.png \"t\"), not `[x](y)`\n```\n[n](o)\n```\n"),
        ["b.md", "d.png"]
    );
    assert_eq!(anchor("What it is, in `five` lines!"), "what-it-is-in-five-lines");
}

/// The document tests of the crate compile it; that it stays a page long is seen to here.
#[test]
fn the_whole_provider_of_the_framework_fits_on_a_page() {
    let readme = text("crates/tf-plugin/README.md");
    let (_, rest) = readme.split_once("```rust,no_run\n").unwrap();
    let lines = rest.lines().take_while(|line| !line.starts_with("```")).count();
    assert!(rest.contains("fn main()") && (30..=60).contains(&lines), "{lines} lines");
}

/// The targets of inline links, outside code.
fn links(document: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        } else if !in_code {
            let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
            let targets = prose.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
            found.extend(targets.map(str::to_owned));
        }
    }
    found
}

/// Why a link is broken, if it is. The outside world is not asked.
fn broken(document: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, fragment) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(document).parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() { Path::new(document).to_path_buf() } else { folder.join(file) };
    if !root().join(&path).exists() {
        return Some("there is no such file".to_owned());
    }
    let headed = !fragment.is_empty() && path.extension().is_some_and(|it| it == "md");
    (headed && !anchors(&text(&path.to_string_lossy())).contains(fragment))
        .then(|| "there is no such heading".to_owned())
}

fn anchors(document: &str) -> BTreeSet<String> {
    let headings = document.lines().filter(|line| line.starts_with('#'));
    let headings = headings.map(|line| anchor(line.trim_start_matches('#')));
    // The registry's way to lead to a nested block.
    let named = document.lines().filter_map(|line| line.strip_prefix("<a id=\"")?.strip_suffix("\"></a>"));
    headings.chain(named.map(str::to_owned)).collect()
}

/// A heading as it appears in an address.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|it| it.is_alphanumeric() || matches!(it, '-' | '_')).collect()
}
