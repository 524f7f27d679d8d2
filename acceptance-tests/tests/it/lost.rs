//! Requests whose answers get lost: one record and not two, and the next apply converges.

use acceptance_tests::{Terraform, World};
use serde_json::{Value, json};

use crate::orders::{GREEN, PASSWORD, active, beginning, connection, integration, nothing_is_left, pointer};

/// What is lost, and whether reading it again fails as well for a while.
struct Case {
    method: &'static str,
    table: &'static str,
    kind: &'static str,
    unreadable: bool,
}

const CASES: &[Case] = &[
    Case { method: "POST", table: "sys_alias", kind: "lost_after", unreadable: false },
    Case { method: "POST", table: "http_connection", kind: "lost_after", unreadable: false },
    Case { method: "POST", table: "http_connection", kind: "lost_before", unreadable: false },
    Case { method: "POST", table: "http_connection", kind: "truncated_body", unreadable: false },
    Case { method: "POST", table: "http_connection", kind: "error_in_body", unreadable: false },
    Case { method: "POST", table: "http_connection", kind: "lost_after", unreadable: true },
    Case { method: "POST", table: "basic_auth_credentials", kind: "lost_after", unreadable: false },
    Case { method: "POST", table: "basic_auth_credentials", kind: "lost_after", unreadable: true },
    Case { method: "PATCH", table: "basic_auth_credentials", kind: "lost_after", unreadable: false },
    Case { method: "PATCH", table: "http_connection", kind: "lost_after", unreadable: false },
];

/// Long enough to outlast the reads with which the provider finds out what became of a lost write.
const UNREADABLE_TIMES: u32 = 200;

fn fault(method: &str, table: &str, kind: &Value, times: u32) -> Value {
    json!({"method": method, "path_contains": format!("/table/{table}"), "kind": kind, "times": times})
}

fn check(case: &Case) {
    let what = format!("{} {} {}", case.kind, case.method, case.table);
    let world = World::new(Terraform::V1_15);
    // One connection where it matters which one is hit: the one that the pointer refers to.
    let connections =
        if case.unreadable { connection("blue") } else { connection("blue") + &connection("green") };
    let count = if case.unreadable { 1 } else { 2 };
    world.plant("password", PASSWORD).hcl(&[beginning(1), connections, pointer("blue")].concat());
    world.instance.fault(&fault(case.method, case.table, &json!(case.kind), 1)).unwrap();
    if case.unreadable {
        let gone = json!({"status": {"status": 503}});
        world.instance.fault(&fault("GET", &format!("{}/", case.table), &gone, UNREADABLE_TIMES)).unwrap();
    }
    let first = world.apply();
    assert!(first.code == 0 || (first.code == 1 && case.unreadable), "{what}\n{first}");
    world.api("DELETE", "/_sim/faults", &Value::Null);
    world.converges();
    for (table, count) in [("sys_alias", 1), ("sys_connection", count), ("discovery_credentials", 1)] {
        assert_eq!(world.instance.rows(table, "").unwrap().len(), count, "{what}: rows of {table}");
    }
    assert_eq!(active(&world), ["orders-blue"], "{what}");
    let credential = world.id("servicenow_basic_auth_credential.orders");
    let stored = world.instance.secret("basic_auth_credentials", &credential, "password").unwrap();
    assert_eq!(stored.as_deref(), Some(PASSWORD), "{what}");
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn a_write_whose_answer_is_lost_happens_once() {
    CASES.iter().filter(|case| !case.unreadable).for_each(check);
}

#[test]
fn a_create_whose_answer_is_lost_and_that_cannot_be_read_back_converges_on_one_record() {
    CASES.iter().filter(|case| case.unreadable).for_each(check);
}

#[test]
fn a_deletion_whose_answer_is_lost_is_a_deletion() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&integration("blue")).converges();
    world.instance.fault(&fault("DELETE", "http_connection", &json!("lost_after"), 1)).unwrap();
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn a_switch_whose_answer_is_lost_is_a_switch() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&integration("blue")).converges();
    let green = world.id(GREEN);
    world
        .instance
        .fault(&fault("PATCH", &format!("http_connection/{green}"), &json!("lost_after"), 1))
        .unwrap();
    world.hcl(&integration("green")).converges();
    assert_eq!(active(&world), ["orders-green"]);
}

#[test]
fn a_throttled_instance_is_waited_for() {
    let world = World::new(Terraform::V1_15);
    let throttled = json!({"status": {"status": 429, "retry_after_s": 1}});
    world.instance.fault(&fault("POST", "http_connection", &throttled, 2)).unwrap();
    world.plant("password", PASSWORD).hcl(&integration("blue")).converges();
    assert_eq!(active(&world), ["orders-blue"]);
}
