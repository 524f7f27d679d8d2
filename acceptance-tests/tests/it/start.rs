//! What the provider says when Terraform starts it. How soon is measured by `cargo xtask bench`.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use acceptance_tests::Binaries;

/// What Terraform sets for a plugin. The certificate is of the kind that it makes for every process.
const HOST: &[(&str, &str)] = &[
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"),
    ("PLUGIN_PROTOCOL_VERSIONS", "6,5"),
    ("PLUGIN_MIN_PORT", "10000"),
    ("PLUGIN_MAX_PORT", "25000"),
    ("PLUGIN_CLIENT_CERT", include_str!("host-certificate.pem")),
];

/// The handshake line.
fn handshake() -> String {
    let mut command = Command::new(Binaries::built().provider());
    command.envs(HOST.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let address = line.split('|').nth(3).unwrap_or_default();
    // A killed plugin cannot remove its own socket.
    let _ = std::fs::remove_file(address);
    line
}

#[test]
fn the_first_line_is_the_handshake() {
    let line = handshake();
    let fields: Vec<&str> = line.trim_end().split('|').collect();
    assert_eq!(fields.len(), 6, "{line}");
    assert_eq!((fields[0], fields[1], fields[4]), ("1", "6", "grpc"), "{line}");
    assert!(fields[5].len() > 50 && !fields[5].contains('='), "{line}");
}
