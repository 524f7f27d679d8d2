//! The page in a browser without a window: on a desk, on a phone, in the dark, on paper, and for those who do not see it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance_tests::{Binaries, root};

use crate::merge::sample;
use crate::tools::{python, run};

/// How the browser may be called.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
/// Examples with something to see.
const EXAMPLES: &[&str] = &["everything", "two-instances", "hostile", "empty", "nothing"];

fn browser() -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut places =
        env::split_paths(&path).flat_map(|folder| NAMES.iter().map(move |name| folder.join(name)));
    let found = places.find(|it| it.is_file());
    found.unwrap_or_else(|| {
        panic!("none of {NAMES:?} is on PATH; install it with the system's package manager")
    })
}

/// The page of an example, with a history where it has findings.
fn page(example: &str, folder: &Path) -> String {
    let past = folder.join("past");
    fs::create_dir_all(&past).unwrap();
    let earlier =
        fs::read_to_string(sample(example)).unwrap().replace("2026-11-22T12:00:00Z", "2026-11-21T12:00:00Z");
    fs::write(past.join("earlier.json"), earlier).unwrap();
    let mut command = Command::new(Binaries::built().snowdrift());
    command.arg("merge").arg(sample(example)).args(["--format", "html", "--history"]).arg(&past);
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

/// Lets the browser look at a page, in a profile of its own.
fn look(page: &str, size: &str, wishes: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    fs::write(&file, page).unwrap();
    let mut command = Command::new(browser());
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-dev-shm-usage",
    ]);
    command.arg(format!("--user-data-dir={}", folder.path().join("profile").display()));
    command.args([&format!("--window-size={size}"), "--virtual-time-budget=8000"]).args(wishes);
    run(command.arg(format!("file://{}", file.display())))
}

/// The page with a script of the test at its end, for which the page's own policy makes way.
fn with_script(page: &str, script: &str) -> String {
    let (before, policy) = page.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let after = policy.split_once('>').unwrap().1;
    format!("{before}{after}").replace("</body>", &format!("<script>{script}</script></body>"))
}

