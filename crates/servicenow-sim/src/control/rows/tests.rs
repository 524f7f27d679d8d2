//! Snapshots, the way back, and the beginning.

use servicenow_core::Method;

use super::*;
use crate::Simulator;
use crate::answer::header;
use crate::answer::tests::open_empty;

fn asked(simulator: &Simulator, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let mut request = Request::new(method, path);
    request.headers = vec![simulator.authorization(), header("Content-Type", "application/json")];
    request.body = Some(body.to_string()).filter(|_| method == Method::Post);
    let response = simulator.answer(&request);
    (response.status, serde_json::from_slice(&response.body).unwrap_or_default())
}

fn add(simulator: &Simulator, name: &str) {
    let (status, _) = asked(simulator, Method::Post, "/api/now/table/sys_alias", &json!({"name": name}));
    assert_eq!(status, 201);
}

fn names(simulator: &Simulator) -> Vec<String> {
    simulator.rows("sys_alias").into_iter().map(|it| it["name"].clone()).collect()
}

#[test]
fn a_snapshot_is_kept_and_brought_back_as_often_as_wanted() {
    let simulator = open_empty(&[]);
    add(&simulator, "orders");
    let named = json!({"name": "before the switch"});
    assert_eq!(
        asked(&simulator, Method::Post, "/_sim/snapshot", &named),
        (200, json!(["before the switch"]))
    );
    for later in ["billing", "shipping"] {
        add(&simulator, later);
        assert_eq!(names(&simulator), ["orders", later]);
        assert_eq!(asked(&simulator, Method::Post, "/_sim/restore", &named).0, 200);
        assert_eq!(names(&simulator), ["orders"]);
    }
    let (status, said) = asked(&simulator, Method::Post, "/_sim/restore", &json!({"name": "never"}));
    assert_eq!(status, 404);
    assert!(said.to_string().contains("no snapshot `never`"), "{said}");
    assert_eq!(asked(&simulator, Method::Post, "/_sim/snapshot", &json!({"name": ""})).0, 400);
}

#[test]
fn snapshots_do_not_fill_the_memory() {
    let simulator = open_empty(&[]);
    let taken =
        |n: usize| asked(&simulator, Method::Post, "/_sim/snapshot", &json!({"name": n.to_string()})).0;
    assert!((0..SNAPSHOTS_MAX).all(|n| taken(n) == 200));
    assert_eq!(taken(SNAPSHOTS_MAX), 400);
    assert_eq!(taken(0), 200, "one that is there is taken again");
}

#[test]
fn a_reset_leads_back_to_the_beginning_and_leaves_the_password() {
    let simulator = open_empty(&[("one_active_rule", "refuse")]);
    let password = simulator.password();
    add(&simulator, "orders");
    asked(&simulator, Method::Post, "/_sim/settings", &json!({"one_active_rule": "none"}));
    asked(&simulator, Method::Post, "/_sim/faults", &json!({"kind": "lost_after", "path_contains": "never"}));
    assert_eq!(asked(&simulator, Method::Post, "/_sim/reset", &json!({})).0, 200);
    assert_eq!(names(&simulator), Vec::<String>::new());
    assert_eq!(simulator.password(), password);
    assert_eq!(asked(&simulator, Method::Get, "/_sim/settings", &json!({})).1["one_active_rule"], "refuse");
    assert_eq!(asked(&simulator, Method::Get, "/_sim/faults", &json!({})).1, json!([]));
    assert_eq!(simulator.journal(), json!([]));
    add(&simulator, "billing");
}
