//! The platform's own tables.

use reconcile::exclusive::Belief;

use super::{Exclusive, Rule};

/// Not established, so it is found out.
pub const RULE: Rule = Rule { setting: "one_active_rule", assumed: Belief::Unknown };

/// Of the connections of an alias one is active ([doc], per alias and domain; who keeps the rule is not established).
pub const CONNECTIONS: Exclusive = Exclusive {
    members: "sys_connection",
    concrete: "http_connection",
    group: "connection_alias",
    groups: "sys_alias",
    group_name: "id",
    group_keys: &["id", "name"],
    group_allows_several: "multiple_connections",
    rule: &RULE,
    flag: "active",
    name: "name",
    address: "connection_url",
    environment: None,
    group_noun: "connection alias",
    member_noun: "connection",
};