/// What a script leaves in an attribute of the page.
fn told(page: &str, size: &str, wishes: &[&str], script: &str) -> String {
    let all: Vec<&str> = wishes.iter().copied().chain(["--dump-dom"]).collect();
    let dom = look(&with_script(page, script), size, &all);
    let told = dom.split("data-told=\"").nth(1).unwrap_or_else(|| panic!("the script told nothing"));
    told.split('"')
        .next()
        .unwrap()
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

const DARK: &str = "--blink-settings=preferredColorScheme=0";

#[test]
fn nobody_is_shut_out_in_the_light_and_in_the_dark() {
    let axe = python().join("lib");
    let find = run(Command::new("find").arg(&axe).args(["-name", "axe.min.js"]));
    let axe = fs::read_to_string(find.trim()).unwrap();
    let script = format!(
        "{axe}\naxe.run(document, {{resultTypes: ['violations', 'incomplete']}}).then((it) => {{\
         const words = it.violations.map((rule) => rule.id + ' ' + rule.nodes.map((node) => node.html + node.failureSummary).join(' '));\
         document.documentElement.setAttribute('data-told', it.passes.length + ' rules; ' + \
         matchMedia('(prefers-color-scheme: dark)').matches + ';' + words.join(' | '));}});"
    );
    for (example, dark) in [
        ("everything", false),
        ("everything", true),
        ("hostile", false),
        ("two-instances", true),
        ("nothing", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let wishes: &[&str] = if dark { &[DARK] } else { &[] };
        let told = told(&page(example, folder.path()), "1200,900", wishes, &script);
        let mut parts = told.splitn(3, ';');
        let rules: usize = parts.next().unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!(rules > 10, "{example}: {told}");
        assert_eq!(parts.next().unwrap().trim(), dark.to_string(), "{example}");
        assert_eq!(parts.next().unwrap(), "", "{example}, dark {dark}");
    }
}

/// The page in a frame that is as wide as a small phone; a window of a browser cannot be.
fn framed(page: &str) -> String {
    let escaped = page.replace('&', "&amp;").replace('"', "&quot;");
    let script = "document.getElementById('phone').addEventListener('load', (event) => {\
                  const inner = event.target.contentWindow; const root = inner.document.documentElement;\
                  const wide = [...root.querySelectorAll('body *')].filter((it) => it.getBoundingClientRect().right > 361);\
                  document.documentElement.setAttribute('data-told', inner.innerWidth + ' ' + root.scrollWidth + ' ' + \
                  wide.map((it) => it.tagName + '.' + it.className).slice(0, 5).join());});";
    format!(
        "<!doctype html><html><body><iframe id=\"phone\" width=\"360\" height=\"800\" style=\"border:0\"></iframe>\
         <script>{script} document.getElementById('phone').srcdoc = document.getElementById('page').value;</script></body></html>"
    )
    .replace("<script>", &format!("<textarea id=\"page\" hidden>{escaped}</textarea><script>"))
}

#[test]
fn a_phone_shows_it_without_sideways_scrolling() {
    for example in EXAMPLES {
        let folder = tempfile::tempdir().unwrap();
        let dom = look(&framed(&page(example, folder.path())), "1200,900", &["--dump-dom"]);
        let told = dom.split("data-told=\"").nth(1).and_then(|it| it.split('"').next());
        assert_eq!(told, Some("360 360 "), "{example}");
    }
}

#[test]
fn the_filters_work_under_the_policy_of_the_page_and_it_is_whole_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let page = page("everything", folder.path());
    let dom = look(&page, "1200,900", &["--dump-dom"]);
    assert!(!dom.contains("id=\"filters\" aria-label=\"Filter findings\" hidden"), "the script ran");
    assert!(
        page.contains("id=\"filters\" aria-label=\"Filter findings\" hidden"),
        "without it nothing is offered"
    );
    assert!(!page.contains("<article class=\"finding critical\" hidden"));
    let script = "const by = document.getElementById('by-severity'); by.value = 'warning';\
                  by.dispatchEvent(new Event('input', {bubbles: true}));\
                  document.documentElement.setAttribute('data-told', document.getElementById('shown').value + ' ' + \
                  document.querySelectorAll('article.finding:not([hidden])').length);";
    assert_eq!(told(&page, "1200,900", &[], script), "4 of 11 findings shown 4");
}

#[test]
fn hostile_text_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let script = "document.documentElement.setAttribute('data-told', document.scripts.length + ' ' + document.images.length + ' ' + \
                  [...document.links].filter((it) => it.protocol !== 'https:' && it.protocol !== 'file:').length);";
    // The page's own script and the one of the test.
    assert_eq!(told(&page("hostile", folder.path()), "1200,900", &[], script), "2 0 0");
}

#[test]
fn pictures_and_paper_are_kept_to_be_looked_at() {
    let folder = root().join("target/screenshots");
    fs::create_dir_all(&folder).unwrap();
    let past = tempfile::tempdir().unwrap();
    for (example, name, size, more) in [
        ("everything", "desk", "1200,2400", vec![]),
        ("everything", "phone", "360,2400", vec![]),
        ("everything", "dark", "1200,2400", vec![DARK]),
        ("two-instances", "desk", "1200,1600", vec![]),
        ("hostile", "phone", "360,2400", vec![]),
    ] {
        let picture = folder.join(format!("report-{example}-{name}.png"));
        let wish = format!("--screenshot={}", picture.display());
        look(&page(example, past.path()), size, &more.into_iter().chain([&*wish]).collect::<Vec<_>>());
        assert!(fs::metadata(&picture).unwrap().len() > 10_000, "{example} {name}");
    }
    let paper = folder.join("report-everything.pdf");
    look(&page("everything", past.path()), "1200,900", &[&format!("--print-to-pdf={}", paper.display())]);
    assert!(fs::read(&paper).unwrap().starts_with(b"%PDF"));
}
