//! The application Connect Hub: external systems, connectors, and inbound endpoints that get an address.

use super::*;

const ENDPOINT: &str = "sn_wdf_connect_hub_inbound_endpoint";
const JIRA_SPOKE: &str = "b1a50000000000000000000000c0b102";

fn endpoint(admin: &Asking<'_>, values: &Value) -> String {
    let mut body = json!({"name": "Jira events", "spoke": JIRA_SPOKE});
    for (column, value) in values.as_object().unwrap() {
        body[column] = value.clone();
    }
    admin.make(ENDPOINT, &body)
}

#[test]
fn b2_systems_of_the_platform_are_there_and_own_ones_can_be_added() {
    let simulator = open_with(&["connect_hub"], &[]);
    let admin = Asking::administrator(&simulator);
    let system = "sn_wdf_connect_hub_external_system";
    admin.make(system, &json!({"name": "Shop", "icon": "shop.svg"}));
    let own = |it: &str| admin.column(&format!("/api/now/table/{system}?is_default={it}"), "name");
    assert_eq!(own("false"), ["Shop"]);
    assert!(own("true").contains(&"Jira".to_owned()));
}

#[test]
fn b2_a_connector_keeps_its_type() {
    let simulator = open_with(&["connect_hub"], &[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("sn_wdf_connect_hub_connector", &json!({"name": "Jira", "type": "spoke"}));
    assert_eq!(admin.patch("sn_wdf_connect_hub_connector", &sys_id, &json!({"name": "Jira 2"})), 200);
    assert_eq!(admin.patch("sn_wdf_connect_hub_connector", &sys_id, &json!({"type": "mcp"})), 403);
}

#[test]
fn b2_an_endpoint_needs_a_spoke_that_is_installed() {
    let simulator = open_with(&["connect_hub"], &[]);
    let admin = Asking::administrator(&simulator);
    for spoke in ["", "deaddeaddeaddeaddeaddeaddeaddead"] {
        let refusal =
            admin.refusal(ENDPOINT, &json!({"name": "x", "spoke": spoke, "authentication": "token"}));
        assert!(refusal.contains("Connect Hub: spoke must be installed"), "{refusal}");
    }
    assert!(simulator.rows(ENDPOINT).is_empty(), "no half row");
}

#[test]
fn b2_activating_generates_the_address_and_what_the_way_of_authentication_needs() {
    let simulator = open_with(&["connect_hub"], &[]);
    let admin = Asking::administrator(&simulator);
    for (values, header, secret) in [
        (json!({"authentication": "token"}), "X-Token", "token"),
        (json!({"authentication": "hash"}), "X-Signature", "hash_secret"),
        (json!({"authentication": "hash", "header_name": "X-Hub"}), "X-Hub", "hash_secret"),
        (json!({"authentication": "basic", "roles": "itil"}), "", ""),
        (json!({"authentication": "oauth", "roles": "itil", "application_registry": "a"}), "", ""),
    ] {
        let sys_id = endpoint(&admin, &values);
        assert_eq!(admin.stored(ENDPOINT, &sys_id, "url"), "", "{values}");
        assert_eq!(admin.patch(ENDPOINT, &sys_id, &json!({"active": "true"})), 200, "{values}");
        let row = admin.row(ENDPOINT, &sys_id);
        assert!(
            row["url"].starts_with("https://instance.example/api/sn_jira_spoke/inbound/"),
            "{}",
            row["url"]
        );
        assert_eq!(row["header_name"], header, "{values}");
        if !secret.is_empty() {
            assert!(simulator.stored_secret(ENDPOINT, &sys_id, secret).is_some(), "{values}");
        }
    }
}

#[test]
fn b2_an_endpoint_that_lacks_something_is_not_activated() {
    let simulator = open_with(&["connect_hub"], &[]);
    let admin = Asking::administrator(&simulator);
    for values in
        [json!({}), json!({"authentication": "basic"}), json!({"authentication": "oauth", "roles": "itil"})]
    {
        let sys_id = endpoint(&admin, &values);
        assert_eq!(admin.stored(ENDPOINT, &sys_id, "configured"), "false", "{values}");
        assert_eq!(admin.patch(ENDPOINT, &sys_id, &json!({"active": "true"})), 403, "{values}");
    }
}

#[test]
fn b2_deactivating_keeps_the_address_and_whether_it_stays_is_a_setting() {
    for (setting, same) in [("kept", true), ("new", false)] {
        let simulator = open_with(&["connect_hub"], &[("connect_hub_url", setting)]);
        let admin = Asking::administrator(&simulator);
        let sys_id = endpoint(&admin, &json!({"authentication": "token", "active": "true"}));
        let first = admin.stored(ENDPOINT, &sys_id, "url");
        admin.patch(ENDPOINT, &sys_id, &json!({"active": "false"}));
        assert_eq!(admin.stored(ENDPOINT, &sys_id, "url"), first, "{setting}");
        admin.patch(ENDPOINT, &sys_id, &json!({"active": "true"}));
        assert_eq!(admin.stored(ENDPOINT, &sys_id, "url") == first, same, "{setting}");
    }
}

#[test]
fn b3_an_outbound_connection_names_its_alias_and_retry_policy() {
    let simulator = open_with(&["connect_hub"], &[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.make("sys_alias", &json!({"name": "Jira"}));
    let values = json!({"name": "Jira", "alias": alias, "retry_policy": "ef751ff07301330025d71afe2ff6a7f9"});
    let sys_id = admin.make("sn_wdf_connect_hub_outbound_connection", &values);
    let path = format!(
        "/api/now/table/sn_wdf_connect_hub_outbound_connection/{sys_id}?sysparm_fields=alias.name,retry_policy.name"
    );
    let row = admin.json(Method::Get, &path, "");
    assert_eq!(row["result"]["alias.name"], "Jira");
    assert_eq!(row["result"]["retry_policy.name"], "Default HTTP Retry Policy");
}
