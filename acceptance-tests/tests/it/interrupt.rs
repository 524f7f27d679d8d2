//! Ctrl-C during apply: it ends within seconds, and the state says what is really there.

use std::thread;
use std::time::{Duration, Instant};

use acceptance_tests::{Terraform, World};
use serde_json::Value;

const CONNECTIONS: usize = 40;

/// Slow enough that an apply of all of them takes many times as long as the test waits before it interrupts.
const LATENCY_MS: &str = "500";

/// Requests in flight may end in order; what is more than this is a user who presses Ctrl-C again.
const SECONDS_MAX: u64 = 15;

/// A whole apply starts within this even on a busy machine.
const START_MAX: Duration = Duration::from_secs(60);

fn connections() -> String {
    format!(
        r#"
resource "servicenow_connection_alias" "it" {{
  name = "it"
}}

resource "servicenow_http_connection" "it" {{
  count               = {CONNECTIONS}
  name                = "it-${{count.index}}"
  connection_alias_id = servicenow_connection_alias.it.id
  connection_url      = "https://${{count.index}}.example.com"
}}
"#
    )
}

/// The names of the connections that the state knows.
fn known(world: &World) -> Vec<String> {
    let shown = world.show_json();
    let resources =
        shown.pointer("/values/root_module/resources").and_then(Value::as_array).cloned().unwrap_or_default();
    let names = resources.iter().filter_map(|it| it.pointer("/values/name")?.as_str().map(str::to_owned));
    let mut names: Vec<String> = names.filter(|name| name != "it").collect();
    names.sort();
    names
}

fn present(world: &World) -> Vec<String> {
    let rows = world.instance.rows("http_connection", "").unwrap();
    let mut names: Vec<String> =
        rows.iter().filter_map(|row| row["name"].as_str().map(str::to_owned)).collect();
    names.sort();
    names
}

fn wait_for_writes(world: &World, count: usize) {
    let start = Instant::now();
    while world.writes().len() < count {
        assert!(start.elapsed() < START_MAX, "the apply did not come to its {count}th write");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn an_interrupted_apply_ends_within_seconds_with_a_true_state_and_the_next_one_goes_on() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.hcl(&connections());
        world.instance.set("latency_ms", LATENCY_MS).unwrap();
        let running = world.start(&["apply", "-input=false", "-no-color", "-auto-approve"]);
        wait_for_writes(&world, 6);
        let start = Instant::now();
        running.interrupt();
        let run = running.wait();
        let took = start.elapsed();
        assert!(took < Duration::from_secs(SECONDS_MAX), "{took:?} after Ctrl-C\n{run}");
        assert_eq!(run.code, 1, "{run}");
        world.instance.set("latency_ms", "0").unwrap();
        let there = present(&world);
        assert!(!there.is_empty() && there.len() < CONNECTIONS, "{} of {CONNECTIONS} are there", there.len());
        assert_eq!(known(&world), there, "the state is not what is there");
        world.converges();
        assert_eq!(present(&world).len(), CONNECTIONS);
    }
}
