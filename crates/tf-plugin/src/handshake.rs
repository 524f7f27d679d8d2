//! The first words between host and plugin: the cookie, the version, and the one line on standard output.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// What Terraform and OpenTofu put into `TF_PLUGIN_MAGIC_COOKIE`. Not a secret: it tells a plugin from a program that
/// somebody started by hand.
pub const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// The version of the handshake itself.
const HANDSHAKE_VERSION: u32 = 1;

/// The major version of the provider protocol that this crate serves.
pub const PROTOCOL_VERSION: u32 = 6;

/// Whether Terraform started this process.
pub fn started_by_host(cookie: Option<&str>) -> bool {
    cookie == Some(COOKIE)
}

/// Whether the host speaks our version. A host that does not say speaks whatever it is told, and complains itself.
pub fn speaks_our_version(offered: Option<&str>) -> bool {
    let Some(offered) = offered else { return true };
    offered.split(',').any(|it| it.trim().parse() == Ok(PROTOCOL_VERSION))
}

/// What a host that does not speak our version should know. The mark in front is the one that hosts take for an error.
pub fn version_refused(source: &str, offered: &str) -> String {
    format!(
        "[ERROR] the provider `{source}` speaks version {PROTOCOL_VERSION} of the provider protocol, and this host only \
         `{offered}`: use Terraform 1.0 or later, or OpenTofu\n"
    )
}

/// Where the plugin listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// The path of a Unix socket.
    Unix(String),
    /// An IP address and a port.
    Tcp(String),
}

/// What the line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// Where the plugin listens.
    pub address: Address,
    /// The plugin's certificate in DER; `None` without TLS.
    pub certificate: Option<Vec<u8>>,
}

impl Announcement {
    /// The line, without its end. Old hosts split it into six fields only, hence the seventh on demand.
    pub fn line(&self, multiplex_asked: bool) -> String {
        let (network, address) = match &self.address {
            Address::Unix(path) => ("unix", path),
            Address::Tcp(address) => ("tcp", address),
        };
        let certificate = self.certificate.as_ref().map(|it| STANDARD_NO_PAD.encode(it)).unwrap_or_default();
        let multiplex = if multiplex_asked { "|false" } else { "" };
        format!("{HANDSHAKE_VERSION}|{PROTOCOL_VERSION}|{network}|{address}|grpc|{certificate}{multiplex}")
    }

    /// Reads the line as a host does.
    ///
    /// # Errors
    /// The reason why a host would refuse it.
    pub fn parse(line: &str) -> Result<Announcement, String> {
        let mut fields = line.trim().split('|');
        let mut next = |what: &str| fields.next().ok_or_else(|| format!("the line ends before the {what}"));
        expect("handshake version", next("handshake version")?, &HANDSHAKE_VERSION.to_string())?;
        expect("protocol version", next("protocol version")?, &PROTOCOL_VERSION.to_string())?;
        let network = next("network")?;
        let address = next("address")?.to_owned();
        expect("wire protocol", next("wire protocol")?, "grpc")?;
        let certificate = match next("certificate").unwrap_or_default() {
            "" => None,
            text => Some(STANDARD_NO_PAD.decode(text).map_err(|error| format!("the certificate: {error}"))?),
        };
        let address = match network {
            "unix" => Address::Unix(address),
            "tcp" => Address::Tcp(address),
            other => return Err(format!("unknown network `{other}`")),
        };
        Ok(Announcement { address, certificate })
    }
}

fn expect(what: &str, found: &str, expected: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{what} is `{found}` instead of `{expected}`")) }
}

/// What a person reads who starts the program by hand.
pub fn explanation(address: &str) -> String {
    let local_name = local_name(address);
    format!(
        "This program is the provider `{address}` for Terraform and OpenTofu. It does nothing when it is started by\n\
         hand: Terraform starts it, talks to it and ends it.\n\
         \n\
         To use it, name it in a configuration and run `terraform init`, then `terraform plan`:\n\
         \n\
         \x20   terraform {{\n\
         \x20     required_providers {{\n\
         \x20       {local_name} = {{\n\
         \x20         source = \"{address}\"\n\
         \x20       }}\n\
         \x20     }}\n\
         \x20   }}\n\
         \n\
         Terraform finds the program through the provider registry, a mirror directory, or `dev_overrides` in its\n\
         configuration file. The documentation is on the registry's page of `{address}`.\n\
         \n\
         With the argument `--debug` it runs until Ctrl-C and prints how Terraform can use the running program: for\n\
         work on the provider itself.\n"
    )
}

/// `scratch` of `example.com/acme/scratch`.
pub fn local_name(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or(address)
}

#[cfg(test)]
mod tests;
