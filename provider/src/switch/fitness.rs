//! What speaks against activating a member, as warnings of a plan: where it leads to, which instance may use it, and what
//! its credential looks like. What cannot be read says nothing: whoever needs it reports that.

use servicenow_core::{Query, SysId};
use tf_core::Diagnostics;

use super::endpoints::{Endpoint, endpoints};
use crate::data_sources::connection_status::{self, Doubt};
use crate::dialects::Exclusive;
use crate::errors;
use crate::session::Session;
use crate::tables::Table;

/// The property in which an instance keeps its name. *Assumed*: it is so on every instance that was seen.
const OWN_NAME: &str = "instance_name";

/// What the hosts of instances end with whose first part is their name.
const VENDOR_DOMAIN: &str = "service-now.com";

/// What speaks against these members.
pub struct Fitness<'a> {
    /// Talks to the instance.
    pub session: &'a Session,
    /// What they are members of.
    pub exclusive: &'static Exclusive,
    /// The time, as an instance writes it.
    pub now: String,
}

impl Fitness<'_> {
    /// Warnings about members that are to be active. What is planned for a member counts, not what is still there.
    pub async fn of_chosen(&self, ids: &[SysId]) -> Diagnostics {
        let mut problems = Diagnostics::none();
        let is_asked = !self.session.environment_hosts.is_empty() || self.exclusive.instance_name.is_some();
        if ids.is_empty() || !is_asked {
            return problems;
        }
        let Ok(found) = endpoints(self.session, self.exclusive, ids).await else { return problems };
        let own_name = match found.values().any(|it| it.instance_name.is_some()) {
            true => own_name(self.session).await,
            false => None,
        };
        for (id, endpoint) in found {
            let endpoint = self.as_planned(&id, endpoint);
            let noun = self.exclusive.member_noun;
            let hosts = &self.session.environment_hosts;
            if let Some(it) = hosts.misfit(endpoint.environment.as_deref(), &endpoint.address) {
                problems.push(errors::endpoint_misfit(noun, &endpoint.name, &it));
            }
            if let Some((pinned, own)) = endpoint.instance_name.as_deref().zip(own_name.as_deref())
                && !pinned.eq_ignore_ascii_case(own)
            {
                problems.push(errors::pinned_elsewhere(noun, &endpoint.name, pinned, own));
            }
        }
        problems
    }

    /// Warnings about members that are about to become active, and errors about those that could not work.
    pub async fn of_next(&self, ids: &[SysId]) -> Diagnostics {
        let mut problems = self.unable(ids).await;
        if problems.has_errors() || ids.is_empty() || self.exclusive.credential.is_none() {
            return problems;
        }
        let doubts = connection_status::doubts(self.session, &self.now, ids).await.unwrap_or_default();
        for Doubt { name, status, reason } in doubts {
            problems.push(errors::winner_doubtful(self.exclusive.member_noun, &name, status, &reason));
        }
        problems
    }

    /// Errors about members that lack what they cannot work without. What is planned for a member is checked where it is
    /// declared, but for one that leads nowhere, which nobody needs to activate.
    pub async fn unable(&self, ids: &[SysId]) -> Diagnostics {
        let mut problems = Diagnostics::none();
        if ids.is_empty() {
            return problems;
        }
        let Ok(found) = endpoints(self.session, self.exclusive, ids).await else { return problems };
        for (id, endpoint) in found {
            let lacks = match self.session.claims.planned_member(&id) {
                Some(planned) if planned.is_dead_end => vec![self.exclusive.address],
                Some(_) => Vec::new(),
                None => endpoint.lacks,
            };
            if !lacks.is_empty() {
                problems.push(errors::winner_unable(self.exclusive, &endpoint.name, &lacks));
            }
        }
        problems
    }

    fn as_planned(&self, id: &SysId, found: Endpoint) -> Endpoint {
        let Some(planned) = self.session.claims.planned_member(id) else { return found };
        let instance_name = planned.instance_name.or(found.instance_name).filter(|it| !it.is_empty());
        let environment = planned.environment.or(found.environment);
        let address = planned.address.unwrap_or(found.address);
        Endpoint { address, instance_name, environment, ..found }
    }
}

/// What the instance calls itself. Where the property may not be read it is the first part of a vendor's host; of another
/// host nothing follows.
pub async fn own_name(session: &Session) -> Option<String> {
    let table = Table::of(session, "sys_properties").ok()?;
    let query = Query::new().equals("name", OWN_NAME).ok()?;
    let rows = table.list(&query, &["name", "value"]).await.unwrap_or_default();
    let property = rows.first().map(|it| it.text("value").trim().to_owned()).filter(|it| !it.is_empty());
    property.or_else(|| by_host(&session.instance))
}

fn by_host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let (name, domain) = rest.split(['/', ':']).next()?.split_once('.')?;
    (domain == VENDOR_DOMAIN).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_the_vendor_begins_with_the_name_and_others_say_nothing() {
        for (address, expected) in [
            ("https://acme.service-now.com", Some("acme")),
            ("https://acme.service-now.com/", Some("acme")),
            ("https://acme.service-now.com.example", None),
            ("https://tickets.acme.example", None),
            ("http://127.0.0.1:8080", None),
        ] {
            assert_eq!(by_host(address).as_deref(), expected, "{address}");
        }
    }
}
