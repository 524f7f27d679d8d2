//! The platform's own tables.

use super::Exclusive;

/// Of the connections of an alias one is active ([doc], per alias and domain; who keeps the rule is not established).
pub const CONNECTIONS: Exclusive = Exclusive {
    members: "sys_connection",
    concrete: "http_connection",
    group: "connection_alias",
    groups: "sys_alias",
    group_name: "id",
    group_keys: &["id", "name"],
    group_allows_several: "multiple_connections",
    flag: "active",
    name: "name",
    group_noun: "connection alias",
    member_noun: "connection",
};
