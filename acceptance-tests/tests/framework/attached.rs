//! Debug mode: Terraform uses a process that a person started, command after command.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use acceptance_tests::{Binaries, Terraform, Workshop};

/// What `export` is followed by in the instructions.
const VARIABLE: &str = "TF_REATTACH_PROVIDERS";

/// A provider in debug mode; killed at the latest when the test ends.
struct Debugged {
    child: Child,
    value: String,
}

impl Debugged {
    fn start(program: &Path) -> Debugged {
        let mut command = Command::new(program);
        command.arg("--debug").env_remove("TF_LOG").env_remove("TF_LOG_PROVIDER");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let start = format!("export {VARIABLE}='");
        let line = lines.map(|it| it.trim().to_owned()).find(|it| it.starts_with(&start)).unwrap();
        let value = line.strip_prefix(&start).and_then(|it| it.strip_suffix('\'')).unwrap().to_owned();
        Debugged { child, value }
    }

    /// Presses Ctrl-C, which ends it in good order.
    fn interrupt(&mut self) {
        let sent = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

impl Drop for Debugged {
    fn drop(&mut self) {
        // It has ended already when these fail.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn note(text: &str) -> String {
    format!("resource \"scratch_note\" \"it\" {{\n  text = \"{text}\"\n}}\n")
}

fn check(terraform: Terraform) {
    let workshop = Workshop::new(terraform, "scratch");
    // Nothing is left that Terraform could start by itself.
    fs::remove_file(workshop.provider()).unwrap();
    workshop.hcl(&note("one")).plan().ends_with(1);
    let mut debugged = Debugged::start(&Binaries::built().example("scratch"));
    workshop.environment(VARIABLE, &debugged.value);
    workshop.plan().ends_with(2).says("1 to add");
    workshop.apply().ends_with(0).says("1 added");
    workshop.plan().ends_with(0);
    workshop.hcl(&note("other")).plan().ends_with(2).says("1 to change");
    workshop.converges();
    workshop.destroy().ends_with(0).says("1 destroyed");
    assert!(debugged.child.try_wait().unwrap().is_none(), "it outlives every command");
    debugged.interrupt();
    workshop.plan().ends_with(1);
}

on_each! {
    one_process_serves_many_commands_of_1_6 V1_6,
    one_process_serves_many_commands_of_1_11 V1_11,
    one_process_serves_many_commands_of_1_15 V1_15,
}

#[test]
fn the_provider_for_servicenow_offers_it_as_well() {
    let mut debugged = Debugged::start(&Binaries::built().provider());
    assert!(debugged.value.contains("snowdrift/servicenow\":{"), "{}", debugged.value);
    debugged.interrupt();
}
