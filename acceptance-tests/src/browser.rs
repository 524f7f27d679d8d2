//! A browser without a window, for what people see of pages.

use std::env;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// How the browser may be called.
const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// How to look at a page.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The address of the page.
    pub address: &'a str,
    /// How large the window is, as `WIDTH,HEIGHT` in pixels.
    pub size: &'a str,
    /// How much time of its own the page gets before it is looked at, in milliseconds.
    pub time_ms: u32,
    /// What is wanted of the browser, such as `--dump-dom`.
    pub wishes: &'a [&'a str],
}

/// The browser on PATH; nothing when there is none.
pub fn on_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let mut places =
        env::split_paths(&path).flat_map(|folder| NAMES.iter().map(move |name| folder.join(name)));
    places.find(|it| it.is_file())
}

/// Looks at a page in a profile of its own, and gives what the browser prints. A test never goes without a browser.
pub fn look(look: Look<'_>) -> String {
    let browser = on_path().unwrap_or_else(|| {
        panic!("none of {NAMES:?} is on PATH; install it with the system's package manager")
    });
    let profile = TempDir::with_prefix("browser-").expect("a folder for the test can be made");
    let mut command = Command::new(browser);
    command.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-dev-shm-usage",
    ]);
    command.arg(format!("--user-data-dir={}", profile.path().display()));
    command.arg(format!("--window-size={}", look.size));
    command.arg(format!("--virtual-time-budget={}", look.time_ms));
    let output = command.args(look.wishes).arg(look.address).output().expect("the browser can be run");
    printed(&command, &output)
}

fn printed(command: &Command, output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
