//! The page for people, in a browser without a window.

use std::process::Command;

use acceptance_tests::browser::{self, Look};
use acceptance_tests::root;

use crate::started::{PASSWORD, Started};

/// Lets the browser look at a page for so long of its own time.
fn look(started: &Started, path: &str, wish: &str) -> String {
    look_through(started, "1200,900", path, wish)
}

/// The same through a window of that size.
fn look_through(started: &Started, size: &str, path: &str, wish: &str) -> String {
    let address = format!("{}{path}", started.text("url"));
    browser::look(Look { address: &address, size, time_ms: 4_000, wishes: &[wish] })
}

fn ask(started: &Started, user: &str, target: &str) {
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--user", user]).arg(format!("{}{target}", started.text("url")));
    curl.output().unwrap();
}

#[test]
fn the_pages_are_shown_and_pictures_of_them_are_kept() {
    let started = Started::with(&["--set", "one_active_rule=refuse"]);
    ask(&started, &format!("admin:{PASSWORD}"), "/api/now/table/sys_alias?sysparm_limit=1");
    ask(&started, "admin:wrong", "/api/now/table/sys_alias");
    let fault = r#"[{"kind":"lost_after","table":"http_connection","method":"PATCH"},
                    {"kind":{"delay":{"ms":200,"jitter_ms":100}},"probability":0.1}]"#;
    assert_eq!(started.control("POST", "/_sim/faults", fault).0, 200);
    let folder = root().join("target/screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    for (path, name, expected) in [
        ("/", "integrations", "Orders blue"),
        ("/_sim/page/tables", "tables", "http_connection"),
        ("/_sim/page/table/http_connection", "table", "Orders green"),
        ("/_sim/page/journal", "journal", "sysparm_limit=1"),
    ] {
        let page = look(&started, path, "--dump-dom");
        assert!(page.contains(expected), "{path}: {page}");
        let picture = folder.join(format!("simulator-{name}.png"));
        look(&started, path, &format!("--screenshot={}", picture.display()));
        assert!(std::fs::metadata(&picture).unwrap().len() > 10_000, "{path}");
        let phone = folder.join(format!("simulator-{name}-phone.png"));
        look_through(&started, "390,844", path, &format!("--screenshot={}", phone.display()));
        assert!(std::fs::metadata(&phone).unwrap().len() > 10_000, "{path}");
    }
}

#[test]
fn the_journal_grows_while_a_browser_looks() {
    let started = Started::with(&[]);
    let page = std::thread::scope(|scope| {
        let looking = scope.spawn(|| look(&started, "/_sim/page/journal", "--dump-dom"));
        while !looking.is_finished() {
            ask(&started, &format!("admin:{PASSWORD}"), "/api/now/table/sys_alias?sysparm_limit=7");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        looking.join().unwrap()
    });
    // The server wrote `data-after`; rows with a higher number were added by the script, past the policy of the page.
    let after: u64 = page.split("data-after=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    let first = page.split("<tbody").nth(1).unwrap().split("<td>").nth(1).unwrap();
    let newest: u64 = first.split('<').next().unwrap().parse().unwrap();
    assert!(newest > after, "{newest} {after}");
}
