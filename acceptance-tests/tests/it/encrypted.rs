//! An instance that speaks TLS and knows a user by a certificate.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use acceptance_tests::{Binaries, Terraform, World};
use serde_json::{Value, json};

const ALIAS: &str = "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n";

/// The administrator of every simulated instance.
const ADMINISTRATOR: &str = "b1a5000000000000000000000000ad01";

/// A simulator that serves HTTPS. It ends with this value.
struct Encrypted {
    child: Child,
    url: String,
    authority: String,
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
        command.arg("--fixture").arg(fixture).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        Encrypted { child, url: text("url"), authority: text("ca_file") }
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
