//! Looks at a page of ours as people do: on a desk, on a phone, in the dark, and with the means of those who do not see it.

use std::fs;
use std::process::Command;

use acceptance_tests::browser::{self, Look};
use acceptance_tests::root;

use crate::tools::{python, run};

/// What a browser is told for somebody who prefers the dark.
pub const DARK: &str = "--blink-settings=preferredColorScheme=0";

/// A window on a desk.
pub const DESK: &str = "1200,900";

/// How much time of its own a page gets: the checker of accessibility is slow.
const TIME_MS: u32 = 8_000;

/// A picture smaller than this shows nothing, in bytes.
const PICTURE_MIN: u64 = 10_000;

/// Lets the browser look at the text of a page.
pub fn look(page: &str, size: &str, wishes: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    fs::write(&file, page).unwrap();
    let address = format!("file://{}", file.display());
    browser::look(Look { address: &address, size, time_ms: TIME_MS, wishes })
}

/// The page with a script of the test at its end, for which the page's own policy makes way.
fn with_script(page: &str, script: &str) -> String {
    let (before, policy) = page.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let after = policy.split_once('>').unwrap().1;
    format!("{before}{after}").replace("</body>", &format!("<script>{script}</script></body>"))
}

/// What a script of the test leaves in the attribute `data-told` of the page.
pub fn told(page: &str, wishes: &[&str], script: &str) -> String {
    let all: Vec<&str> = wishes.iter().copied().chain(["--dump-dom"]).collect();
    let dom = look(&with_script(page, script), DESK, &all);
    let told = dom.split("data-told=\"").nth(1).unwrap_or_else(|| panic!("the script told nothing"));
    told.split('"')
        .next()
        .unwrap()
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Fails unless nobody is shut out, as far as a program can tell.
#[track_caller]
pub fn shuts_nobody_out(page: &str, is_dark: bool) {
    let find = run(Command::new("find").arg(python().join("lib")).args(["-name", "axe.min.js"]));
    let axe = fs::read_to_string(find.trim()).unwrap();
    let script = format!(
        "{axe}\naxe.run(document, {{resultTypes: ['violations', 'incomplete']}}).then((it) => {{\
         const words = it.violations.map((rule) => rule.id + ' ' + rule.nodes.map((node) => node.html + node.failureSummary).join(' '));\
         document.documentElement.setAttribute('data-told', it.passes.length + ' rules; ' + \
         matchMedia('(prefers-color-scheme: dark)').matches + ';' + words.join(' | '));}});"
    );
    let wishes: &[&str] = if is_dark { &[DARK] } else { &[] };
    let told = told(page, wishes, &script);
    let mut parts = told.splitn(3, ';');
    let rules: usize = parts.next().unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(rules > 10, "{told}");
    assert_eq!(parts.next().unwrap().trim(), is_dark.to_string());
    assert_eq!(parts.next().unwrap(), "", "dark {is_dark}");
}

/// Fails unless a phone of 360 pixels shows the page without sideways scrolling.
#[track_caller]
pub fn fits_a_phone(page: &str) {
    let dom = look(&framed(page), DESK, &["--dump-dom"]);
    let told = dom.split("data-told=\"").nth(1).and_then(|it| it.split('"').next());
    assert_eq!(told, Some("360 360 "));
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
        "<!doctype html><html><body style=\"margin:0\"><iframe id=\"phone\" width=\"360\" height=\"2400\" style=\"border:0\"></iframe>\
         <script>{script} document.getElementById('phone').srcdoc = document.getElementById('page').value;</script></body></html>"
    )
    .replace("<script>", &format!("<textarea id=\"page\" hidden>{escaped}</textarea><script>"))
}

/// Keeps pictures of a page to be looked at: on a desk, on a phone, in the dark, and on paper.
#[track_caller]
pub fn keep(page: &str, name: &str) {
    let folder = root().join("target/screenshots");
    fs::create_dir_all(&folder).unwrap();
    let phone = framed(page);
    for (kind, page, size, more) in [
        ("desk", page, "1200,2400", None),
        ("phone", &*phone, "500,2400", None),
        ("dark", page, "1200,2400", Some(DARK)),
    ] {
        let picture = folder.join(format!("{name}-{kind}.png"));
        let wish = format!("--screenshot={}", picture.display());
        let wishes: Vec<&str> = more.into_iter().chain([&*wish]).collect();
        look(page, size, &wishes);
        assert!(fs::metadata(&picture).unwrap().len() > PICTURE_MIN, "{name} {kind}");
    }
    let paper = folder.join(format!("{name}.pdf"));
    look(page, DESK, &[&format!("--print-to-pdf={}", paper.display()), "--no-pdf-header-footer"]);
    assert!(fs::read(&paper).unwrap().starts_with(b"%PDF"), "{name}");
}
