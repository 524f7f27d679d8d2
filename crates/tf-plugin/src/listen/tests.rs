//! Tests of opening sockets.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::*;

fn environment() -> HostEnvironment {
    HostEnvironment::from_vars(|_| None)
}

/// The path of a socket, and what keeps its file there.
fn opened(environment: &HostEnvironment) -> (PathBuf, Listener) {
    let listener = Listener::open(environment).unwrap();
    let Address::Unix(path) = listener.address().unwrap() else { panic!("not a Unix socket") };
    (path.into(), listener)
}

fn refused(environment: &HostEnvironment) -> String {
    Listener::open(environment).unwrap_err().to_string()
}

/// Directories in which no socket can be made, whoever asks, and a part of the reason.
fn unfit() -> [(PathBuf, &'static str); 5] {
    [
        ("/tmp/".to_owned() + &"long/".repeat(20), "its path has 105 bytes"),
        ("/tmp/a|b".to_owned(), "cannot be told to the host"),
        ("/tmp/a\nb".to_owned(), "cannot be told to the host"),
        ("/nowhere/at/all".to_owned(), "No such file or directory"),
        ("/dev/null".to_owned(), "Not a directory"),
    ]
    .map(|(path, reason)| (path.into(), reason))
}

#[test]
fn the_socket_lies_in_the_directory_that_was_asked_for_and_goes_with_its_listener() {
    let directory = tempfile::tempdir().unwrap();
    let (path, listener) =
        opened(&HostEnvironment { socket_directory: Some(directory.path().to_owned()), ..environment() });
    assert!(path.starts_with(directory.path()), "{path:?}");
    assert!(path.exists());
    drop(listener);
    assert!(!path.exists());
}

#[test]
fn a_host_that_names_an_unfit_directory_is_told_which_and_why() {
    for (directory, reason) in unfit() {
        let text = refused(&HostEnvironment { socket_directory: Some(directory.clone()), ..environment() });
        for part in
            [&format!("`{}`", directory.display()), "PLUGIN_UNIX_SOCKET_DIR", reason, "at most 77 bytes"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn an_unfit_directory_for_temporary_files_gives_way_to_the_usual_one() {
    for (directory, _) in unfit() {
        let (path, _listener) =
            opened(&HostEnvironment { temporary_directory: Some(directory), ..environment() });
        assert_eq!(path.parent(), Some(Path::new("/tmp")));
    }
}

#[test]
fn other_users_cannot_reach_the_socket() {
    let (path, _listener) = opened(&environment());
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_group_that_is_named_or_numbered_may_use_the_socket() {
    let directory = tempfile::tempdir().unwrap();
    let own = std::fs::metadata(directory.path()).unwrap().gid();
    let (path, _listener) = opened(&HostEnvironment { socket_group: Some(own.to_string()), ..environment() });
    let about = std::fs::metadata(path).unwrap();
    assert_eq!((about.permissions().mode() & 0o777, about.gid()), (0o660, own));
    let text = refused(&HostEnvironment { socket_group: Some("no-such-group".to_owned()), ..environment() });
    assert!(
        text.contains("`PLUGIN_UNIX_SOCKET_GROUP` names no group of this machine: `no-such-group`"),
        "{text}"
    );
}

#[test]
fn tcp_takes_the_place_of_a_refused_socket_only_where_tls_keeps_others_out_and_nothing_else_was_asked_for() {
    let refused =
        || ListenError::Directories { refusals: vec!["full".to_owned()], advice: "Wait".to_owned() };
    let certificate = Some("a certificate".to_owned());
    let tls = || HostEnvironment { client_certificate: certificate.clone(), ..environment() };
    assert!(matches!(instead(&tls(), refused()), Ok(Listener::Tcp(_))));
    let rows = [
        environment(),
        HostEnvironment { socket_directory: Some("/nowhere".into()), ..tls() },
        HostEnvironment { socket_group: Some("staff".to_owned()), ..tls() },
    ];
    for environment in rows {
        assert_eq!(
            instead(&environment, refused()).unwrap_err().to_string(),
            "full. Wait",
            "{environment:?}"
        );
    }
}

#[test]
fn the_names_of_groups_are_read() {
    let file = "root:x:0:\nwheel:x:10:a,b\nwheels:x:11:\nbroken\nodd:x:many:\n";
    for (name, id) in [
        ("root", Some(0)),
        ("wheel", Some(10)),
        ("wheels", Some(11)),
        ("whee", None),
        ("broken", None),
        ("odd", None),
    ] {
        assert_eq!(unix::group_in(file, name), id, "{name}");
    }
}

#[test]
fn a_port_that_is_taken_is_passed_over() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let first = taken.local_addr().unwrap().port();
    let ports = PortRange { first, last: first.saturating_add(50) };
    let listener = Listener::open(&HostEnvironment { tcp: true, ports, ..environment() }).unwrap();
    let Listener::Tcp(listener) = listener else { panic!("not TCP") };
    let port = listener.local_addr().unwrap().port();
    assert!(port > first && port <= ports.last, "{port}");
}

#[test]
fn ports_that_are_all_taken_are_named() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let ports = PortRange { first: port, last: port };
    let text = refused(&HostEnvironment { tcp: true, ports, ..environment() });
    assert!(text.contains(&format!("no port from {port} to {port}")), "{text}");
}
