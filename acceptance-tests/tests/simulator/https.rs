//! HTTPS with curl: trust, wrong certificates, and signing in with a certificate.

use std::path::Path;
use std::process::Command;

use crate::started::{PASSWORD, Started, output};

/// curl's exit code for a certificate that it does not trust.
const UNTRUSTED: i32 = 60;

fn curl(started: &Started, arguments: &[&str], target: &str) -> Command {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--max-time", "30", "--cacert", started.text("ca_file")]);
    command.args(arguments).arg(format!("{}{target}", started.text("url")));
    command
}

#[test]
fn a_client_that_is_given_the_authority_trusts_the_instance_and_nobody_else_does() {
    let started = Started::with(&["--tls"]);
    let user = format!("admin:{PASSWORD}");
    let list = output(&mut curl(&started, &["--user", &user], "/api/now/table/sys_alias?sysparm_limit=1"));
    assert!(list.starts_with(r#"{"result":[{"#), "{list}");
    let mut stranger = Command::new("curl");
    let refused = stranger.args(["--silent", "--show-error", started.text("url")]).output().unwrap();
    assert_eq!(refused.status.code(), Some(UNTRUSTED));
}

#[test]
fn a_wrong_certificate_is_refused_once_and_then_all_is_well() {
    let started = Started::with(&["--tls"]);
    for wrong in ["expired", "wrong_host", "unknown_authority"] {
        let fault = format!(r#"{{"kind":{{"handshake":"{wrong}"}}}}"#);
        output(&mut curl(&started, &["--data", &fault], "/_sim/faults"));
        let refused = curl(&started, &[], "/_sim/health").output().unwrap();
        let complaint = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(UNTRUSTED), "{wrong}: {complaint}");
        assert_eq!(output(&mut curl(&started, &[], "/_sim/health")), r#"{"status":"up"}"#);
    }
}

#[test]
fn a_certificate_signs_in_the_user_that_it_is_registered_for() {
    let started = Started::with(&["--tls"]);
    let folder = Path::new(started.text("ca_file")).parent().unwrap();
    let file = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (certificate, key) = (file("client.pem"), file("client-key.pem"));
    let with = ["--cert", certificate.as_str(), "--key", key.as_str()];
    let list = "/api/now/table/sys_alias?sysparm_limit=1";
    let before = output(&mut curl(&started, &with, list));
    assert!(before.contains("User Not Authenticated"), "{before}");

    let user = format!("admin:{PASSWORD}");
    let integration = output(&mut curl(
        &started,
        &["--user", &user],
        "/api/now/table/sys_user?sysparm_query=user_name=integration&sysparm_fields=sys_id",
    ));
    let sys_id = integration.split('"').find(|it| it.len() == 32).unwrap();
    let row = format!(r#"{{"subject":"CN=integration","active":"true","user":"{sys_id}"}}"#);
    let json = ["--user", &user, "--header", "Content-Type: application/json", "--data", &row];
    output(&mut curl(&started, &json, "/api/now/table/sys_user_certificate"));

    let after = output(&mut curl(&started, &with, list));
    assert!(after.starts_with(r#"{"result":[{"#), "{after}");
    let journal = output(&mut curl(&started, &[], "/_sim/journal?after=3"));
    assert!(journal.contains(r#""user":"integration""#), "{journal}");
}
