//! Directories in which no socket can be made: a message that says so, or another place.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use tf_plugin::handshake::Address;
use tf_plugin::harness::Launch;

use crate::scratch;

/// The user that owns nothing, on every Unix that this runs on.
const NOBODY: u32 = 65_534;

/// Fails the test unless the program ends with a message that has these parts, and without a line for the host.
#[track_caller]
fn check_refused(mut command: Command, parts: &[&str]) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8(stderr).unwrap();
    assert_eq!((status.code(), stdout.as_slice()), (Some(1), &b""[..]), "{text}");
    let general = ["This provider cannot serve", "Nothing was started", "PLUGIN_UNIX_SOCKET_DIR"];
    for part in general.iter().chain(parts) {
        assert!(text.contains(part), "{part:?} in:\n{text}");
    }
}

/// Fails the test unless a host reaches the plugin; gives the way.
async fn check_reached(launch: Launch) -> Address {
    let running = launch.start().await.unwrap();
    assert!(running.connect().await.is_ok());
    running.announcement().unwrap().address.clone()
}

fn in_directory(directory: impl AsRef<Path>) -> Command {
    scratch().env("PLUGIN_UNIX_SOCKET_DIR", directory.as_ref()).command()
}

#[test]
fn a_directory_that_cannot_hold_a_socket_is_named_with_the_reason() {
    let long = format!("/tmp/{}", "long/".repeat(20));
    check_refused(in_directory(&long), &[&long, "its path has 105 bytes"]);
    check_refused(in_directory("/tmp/not/there"), &["`/tmp/not/there`", "No such file or directory"]);
    check_refused(in_directory("/dev/null"), &["`/dev/null`", "Not a directory"]);
    // Nothing can be made in there, not even by the one who may do everything.
    check_refused(in_directory("/proc"), &["`/proc`"]);
}

#[test]
fn a_directory_that_this_user_may_not_write_to_is_named_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("scratch");
    std::fs::copy(scratch().command().get_program(), &program).unwrap();
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    let mut command = Command::new(&program);
    let launch = scratch().env("PLUGIN_UNIX_SOCKET_DIR", directory.path()).command();
    command.envs(launch.get_envs().filter_map(|(name, value)| Some((name, value?))));
    // Who may do everything is not hindered by the rights of a directory.
    if std::os::unix::fs::MetadataExt::uid(&std::fs::metadata("/proc/self").unwrap()) == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    check_refused(command, &[&directory.path().display().to_string(), "Permission denied"]);
    std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test]
async fn a_bad_directory_for_temporary_files_keeps_nobody_from_working() {
    for directory in [format!("/tmp/{}", "long/".repeat(20)), "/tmp/not/there".to_owned(), "/proc".to_owned()]
    {
        let way = check_reached(scratch().env("TMPDIR", &directory)).await;
        let Address::Unix(path) = way else { panic!("{way:?} for {directory}") };
        assert_eq!(Path::new(&path).parent(), Some(Path::new("/tmp")), "{directory}");
    }
}

#[tokio::test]
async fn a_group_may_use_the_socket_when_the_host_says_so() {
    use std::os::unix::fs::MetadataExt;
    let directory = tempfile::tempdir().unwrap();
    let own = std::fs::metadata(directory.path()).unwrap().gid();
    let way = check_reached(scratch().env("PLUGIN_UNIX_SOCKET_GROUP", own.to_string())).await;
    assert!(matches!(way, Address::Unix(_)), "{way:?}");
    let running = scratch().env("PLUGIN_UNIX_SOCKET_GROUP", own.to_string()).start().await.unwrap();
    let Address::Unix(path) = &running.announcement().unwrap().address else { panic!("no Unix socket") };
    let about = std::fs::metadata(path).unwrap();
    assert_eq!((about.permissions().mode() & 0o777, about.gid()), (0o660, own));
}
