//! A switch of Unifi that waits for what is on its way, through real Terraform: to its end, and when it is interrupted.

use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::{Setup, Terraform, World};
use serde_json::json;

/// A whole apply gets as far as this even on a busy machine.
const START_MAX: Duration = Duration::from_secs(60);

/// A request in flight may end in order; what is more than this is a user who presses Ctrl-C again.
const INTERRUPTED_MAX: Duration = Duration::from_secs(15);

const APPLY: &[&str] = &["apply", "-input=false", "-no-color", "-auto-approve"];

fn configuration(active: &str, queued: &str) -> String {
    format!(
        r#"
resource "servicenow_unifi_integration" "it" {{
  name = "Orders"
}}

resource "servicenow_unifi_connection" "it" {{
  for_each       = toset(["Production", "Test"])
  integration_id = servicenow_unifi_integration.it.id
  environment    = each.key
  endpoint_url   = "https://${{lower(each.key)}}.example.com/api"
}}

resource "servicenow_unifi_activation" "it" {{
  integration_id = servicenow_unifi_integration.it.id
  connection_id  = servicenow_unifi_connection.it["{active}"].id

  wait_until_inactive_drained = {{
    longest_wait = "5m"
    queued       = "{queued}"
  }}
}}
"#
    )
}

fn shape(world: &World) -> String {
    let active = world.instance.rows("x_snd_eb_connection", "active=true").unwrap();
    let names: Vec<&str> = active.iter().filter_map(|it| it["name"].as_str()).collect();
    let integration = world.instance.rows("x_snd_eb_integration", "").unwrap().remove(0);
    format!("{} {}", names.join(", "), integration["state"].as_str().unwrap())
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < START_MAX, "the apply did not come as far: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_switch_waits_for_what_is_on_its_way_and_an_interrupt_leaves_the_integration_as_it_was() {
    let simulator = &["--fixture", "empty", "--app", "unifi"];
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator });
    world.hcl(&configuration("Production", "refuse")).converges();
    world.instance.set("unifi_sending", "slow").unwrap();
    let integration = world.id("servicenow_unifi_integration.it");
    let message =
        world.instance.insert("x_snd_eb_transaction", &json!({"integration": integration})).unwrap();
    let message = message["sys_id"].as_str().unwrap().to_owned();

    // It is paused already, and waits for what is in work.
    world.hcl(&configuration("Test", "send_to_new"));
    let running = world.start(APPLY);
    wait_until("paused", || shape(&world) == "Orders - Production paused");
    let start = Instant::now();
    running.interrupt();
    let run = running.wait().ends_with(1);
    assert!(start.elapsed() < INTERRUPTED_MAX, "{:?} after Ctrl-C\n{run}", start.elapsed());
    run.says("Could not drain").says("was resumed");
    assert_eq!(shape(&world), "Orders - Production active");

    // Nothing is paused while something is on its way.
    world.hcl(&configuration("Test", "refuse"));
    world.instance.forget_journal().unwrap();
    let running = world.start(APPLY);
    let asks = || world.instance.journal().unwrap().iter().any(|it| it.path.contains("x_snd_eb_transaction"));
    wait_until("asked for messages", asks);
    assert_eq!(shape(&world), "Orders - Production active");
    world.edit("x_snd_eb_transaction", &message, &json!({"state": "complete"}));
    running.wait().ends_with(0);
    assert_eq!(shape(&world), "Orders - Test active");
    world.plan_is_empty();
}
