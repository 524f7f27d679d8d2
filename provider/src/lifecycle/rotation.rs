//! After a secret was written: whether the systems that are signed in at with it accept it.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use servicenow_core::{InstanceUrl, ServiceError, SysId};
use tf_core::{Diagnostics, Object, Secret, Value};
use tokio::task::JoinSet;

use super::label;
use crate::definition::Definition;
use crate::errors::{self, Rotated};
use crate::outside::Outside;
use crate::resources::pointer::Verify;
use crate::session::Session;
use crate::tables::Table;
use crate::target;

/// Connections that are asked after one write; a shared credential of more is named, and the rest is said to be unasked.
const CONNECTIONS_MAX: usize = 50;

/// The table of all kinds of connections, and that of those with a URL that can be asked.
const CONNECTIONS: &str = "sys_connection";
const HTTP_CONNECTIONS: &str = "http_connection";

/// How a secret of a resource is shown to another system.
#[derive(Clone, Copy, Debug)]
pub struct Proof {
    /// The attribute of the secret.
    pub secret: &'static str,
    /// The attribute of its version.
    pub version: &'static str,
    /// Which connections sign in with it.
    pub used_by: UsedBy,
    /// How it is shown.
    pub shown: Shown,
}

/// Which connections sign in with a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsedBy {
    /// The connections that refer to the credential.
    Referring,
    /// The connection that holds it.
    Itself,
}

/// How a secret is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// By Basic authentication, with the user name of this attribute.
    Basic(&'static str),
    /// In the header that this attribute names.
    Header(&'static str),
}

/// A secret that is about to be written and to be proven afterwards.
pub struct Rotation {
    definition: &'static Definition,
    proof: Proof,
    verify: Verify,
    secret: Secret,
    is_new: bool,
}

/// A connection that signs in with the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
struct User {
    id: SysId,
    name: String,
    /// Where it leads to, or why that cannot be asked from here.
    address: Result<String, &'static str>,
}

/// What became of one connection, in words.
struct Outcome {
    name: String,
    became: Became,
}

enum Became {
    Accepted,
    Refused(String),
    NotAsked(String),
}

impl Rotation {
    /// What has to be proven after a change, if somebody asks for that and the change writes a secret.
    pub fn of(
        definition: &'static Definition,
        prior: Option<&Object>,
        planned: Option<&Object>,
        config: Option<&Object>,
    ) -> Option<Rotation> {
        let (proof, planned, config) = (definition.proof?, planned?, config?);
        let verify = Verify::of(planned)?;
        let secret = Secret::new(config.get(proof.secret)?.as_str()?);
        let is_written = prior.is_none_or(|it| it.get(proof.version) != planned.get(proof.version));
        is_written.then_some(Rotation { definition, proof, verify, secret, is_new: prior.is_none() })
    }

    /// Asks each active connection that signs in with the secret, which the state says is written.
    pub async fn prove(&self, session: &Session, outside: &Outside, state: &Object) -> Diagnostics {
        let rotated = Rotated {
            noun: self.definition.noun,
            name: &label(state),
            secret: self.proof.secret,
            version: self.proof.version,
            is_new: self.is_new,
        };
        let users = match self.users(session, state).await {
            Ok(users) => users,
            Err(error) => return errors::secret_not_proven(&rotated, &[errors::why(&error)]).into(),
        };
        if users.is_empty() {
            // Nobody can use what was created a moment ago.
            let none = "no active connection signs in with it".to_owned();
            let said = errors::secret_not_proven(&rotated, &[none]);
            return if self.is_new { Diagnostics::none() } else { said.into() };
        }
        said(&rotated, &self.ask(session, outside, state, users).await)
    }

    async fn users(&self, session: &Session, state: &Object) -> Result<Vec<User>, ServiceError> {
        let id = state.get("id").and_then(Value::as_str).and_then(|it| it.parse::<SysId>().ok());
        match (id, self.proof.used_by) {
            (Some(id), UsedBy::Referring) => referring(session, &id).await,
            (Some(id), UsedBy::Itself) => Ok(itself(state, id).into_iter().collect()),
            (None, _) => Ok(Vec::new()),
        }
    }

    async fn ask(
        &self,
        session: &Session,
        outside: &Outside,
        state: &Object,
        mut users: Vec<User>,
    ) -> Vec<Outcome> {
        let beyond = users.split_off(users.len().min(CONNECTIONS_MAX));
        let mut outcomes = match self.verify.operation() {
            Some(operation) => self.ask_the_instance(session, operation, users).await,
            None => match self.proof.shown.headers(state, &self.secret) {
                Ok(headers) => self.ask_from_here(session, outside, users, &headers).await,
                Err(reason) => users.into_iter().map(|it| Outcome::not_asked(it.name, &reason)).collect(),
            },
        };
        let many = format!("the first {CONNECTIONS_MAX} are asked");
        outcomes.extend(beyond.into_iter().map(|it| Outcome::not_asked(it.name, &many)));
        outcomes
    }

    async fn ask_the_instance(&self, session: &Session, operation: &str, users: Vec<User>) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for user in users {
            let asked =
                self.verify.ask_the_instance(&session.client, user.name.clone(), &user.id, operation).await;
            outcomes.push(Outcome::of(user.name, asked.err()));
        }
        outcomes
    }

    /// Asks one system after the other, and the hosts side by side: a host that does not accept the secret once is not
    /// asked again, because some lock an account after a few.
    async fn ask_from_here(
        &self,
        session: &Session,
        outside: &Outside,
        users: Vec<User>,
        headers: &[(String, String)],
    ) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let mut hosts: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for user in users {
            let address = user.address.map_err(str::to_owned);
            match address.and_then(|it| safe(&it).map(|to| (to.to_string(), it))) {
                Ok((host, address)) => hosts.entry(host).or_default().push((user.name, address)),
                Err(reason) => outcomes.push(Outcome::not_asked(user.name, &reason)),
            }
        }
        let mut tasks = JoinSet::new();
        for users in hosts.into_values() {
            let (verify, outside, client) = (self.verify.clone(), outside.clone(), session.client.clone());
            let headers = headers.to_vec();
            tasks.spawn(async move {
                let mut outcomes: Vec<Outcome> = Vec::new();
                for (name, address) in users {
                    let is_refused = outcomes.iter().any(|it| matches!(it.became, Became::Refused(_)));
                    outcomes.push(if client.is_stopped() {
                        Outcome::not_asked(name, "Terraform was interrupted")
                    } else if is_refused {
                        Outcome::not_asked(name, "its host did not accept the secret a moment ago")
                    } else {
                        let asked = verify.ask_from_here(&outside, name.clone(), &address, &headers).await;
                        Outcome::of(name, asked.err())
                    });
                }
                outcomes
            });
        }
        outcomes.extend(tasks.join_all().await.into_iter().flatten());
        outcomes.sort_by(|one, other| one.name.cmp(&other.name));
        outcomes
    }
}

