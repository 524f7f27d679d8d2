//! An instance that speaks TLS and knows a user by a certificate.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use acceptance_tests::{Binaries, Terraform, World};
use serde_json::{Value, json};

use super::sign_in::{key, nobody};

const ALIAS: &str = "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n";

/// The administrator of every simulated instance.
const ADMINISTRATOR: &str = "b1a5000000000000000000000000ad01";

/// A simulator that serves HTTPS. It ends with this value.
struct Encrypted {
    child: Child,
    url: String,
    authority: String,
    username: String,
    password: String,
}

impl Encrypted {
    /// Starts one that keeps its certificates in that folder and takes its client certificate for the administrator.
    fn start(folder: &Path) -> Encrypted {
        let mapping = json!({"sys_user_certificate": [
            {"name": "terraform", "subject": "CN=integration", "user": ADMINISTRATOR, "active": "true"},
        ]});
        let fixture = folder.join("fixture.json");
        fs::write(&fixture, mapping.to_string()).unwrap();
        let mut command = Command::new(Binaries::built().simulator());
        command.args(["--listen", "127.0.0.1:0", "--tls", "--tls-folder"]).arg(folder);
        command.arg("--client-ca").arg(key("client-authority.pem"));
        command.arg("--fixture").arg(fixture).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        Encrypted {
            child,
            url: text("url"),
            authority: text("ca_file"),
            username: text("username"),
            password: text("password"),
        }
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_client_certificate_signs_in_by_itself_over_tls() {
    let world = World::new(Terraform::V1_15);
    world.without_environment("SERVICENOW_USERNAME").without_environment("SERVICENOW_PASSWORD");
    let folder = world.configuration().join("certificates");
    fs::create_dir(&folder).unwrap();
    let instance = Encrypted::start(&folder);
    world.environment("SERVICENOW_INSTANCE_URL", &instance.url);
    let file = |name: &str| folder.join(name).display().to_string();
    let mtls = format!(
        "provider \"servicenow\" {{\n  mtls = {{\n    certificate_file = \"{}\"\n    private_key_file = \"{}\"\n  }}\n}}\n",
        file("client.pem"),
        file("client-key.pem")
    );
    let run = world.hcl_with_provider(&mtls, ALIAS).plan().ends_with(1).says("`ca_certificates_file`");
    assert_eq!(run.errors(), 1, "{run}");
    world.environment("SERVICENOW_CA_CERTIFICATES_FILE", &instance.authority);
    world.converges();
    world.hcl(ALIAS).plan().ends_with(1).says("No way to sign in is given");
    world.environment("SERVICENOW_TOKEN", "a-token-of-nobody").plan().ends_with(1).says("Check `token`");
}

#[test]
fn a_client_certificate_comes_from_a_file_in_the_format_pkcs12() {
    const PASSPHRASE: &str = "PassphraseOfATest-4713";
    let world = nobody();
    let folder = world.configuration().join("certificates");
    fs::create_dir(&folder).unwrap();
    let instance = Encrypted::start(&folder);
    world
        .environment("SERVICENOW_INSTANCE_URL", &instance.url)
        .environment("SERVICENOW_CA_CERTIFICATES_FILE", &instance.authority)
        .environment("SERVICENOW_MTLS_PKCS12_FILE", &key("client.p12"))
        .environment("SERVICENOW_MTLS_PASSPHRASE", "a-wrong-passphrase");
    world.hcl(ALIAS).plan().ends_with(1).says("`mtls.pkcs12_file`").says("The passphrase does not open it");
    world.environment("SERVICENOW_MTLS_PASSPHRASE", PASSPHRASE).conceal(PASSPHRASE).converges();
}

#[test]
fn a_client_certificate_goes_along_with_a_password() {
    let world = nobody();
    let folder = world.configuration().join("certificates");
    fs::create_dir(&folder).unwrap();
    let instance = Encrypted::start(&folder);
    world
        .environment("SERVICENOW_INSTANCE_URL", &instance.url)
        .environment("SERVICENOW_CA_CERTIFICATES_FILE", &instance.authority)
        .environment("SERVICENOW_MTLS_CERTIFICATE_FILE", &folder.join("client.pem").display().to_string())
        .environment("SERVICENOW_MTLS_PRIVATE_KEY_FILE", &folder.join("client-key.pem").display().to_string())
        .environment("SERVICENOW_USERNAME", &instance.username)
        .environment("SERVICENOW_PASSWORD", "a-wrong-password-4716")
        .conceal("a-wrong-password-4716");
    world.hcl(ALIAS).plan().ends_with(1).says("`username` and `password`");
    world.environment("SERVICENOW_PASSWORD", &instance.password).conceal(&instance.password).converges();
}
