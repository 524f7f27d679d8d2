//! Which hosts belong to which environment: rules of the provider's settings, held against the endpoint of a connection.

use std::collections::BTreeMap;

/// Rules by environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvironmentHosts {
    /// The environment that this instance is.
    pub environment: Option<String>,
    /// The hosts of each environment: `orders.example.com`, or `*.example.com` for everything below it.
    pub rules: BTreeMap<String, Vec<String>>,
}

/// Why a host does not fit its environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The host of the endpoint.
    pub host: String,
    /// The environment that it was held against.
    pub environment: String,
    /// The environments that the host belongs to.
    pub belongs_to: Vec<String>,
}

impl EnvironmentHosts {
    /// Whether there is anything to hold an endpoint against.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The environment that the host of an endpoint belongs to, by the rules alone; the first by name where several do.
    pub fn environment_of(&self, address: &str) -> Option<&str> {
        let host = host(address)?;
        let fitting = self.rules.iter().find(|(_, patterns)| patterns.iter().any(|it| fits(it, &host)));
        fitting.map(|(name, _)| name.as_str())
    }

    /// Why an endpoint does not fit: it is not among the hosts of its environment, or, where that one has no rule, among
    /// those of another. `own` is the environment that the connection itself names.
    pub fn misfit(&self, own: Option<&str>, address: &str) -> Option<Misfit> {
        let environment = own.or(self.environment.as_deref())?;
        let host = host(address)?;
        let belongs_to: Vec<String> = self
            .rules
            .iter()
            .filter(|(_, patterns)| patterns.iter().any(|it| fits(it, &host)))
            .map(|(name, _)| name.clone())
            .collect();
        let known = self.rules.keys().find(|it| it.eq_ignore_ascii_case(environment));
        let fits = match known {
            Some(known) => belongs_to.contains(known),
            None => belongs_to.is_empty(),
        };
        (!fits).then(|| Misfit { host, environment: environment.to_owned(), belongs_to })
    }
}

fn fits(pattern: &str, host: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    match pattern.strip_prefix("*.") {
        Some(domain) => host.strip_suffix(domain).is_some_and(|it| it.ends_with('.')),
        None => host == pattern,
    }
}

/// The host of an address, in lower case. An address that is made by a script on the instance has none.
fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next()?,
        None => host.split(':').next()?,
    };
    (!host.is_empty() && !host.contains(['{', '$'])).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(environment: Option<&str>) -> EnvironmentHosts {
        let rules =
            [("production", ["*.example.com", "partner.example"]), ("test", ["*.test.example", "127.0.0.1"])];
        let rule = |(name, hosts): (&str, [&str; 2])| (name.to_owned(), hosts.map(str::to_owned).to_vec());
        EnvironmentHosts { environment: environment.map(str::to_owned), rules: rules.map(rule).into() }
    }

    #[test]
    fn an_endpoint_is_held_against_the_hosts_of_its_environment() {
        for (environment, address, expected) in [
            ("production", "https://orders.example.com/v1?x#y", None),
            ("production", "https://ORDERS.Example.com:8443", None),
            ("Production", "https://user@partner.example", None),
            ("test", "http://127.0.0.1:9", None),
            ("test", "https://orders.example.com", Some(vec!["production"])),
            ("production", "https://a.test.example", Some(vec!["test"])),
            ("production", "https://example.com", Some(vec![])),
            ("production", "https://badexample.com", Some(vec![])),
            ("development", "https://orders.example.com", Some(vec!["production"])),
            ("development", "https://localhost", None),
            ("test", "https://[::1]:9", Some(vec![])),
            ("test", "https://{script}/x", None),
            ("test", "no address", None),
        ] {
            let found = hosts(Some(environment)).misfit(None, address).map(|it| it.belongs_to);
            let expected = expected.map(|it| it.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(found, expected, "{environment} {address}");
        }
    }

    #[test]
    fn the_environment_of_a_connection_comes_before_that_of_the_instance() {
        let hosts = hosts(Some("test"));
        assert_eq!(hosts.misfit(Some("production"), "https://orders.example.com"), None);
        assert!(hosts.misfit(None, "https://orders.example.com").is_some());
    }

    #[test]
    fn a_host_tells_the_environment_where_a_rule_names_it() {
        for (address, expected) in [
            ("https://orders.example.com/v1", Some("production")),
            ("http://127.0.0.1:9", Some("test")),
            ("https://localhost", None),
            ("https://{script}/x", None),
            ("", None),
        ] {
            assert_eq!(hosts(Some("test")).environment_of(address), expected, "{address}");
        }
    }

    #[test]
    fn without_an_environment_or_rules_everything_fits() {
        assert_eq!(hosts(None).misfit(None, "https://orders.example.com"), None);
        let none = EnvironmentHosts { environment: Some("test".to_owned()), rules: BTreeMap::new() };
        assert!(none.is_empty() && none.misfit(None, "https://orders.example.com").is_none());
    }
}
