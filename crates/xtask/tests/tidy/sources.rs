//! What holds for every source file.

use std::env;

use crate::tree::{files, files_ending, none, root, text};

/// Beyond this a file is split.
const LINES_MAX: usize = 500;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "manager", "common", "misc"];

/// The only files that may look into a secret: where its value is encoded for Terraform as a sensitive one, where it is
/// written to the instance, where it becomes a part of signing in, and where a token is handed over for one run.
const MAY_EXPOSE: &[&str] = &[
    "crates/servicenow-client/src/authenticator.rs",
    "crates/servicenow-client/src/headers.rs",
    "crates/servicenow-client/src/jwt.rs",
    "crates/servicenow-client/src/proxy.rs",
    "crates/servicenow-client/src/signed.rs",
    "crates/servicenow-client/src/tls.rs",
    "crates/servicenow-core/src/token.rs",
    "crates/snowdrift/src/connection_test.rs",
    "crates/tf-core/src/model.rs",
    "provider/src/ephemerals/oauth_token.rs",
    "provider/src/execute.rs",
    "provider/src/lifecycle/rotation.rs",
    "provider/src/settings/certificates.rs",
    "provider/src/settings/environment.rs",
];

/// Files that only tests are made of, although their name does not say so.
const FOR_TESTS: &[&str] = &["crates/reconcile/src/sample.rs"];

#[test]
fn no_source_file_is_longer_than_its_limit() {
    let long = |path: &String| text(path).lines().count() > LINES_MAX;
    let findings: Vec<String> = files_ending(".rs").into_iter().filter(long).collect();
    none(&findings, "These files have more than 500 lines; split them by idea:");
}

#[test]
fn every_source_file_says_its_idea_first() {
    let silent = |path: &String| !text(path).starts_with("//! ");
    let findings: Vec<String> = files_ending(".rs").into_iter().filter(silent).collect();
    none(&findings, "These files do not start with a `//!` sentence:");
}

#[test]
fn no_file_is_named_after_nothing() {
    let named_so = |path: &String| path.split(['/', '.']).any(|part| EMPTY_NAMES.contains(&part));
    let findings: Vec<String> = files_ending(".rs").into_iter().filter(named_so).collect();
    none(&findings, "These files need a name that says what is inside:");
}

#[test]
fn secrets_are_exposed_only_where_that_is_known() {
    let call = [".expose", "()"].concat();
    let for_tests = |path: &str| path.split('/').any(|part| matches!(part, "tests" | "tests.rs"));
    let shipped =
        |path: &String| path.contains("/src/") && !for_tests(path) && !FOR_TESTS.contains(&path.as_str());
    let exposing = |path: &String| before_tests(&text(path)).contains(&call);
    let mut found: Vec<String> = files_ending(".rs").into_iter().filter(shipped).filter(exposing).collect();
    found.retain(|path| !MAY_EXPOSE.contains(&path.as_str()));
    none(&found, "A secret may be looked into only by the files in this list; add one only after a review:");
    let stale = MAY_EXPOSE.iter().filter(|path| !exposing(&(**path).to_owned()));
    none(&stale.map(|path| (*path).to_owned()).collect::<Vec<_>>(), "These files are listed in vain:");
}

#[test]
fn no_test_is_switched_off_or_expects_a_panic() {
    let banned = [["#[", "ignore"].concat(), ["should", "_panic"].concat()];
    let has = |path: &String| banned.iter().any(|word| text(path).contains(word));
    let findings: Vec<String> = files_ending(".rs").into_iter().filter(has).collect();
    none(&findings, "A test runs, and asserts what it expects:");
}

/// Whoever writes a provider for something else uses these crates as they are.
#[test]
fn the_framework_knows_no_product() {
    let words = [["service", "now"].concat(), ["sys", "_id"].concat(), ["update ", "set"].concat()];
    let ours = |path: &String| path.starts_with("crates/tf-");
    let has = |path: &String| {
        let text = text(path).to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let files = [".rs", ".md", ".toml", ".proto"].into_iter().flat_map(files_ending);
    let findings: Vec<String> = files.filter(ours).filter(has).collect();
    none(&findings, "The framework speaks of Terraform alone:");
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let root = root().to_string_lossy().into_owned();
    let home = env::home_dir().map(|home| format!("{}/", home.to_string_lossy().trim_end_matches('/')));
    // A folder right below the top, or the top itself, is no name of anybody's machine.
    let telling = |path: &String| path.matches('/').count() > 1;
    let places: Vec<String> = [Some(root), home].into_iter().flatten().filter(telling).collect();
    let has = |path: &String| places.iter().any(|place| text(path).contains(place));
    let findings: Vec<String> = files().into_iter().filter(has).collect();
    none(&findings, "These files hold a path of this machine:");
}

/// The part of a file before its tests, when they are in the same file.
fn before_tests(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}
