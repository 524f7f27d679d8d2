//! An instance with many integrations, and the configuration that declares them: for every two connections an alias and a
//! credential, written out one by one as an export writes them.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// Connections of one alias: the old one and the new one.
const PER_ALIAS: usize = 2;

/// So many connections with what belongs to them.
pub struct World {
    /// How many.
    pub connections: usize,
}

/// The beginning of every configuration.
const BEGINNING: &str = "terraform {\n  required_providers {\n    servicenow = {\n      source = \"snowdrift/servicenow\"\n    }\n  }\n}\n";

impl World {
    /// Resources that declare so many connections.
    pub fn resources(connections: usize) -> usize {
        connections + 2 * connections.div_ceil(PER_ALIAS)
    }

    /// What its folder is called.
    pub fn name(&self) -> String {
        format!("connections-{}", self.connections)
    }

    /// The aliases, of which each has a credential too.
    pub fn aliases(&self) -> usize {
        self.connections.div_ceil(PER_ALIAS)
    }

    /// The rows of the instance.
    pub fn rows(&self) -> Value {
        let alias = |n: usize| json!({ "sys_id": id("alias", n), "name": named(n), "type": "connection", "connection_type": "http_connection" });
        let credential = |n: usize| json!({ "sys_id": id("credential", n), "name": named(n) });
        let connection = |n: usize| {
            json!({
                "sys_id": id("connection", n),
                "name": format!("connection_{n}"),
                "connection_alias": id("alias", n / PER_ALIAS),
                "credential": id("credential", n / PER_ALIAS),
                "connection_url": endpoint(n),
                "active": is_active(n).to_string(),
            })
        };
        json!({
            "sys_alias": (0..self.aliases()).map(alias).collect::<Vec<_>>(),
            "api_key_credentials": (0..self.aliases()).map(credential).collect::<Vec<_>>(),
            "http_connection": (0..self.connections).map(connection).collect::<Vec<_>>(),
        })
    }

    /// The configuration.
    pub fn hcl(&self) -> String {
        let mut hcl = BEGINNING.to_owned();
        for n in 0..self.aliases() {
            let name = named(n);
            let _ = write!(
                hcl,
                "\nresource \"servicenow_connection_alias\" \"it{n}\" {{\n  name = \"{name}\"\n}}\n\n\
                 resource \"servicenow_api_key_credential\" \"it{n}\" {{\n  name = \"{name}\"\n}}\n"
            );
        }
        for n in 0..self.connections {
            let (alias, endpoint, active) = (n / PER_ALIAS, endpoint(n), is_active(n));
            let _ = write!(
                hcl,
                "\nresource \"servicenow_http_connection\" \"it{n}\" {{\n  name                = \"connection_{n}\"\n  \
                 connection_alias_id = servicenow_connection_alias.it{alias}.id\n  connection_url      = \"{endpoint}\"\n  \
                 credential_id       = servicenow_api_key_credential.it{alias}.id\n  active              = {active}\n}}\n"
            );
        }
        hcl
    }
}

/// The name of an integration.
pub fn named(n: usize) -> String {
    format!("integration_{n}")
}

/// Where a connection leads to.
pub fn endpoint(n: usize) -> String {
    format!("https://host-{n}.example.com/api")
}

fn is_active(n: usize) -> bool {
    n.is_multiple_of(PER_ALIAS)
}

/// The id of a record: spread over all ids as those of an instance are, and the same in every run.
pub fn id(kind: &str, n: usize) -> String {
    let number = u64::try_from(n).unwrap_or_default();
    let seed = kind.bytes().fold(number, |seed, byte| mixed(seed ^ u64::from(byte)));
    format!("{:016x}{:016x}", mixed(seed), mixed(seed ^ number ^ 0x9e37_79b9_7f4a_7c15))
}

/// A number that looks like chance and is another one for another number (the finalizer of splitmix64).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_record_has_an_id_of_its_own_and_every_two_connections_an_alias() {
        let world = World { connections: 5 };
        let rows = world.rows();
        let count = |table: &str| rows[table].as_array().unwrap().len();
        assert_eq!([count("sys_alias"), count("api_key_credentials"), count("http_connection")], [3, 3, 5]);
        assert_eq!(World::resources(5), 11);
        assert_eq!(world.hcl().matches("\nresource ").count(), 11);
        let ids = ["alias", "credential", "connection"]
            .iter()
            .flat_map(|kind| (0..1_000).map(move |n| id(kind, n)));
        let ids: BTreeSet<String> = ids.collect();
        assert_eq!(ids.len(), 3_000);
        assert!(ids.iter().all(|it| it.len() == 32));
        let begin: BTreeSet<&str> = ids.iter().filter_map(|it| it.get(..1)).collect();
        assert_eq!(begin.len(), 16, "they are spread");
    }
}
