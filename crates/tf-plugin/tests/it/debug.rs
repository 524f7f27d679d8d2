//! Debug mode: one process for a person, many hosts one after the other.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use tf_plugin::debug::VARIABLE;
use tf_plugin::harness::{Client, Launch};

use crate::{NOTE, note, scratch};

const SOURCE: &str = "example.com/test/scratch";

/// A process that a person started; killed at the latest when the test ends.
struct Debugged {
    child: Child,
    said: String,
}

impl Debugged {
    fn start(launch: &Launch) -> Debugged {
        let mut command = launch.command();
        command.env_remove("TF_PLUGIN_MAGIC_COOKIE").arg("--debug");
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut said = String::new();
        while !said.contains("$env:") {
            assert!(output.read_line(&mut said).unwrap() > 0, "it ended after:\n{said}");
        }
        // The pipe stays open, as a terminal would.
        std::thread::spawn(move || output.read_to_end(&mut Vec::new()));
        Debugged { child, said }
    }

    /// What a shell makes of the pasted line.
    fn value(&self) -> String {
        let line = self.said.lines().find(|it| it.contains("export ")).unwrap();
        let script = format!("{line}\nprintf %s \"${VARIABLE}\"");
        String::from_utf8(Command::new("sh").arg("-c").arg(script).output().unwrap().stdout).unwrap()
    }

    fn signal(&mut self, name: &str) -> ExitStatus {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Debugged {
    fn drop(&mut self) {
        // It has ended already when these fail.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn one_process_serves_hosts_that_come_and_go_and_are_told_to_stop() {
    let mut debugged = Debugged::start(&scratch());
    let value = debugged.value();
    for round in 0..3 {
        let client = Client::attached(&value, SOURCE).await.unwrap();
        let planned = client.plan(NOTE, None, &note("x")).await.unwrap();
        assert!(planned.diagnostics.is_empty(), "round {round}");
        client.stop().await.unwrap();
        // Hosts do not say so to a process that is not theirs; if one does, the others must not suffer.
        client.shutdown().await.unwrap();
    }
    assert!(debugged.child.try_wait().unwrap().is_none(), "it still runs");
    let socket = value.split('"').find(|it| it.contains("/plugin")).unwrap().to_owned();
    assert!(Path::new(&socket).exists());
    assert!(debugged.signal("-INT").success());
    assert!(!Path::new(&socket).exists());
}

#[tokio::test]
async fn the_value_names_this_process_and_says_that_it_is_nobodys_to_kill() {
    let mut debugged = Debugged::start(&scratch().tcp());
    let value: serde_json::Value = serde_json::from_str(&debugged.value()).unwrap();
    let entry = &value[SOURCE];
    assert_eq!(entry["Pid"], debugged.child.id());
    assert_eq!((&entry["Test"], &entry["Protocol"]), (&true.into(), &"grpc".into()));
    assert_eq!((&entry["ProtocolVersion"], &entry["Addr"]["Network"]), (&6.into(), &"tcp".into()));
    assert!(Client::attached(&value.to_string(), SOURCE).await.is_ok());
    assert!(debugged.signal("-TERM").success());
}

#[test]
fn two_lines_can_be_pasted_and_say_the_same() {
    let debugged = Debugged::start(&scratch());
    let quoted = |start: &str| {
        let line = debugged.said.lines().find_map(|it| it.trim().strip_prefix(start)).unwrap();
        line.trim_matches('\'').to_owned()
    };
    assert_eq!(quoted(&format!("export {VARIABLE}=")), quoted(&format!("$env:{VARIABLE}=")));
    assert_eq!(quoted(&format!("export {VARIABLE}=")), debugged.value());
    assert!(debugged.said.contains("until") && debugged.said.contains("Ctrl-C"), "{}", debugged.said);
}