impl Outcome {
    fn not_asked(name: String, reason: &str) -> Outcome {
        Outcome { name, became: Became::NotAsked(reason.to_owned()) }
    }

    fn of(name: String, unverified: Option<errors::Unverified>) -> Outcome {
        let became = unverified.map_or(Became::Accepted, |it| {
            Became::Refused(format!(
                "`{}` was sent {}, and {} was expected: {}",
                it.question,
                it.sent,
                it.expected,
                it.reason.trim_end_matches('.')
            ))
        });
        Outcome { name, became }
    }

    fn words(&self) -> String {
        match &self.became {
            Became::Accepted => format!("\"{}\": it accepts the secret", self.name),
            Became::Refused(reason) => format!("\"{}\": {reason}", self.name),
            Became::NotAsked(reason) => format!("\"{}\": not asked, because {reason}", self.name),
        }
    }
}

/// One message for all of them; none when all accept the secret.
fn said(rotated: &Rotated<'_>, outcomes: &[Outcome]) -> Diagnostics {
    let words = |it: &&Outcome| it.words();
    if outcomes.iter().any(|it| matches!(it.became, Became::Refused(_))) {
        let all: Vec<String> = outcomes.iter().map(Outcome::words).collect();
        return errors::secret_not_accepted(rotated, &all).into();
    }
    let unasked = outcomes.iter().filter(|it| matches!(it.became, Became::NotAsked(_)));
    let unasked: Vec<String> = unasked.map(|it| words(&it)).collect();
    if unasked.is_empty() { Diagnostics::none() } else { errors::secret_not_proven(rotated, &unasked).into() }
}

impl Shown {
    /// The headers that show a secret, or why there are none.
    fn headers(self, state: &Object, secret: &Secret) -> Result<Vec<(String, String)>, String> {
        let text = |name: &str| state.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
        match self {
            Shown::Basic(attribute) => match text(attribute) {
                Some(user) if user.contains(':') => Err(format!(
                    "`{attribute}` holds a colon, which ends a user name in Basic authentication"
                )),
                Some(user) => Ok(vec![("Authorization".to_owned(), basic(user, secret))]),
                None => Err(format!("`{attribute}` is not set")),
            },
            Shown::Header(attribute) => match text(attribute) {
                Some(header) => Ok(vec![(header.to_owned(), secret.expose().to_owned())]),
                None => {
                    Err(format!("`{attribute}` is not set, so that it is not known how the key is shown"))
                }
            },
        }
    }
}

