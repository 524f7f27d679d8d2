//! Unifi's tables, as data. The names of most columns are assumed: they follow from the labels.

use reconcile::Choices;
use reconcile::exclusive::Belief;

use super::{Exclusive, Rule, Traffic};

/// That activating one deactivates the others is documented, and no trial is made: these records are application files, and
/// a trial would be captured in an update set. A rival that stays active teaches otherwise.
pub const RULE: Rule = Rule { setting: "unifi_one_active_rule", assumed: Belief::SwitchesSiblingsOff };

/// An integration that is paused queues its outbound messages in order until it is resumed, and the switch of a connection
/// leaves that alone ([doc]); that a program pauses it by writing its state, and the values of both states, are *assumed*.
pub const TRAFFIC: Traffic = Traffic {
    state: &Choices {
        name: "x_snd_eb_integration.state",
        table: "x_snd_eb_integration",
        column: "state",
        words: &[],
    },
    paused: "paused",
    progress: &Choices {
        name: "x_snd_eb_transaction.state",
        table: "x_snd_eb_transaction",
        column: "state",
        words: &[],
    },
    waiting: &["queued"],
    finished: &["complete", "error", "ignored", "cancelled"],
    group: "integration",
    number: "number",
    direction: "direction",
};

/// The connections of a Unifi integration.
pub const CONNECTIONS: Exclusive = Exclusive {
    is_of_application: true,
    members: "x_snd_eb_connection",
    concrete: "x_snd_eb_connection",
    group: "integration",
    groups: "x_snd_eb_integration",
    group_name: "name",
    group_keys: &["name"],
    group_allows_several: None,
    group_flag: Some("active"),
    traffic: Some(&TRAFFIC),
    rule: &RULE,
    flag: "active",
    place: None,
    name: "name",
    address: "endpoint_url",
    caller: Some("inbound_user"),
    takes: &[
        ("authentication", "basic", "user"),
        ("authentication", "oauth", "oauth_profile"),
        ("mutual_auth", "true", "protocol_profile"),
    ],
    domain: None,
    environment: Some("environment.name"),
    instance_name: Some("instance_name"),
    credential: None,
    roles: &["x_snd_eb.admin"],
    pointer: "servicenow_unifi_activation",
    group_noun: "Unifi integration",
    member_noun: "Unifi connection",
};
