//! A Terraform that is killed leaves no provider behind.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::{Terraform, Workshop};

/// Far more than the provider needs to see that its host is gone, even on a busy machine.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// The processes that were started under this name.
fn processes(program: &Path) -> Vec<String> {
    let folders = fs::read_dir("/proc").unwrap().flatten().map(|it| it.path());
    let started = |folder: &Path| {
        let line = fs::read(folder.join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).trim_end_matches('\0') == program.to_string_lossy()
    };
    folders.filter(|it| started(it)).map(|it| it.display().to_string()).collect()
}

#[track_caller]
fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < WAIT_MAX, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_terraform_that_is_killed_in_the_middle_of_an_apply_leaves_no_provider_behind() {
    let workshop = Workshop::new(Terraform::V1_15, "scratch");
    let log = workshop.configuration().join("log");
    workshop.environment("TF_LOG", "debug").environment("TF_LOG_PATH", &log.display().to_string());
    workshop.hcl("resource \"scratch_note\" \"it\" {\n  text = \"wait\"\n}\n");
    let mut terraform = workshop.start(&["apply", "-input=false", "-auto-approve"]);
    // The whole path, so that nobody else's processes are counted.
    let program = workshop.provider();
    wait_for("the apply has reached the provider", || workshop.left("log").contains("applying"));
    assert!(!processes(&program).is_empty(), "the provider is not seen under {}", program.display());
    terraform.kill().unwrap();
    terraform.wait().unwrap();
    wait_for("the provider is gone", || processes(&program).is_empty());
}
