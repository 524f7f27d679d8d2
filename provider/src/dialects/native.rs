//! The platform's own tables.

use reconcile::exclusive::Belief;

use super::{Exclusive, Rule};

/// Not established, so it is found out.
pub const RULE: Rule = Rule { setting: "one_active_rule", assumed: Belief::Unknown };

/// Of the connections of an alias one is active ([doc], per alias and domain; who keeps the rule is not established).
pub const CONNECTIONS: Exclusive = Exclusive {
    is_of_application: false,
    members: "sys_connection",
    concrete: "http_connection",
    group: "connection_alias",
    groups: "sys_alias",
    group_name: "id",
    group_keys: &["id", "name"],
    group_allows_several: Some("multiple_connections"),
    group_flag: None,
    traffic: None,
    rule: &RULE,
    flag: "active",
    place: Some("order"),
    name: "name",
    address: "connection_url",
    caller: None,
    takes: &[("use_mutual_auth", "true", "protocol_profile")],
    domain: Some("sys_domain"),
    environment: None,
    instance_name: None,
    credential: Some("credential"),
    roles: &["connection_admin"],
    pointer: "servicenow_connection_activation",
    group_noun: "connection alias",
    member_noun: "connection",
};
