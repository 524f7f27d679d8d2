//! How many connections of each group are active on an instance.

use std::collections::{BTreeMap, BTreeSet};

use servicenow_sim::Simulator;

/// Connections that are active at once under a group that exists, for the group with the most.
pub fn most_active(simulator: &Simulator) -> usize {
    active(simulator).into_values().max().unwrap_or_default()
}

/// How many connections are active under each alias that exists, and under each integration of Unifi.
pub fn active(simulator: &Simulator) -> BTreeMap<String, usize> {
    let kinds = [
        ("sys_alias", "sys_connection", "connection_alias"),
        ("x_snd_eb_integration", "x_snd_eb_connection", "integration"),
    ];
    let of_kind = |(groups, members, column): (&str, &str, &str)| -> Vec<(String, usize)> {
        let ids = simulator.rows(groups).into_iter().map(|it| it["sys_id"].clone()).collect::<Vec<_>>();
        let members = if ids.is_empty() { Vec::new() } else { simulator.rows(members) };
        let count =
            |id: &String| members.iter().filter(|it| it["active"] == "true" && it[column] == *id).count();
        ids.iter().map(|it| (it.clone(), count(it))).collect()
    };
    kinds.into_iter().flat_map(of_kind).collect()
}

/// The names of the active connections of the platform.
pub fn active_names(simulator: &Simulator) -> BTreeSet<String> {
    let rows = simulator.rows("sys_connection").into_iter().filter(|it| it["active"] == "true");
    rows.map(|it| it["name"].clone()).collect()
}
