//! `snowdrift status`: what the built command shows of an instance, in every form.

use std::fs;

use acceptance_tests::{Setup, Terraform, World};
use serde_json::Value;

fn world() -> World {
    World::with(Setup { terraform: Terraform::V1_15, simulator: &["--fixture", "demo", "--app", "unifi"] })
}

#[test]
fn the_inventory_is_text_a_document_and_a_page() {
    let world = world();
    for secret in ["demo-jira-production", "demo-orders", "demo-unifi-production"] {
        world.conceal(secret);
    }
    let text = world.snowdrift(&["status"]).ends_with(0).says("* Configured Orders blue");
    assert!(text.stdout.contains("Deactivated  Orders green"), "{text}");
    let json = world.snowdrift(&["status", "--format", "json", "--status", "deactivated"]).ends_with(0);
    let report: Value = serde_json::from_str(&json.stdout).unwrap();
    let connections: Vec<&Value> = report["integrations"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|it| it["connections"].as_array().unwrap())
        .collect();
    assert!(connections.len() > 2 && connections.iter().all(|it| it["status"] == "deactivated"), "{json}");
    world.snowdrift(&["status", "--format", "html", "--out", "page.html"]).ends_with(0);
    let page = fs::read_to_string(world.configuration().join("page.html")).unwrap();
    assert!(page.contains("Orders blue") && !page.contains("<script"), "{page}");
    world.snowdrift(&["status", "--status", "broken"]).ends_with(2).says("not_configured");
    assert!(world.writes().is_empty());
}

#[test]
fn what_may_not_be_seen_is_said() {
    let world = world();
    world.instance.add_user("half.blind", "half-blind-password", &["connection_admin"]).unwrap();
    world.environment("SERVICENOW_USERNAME", "half.blind").conceal("half-blind-password");
    world.environment("SERVICENOW_PASSWORD", "half-blind-password");
    world.snowdrift(&["status"]).ends_with(3).says("Not seen: discovery_credentials");
}

/// What a person sees at a terminal of this kind, with these variables.
fn at_a_terminal(world: &World, variables: &str, command: &str) -> String {
    let line = format!(
        "unset NO_COLOR CLICOLOR CLICOLOR_FORCE\n\
         env {variables} script --quiet --return --command 'stty cols 100 rows 40; snowdrift {command}' seen.txt \
         </dev/null >/dev/null\n"
    );
    world.file("terminal.sh", &line);
    world.shell(&world.configuration().join("terminal.sh")).ends_with(0);
    fs::read_to_string(world.configuration().join("seen.txt")).unwrap()
}

#[test]
fn whoever_watches_sees_a_bar_and_colours_and_a_log_has_lines() {
    let world = world();
    let declared = "resource \"servicenow_connection_alias\" \"jira\" {\n  name = \"Jira\"\n}\n";
    world.hcl(declared);
    for command in
        ["status", "export --out servicenow --type http_connection", "drift --fail-on critical --color never"]
    {
        let seen = at_a_terminal(&world, "TERM=xterm-256color", command);
        assert!(seen.contains('░') || seen.contains('█'), "a bar of {command}: {seen:?}");
    }
    let seen = at_a_terminal(&world, "TERM=xterm-256color", "status");
    assert!(seen.contains("\u{1b}[32mConfigured"), "{seen:?}");
    let plain = at_a_terminal(&world, "TERM=xterm-256color NO_COLOR=1", "status");
    assert!(!plain.contains("\u{1b}[32m") && !plain.contains("\u{1b}[1m"), "{plain:?}");
    assert!(plain.contains('░') || plain.contains('█'), "a bar has no colours: {plain:?}");
    let dumb = at_a_terminal(&world, "TERM=dumb", "status");
    assert!(!dumb.contains('\u{1b}') && !dumb.contains('░') && dumb.contains("tables of"), "{dumb:?}");
    let log = world.snowdrift(&["status"]).ends_with(0).says("tables of");
    assert!(log.stderr.contains(": 8\n") && !log.text().contains('\u{1b}'), "{log}");
    let log = world.snowdrift(&["drift", "--fail-on", "critical"]).ends_with(0);
    for part in ["Reading tables: ", "Comparing objects: 1\n"] {
        assert!(log.stderr.contains(part) && !log.text().contains('\u{1b}'), "{log}");
    }
}
