//! Tests of opening sockets.

use super::*;
use crate::environment::PortRange;

fn environment() -> HostEnvironment {
    HostEnvironment::from_vars(|_| None)
}

#[test]
fn the_socket_lies_in_the_directory_that_was_asked_for_and_goes_with_its_listener() {
    let directory = tempfile::tempdir().unwrap();
    let environment =
        HostEnvironment { socket_directory: Some(directory.path().to_owned()), ..environment() };
    let listener = Listener::open(&environment).unwrap();
    let Address::Unix(path) = listener.address().unwrap() else { panic!("not a Unix socket") };
    assert!(path.starts_with(directory.path().to_str().unwrap()), "{path}");
    assert!(Path::new(&path).exists());
    drop(listener);
    assert!(!Path::new(&path).exists());
}

#[test]
fn a_directory_that_makes_a_bad_path_is_not_used() {
    for directory in ["/tmp/".to_owned() + &"long/".repeat(20), "/tmp/a|b".to_owned(), "/tmp/a\nb".to_owned()]
    {
        let environment = HostEnvironment { temporary_directory: Some(directory.into()), ..environment() };
        assert_eq!(socket_directory(&environment), Path::new("/tmp"));
    }
}

#[test]
fn other_users_cannot_reach_the_socket() {
    use std::os::unix::fs::PermissionsExt;
    let listener = Listener::open(&environment()).unwrap();
    let Address::Unix(path) = listener.address().unwrap() else { panic!("not a Unix socket") };
    assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
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