fn basic(user: &str, secret: &Secret) -> String {
    let pair = format!("{user}:{}", secret.expose());
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

/// The address of a system that a secret may be sent to: encrypted, or this machine itself.
fn safe(url: &str) -> Result<InstanceUrl, String> {
    let (address, _) = target::parts(url)?;
    if address.is_https() || address.is_loopback() {
        return Ok(address);
    }
    Err("its URL does not begin with `https://`, and a secret travels encrypted alone".to_owned())
}

/// The active connections that refer to a credential.
async fn referring(session: &Session, credential: &SysId) -> Result<Vec<User>, ServiceError> {
    let conditions = [("credential", credential.as_str()), ("active", "true")];
    // A name that is not legal is found by a test of the registry.
    let (Ok(all), Ok(http)) = (Table::of(session, CONNECTIONS), Table::of(session, HTTP_CONNECTIONS)) else {
        return Ok(Vec::new());
    };
    let (Ok(query), Ok(with_url)) = (all.query(&conditions), http.query(&conditions)) else {
        return Ok(Vec::new());
    };
    let mut users = Vec::new();
    let columns = ["name", "connection_url", "use_mid", "use_mutual_auth"];
    for row in http.list(&with_url, &columns).await? {
        let Ok(id) = row.text("sys_id").parse() else { continue };
        let through = (row.flag("use_mid"), row.flag("use_mutual_auth"));
        let address = address(row.text("connection_url"), through);
        users.push(User { id, name: row.text("name").to_owned(), address });
    }
    let known: BTreeSet<SysId> = users.iter().map(|it| it.id.clone()).collect();
    for row in all.list(&query, &["name"]).await? {
        let Ok(id) = row.text("sys_id").parse::<SysId>() else { continue };
        if !known.contains(&id) {
            let address = Err("it is no HTTP connection");
            users.push(User { id, name: row.text("name").to_owned(), address });
        }
    }
    users.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(users)
}

/// The connection that holds the secret, while it is active.
fn itself(state: &Object, id: SysId) -> Option<User> {
    let text = |name: &str| state.get(name).and_then(Value::as_str).unwrap_or_default();
    let flag = |name: &str| state.get(name).and_then(Value::as_bool).unwrap_or_default();
    let through = (!text("mid_server").is_empty(), flag("mutual_auth"));
    // What a value of the instance's own means is seen there alone.
    let is_basic = text("authentication").to_lowercase().contains("basic");
    let address = match is_basic {
        true => address(text("endpoint_url"), through),
        false => Err("its `authentication` does not say `basic`"),
    };
    flag("active").then(|| User { id, name: label(state), address })
}

/// Where a connection leads to, unless it gets there in a way that there is not from here.
fn address(url: &str, (through_mid, shows_certificate): (bool, bool)) -> Result<String, &'static str> {
    match (through_mid, shows_certificate) {
        (true, _) => Err("it goes through a MID server, which sees another network"),
        (_, true) => Err("it shows a certificate that only the instance has"),
        _ => Ok(url.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_sent_encrypted_or_within_this_machine_and_to_no_other_host() {
        for (url, expected) in [
            ("https://orders.example.com/v1", Ok("https://orders.example.com")),
            ("http://127.0.0.1:8080/v1", Ok("http://127.0.0.1:8080")),
            ("http://orders.example.com", Err("travels encrypted alone")),
            ("https://orders.example.com/${path}", Err("filled in by a script")),
            ("https://orders.example.com\\@evil.example", Err("backslash")),
            ("https://someone:s3cret@orders.example.com", Err("holds credentials")),
            ("mauth://orders.example.com", Err("protocol profile")),
            ("", Err("there is no URL")),
        ] {
            let found = safe(url).map(|it| it.to_string());
            match expected {
                Ok(host) => assert_eq!(found, Ok(host.to_owned()), "{url}"),
                Err(words) => assert!(
                    found.as_ref().is_err_and(|it| it.contains(words) && !it.contains("s3cret")),
                    "{url}: {found:?}"
                ),
            }
        }
    }

    #[test]
    fn a_secret_is_shown_as_its_kind_is_or_not_at_all() {
        let state = |name: &str, value: &str| Object::from([(name.to_owned(), Value::string(value))]);
        let secret = Secret::new("open:sesame");
        let basic = Shown::Basic("user_name").headers(&state("user_name", "svc"), &secret);
        assert_eq!(basic, Ok(vec![("Authorization".to_owned(), "Basic c3ZjOm9wZW46c2VzYW1l".to_owned())]));
        let header = Shown::Header("header_name").headers(&state("header_name", "X-Key"), &secret);
        assert_eq!(header, Ok(vec![("X-Key".to_owned(), "open:sesame".to_owned())]));
        for (shown, state) in [
            (Shown::Basic("user_name"), state("user_name", "")),
            (Shown::Basic("user_name"), state("user_name", "a:b")),
            (Shown::Header("header_name"), Object::new()),
        ] {
            let refused = shown.headers(&state, &secret);
            assert!(refused.as_ref().is_err_and(|it| !it.contains("sesame")), "{refused:?}");
        }
    }
}
