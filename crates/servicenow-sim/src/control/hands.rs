//! What people do beside the requests, over HTTP: edits in the instance's own pages, changes that follow later, clones.

use serde::de::DeserializeOwned;
use serde_json::json;
use servicenow_core::{Request, Response};

use crate::answer::failures::{failure, json_response};
use crate::instance::text;
use crate::people::Edit;
use crate::people::clone::CloneProfile;
use crate::people::later::Later;
use crate::simulator::State;

/// Makes an edit as a person would, and tells which rows it reached. What they hold may be secret.
pub fn operator(state: &State, request: &Request) -> Response {
    let edit: Edit = match parsed(request) {
        Ok(edit) => edit,
        Err(reason) => return failure(400, "Nothing was edited", Some(&reason)),
    };
    match state.instance.edit(&edit) {
        Ok(rows) => {
            let reached: Vec<&str> = rows.iter().map(|it| text(it, "sys_id")).collect();
            json_response(200, &json!({"reached": reached}))
        }
        Err(error) => failure(400, "Nothing was edited", Some(&error.to_string())),
    }
}

/// Plans a change that follows every write of a table by the instance's clock.
pub fn later(state: &State, request: &Request) -> Response {
    match parsed::<Later>(request) {
        Ok(later) => {
            state.instance.plans.add(later);
            json_response(200, &json!({"status": "planned"}))
        }
        Err(reason) => failure(400, "Nothing was planned", Some(&reason)),
    }
}

/// Puts the rows of another instance, or of a snapshot, in the place of this one's.
pub fn clone_over(state: &mut State, request: &Request) -> Response {
    let profile: CloneProfile = match parsed(request) {
        Ok(profile) => profile,
        Err(reason) => return failure(400, "Nothing was cloned", Some(&reason)),
    };
    match state.clone_over(&profile) {
        Ok(()) => json_response(200, &json!({"status": "cloned"})),
        Err(error) => failure(400, "Nothing was cloned", Some(&error.to_string())),
    }
}

fn parsed<T: DeserializeOwned>(request: &Request) -> Result<T, String> {
    serde_json::from_str(request.body.as_deref().unwrap_or_default()).map_err(|it| it.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use servicenow_core::Method;

    use super::*;
    use crate::Simulator;
    use crate::answer::tests::open_empty;

    fn post(simulator: &Simulator, path: &str, body: &Value) -> (u16, String) {
        let mut request = Request::new(Method::Post, path);
        request.body = Some(body.to_string());
        let response = simulator.answer(&request);
        (response.status, String::from_utf8(response.body).unwrap())
    }

    #[test]
    fn an_operator_edits_and_only_ids_are_told() {
        let simulator = open_empty(&[]);
        let create = json!({"table": "basic_auth_credentials", "action": "create",
                            "values": {"name": "orders", "password": "hunter2-secret"}});
        let (status, said) = post(&simulator, "/_sim/operator", &create);
        assert_eq!(status, 200, "{said}");
        assert!(said.contains("reached") && !said.contains("hunter2"), "{said}");
        let change =
            json!({"table": "basic_auth_credentials", "query": "name=orders", "values": {"name": "billing"}});
        assert_eq!(post(&simulator, "/_sim/operator", &change).0, 200);
        assert_eq!(simulator.rows("basic_auth_credentials")[0]["name"], "billing");
        for (wrong, reason) in [
            (json!({"table": "sys_nothing", "query": "a=1"}), "no table `sys_nothing`"),
            (json!({"table": "sys_alias", "values": {}}), "needs a query"),
            (json!({"where": "x"}), "unknown field"),
        ] {
            let (status, said) = post(&simulator, "/_sim/operator", &wrong);
            assert!(status == 400 && said.contains(reason), "{said}");
        }
    }

    #[test]
    fn a_clone_brings_the_rows_of_a_snapshot_and_leaves_what_is_preserved() {
        let simulator = open_empty(&[]);
        let named = |name: &str| json!({"table": "sys_alias", "action": "create", "values": {"name": name}});
        post(&simulator, "/_sim/operator", &named("orders"));
        post(&simulator, "/_sim/snapshot", &json!({"name": "production"}));
        post(&simulator, "/_sim/operator", &named("billing"));
        let clone = |preserve: &[&str]| json!({"source": {"snapshot": "production"}, "preserve": preserve});
        assert_eq!(post(&simulator, "/_sim/clone", &clone(&["sys_alias"])).0, 200);
        assert_eq!(simulator.rows("sys_alias").len(), 2);
        assert_eq!(post(&simulator, "/_sim/clone", &clone(&[])).0, 200);
        assert_eq!(simulator.rows("sys_alias").len(), 1);
        let missing = json!({"source": {"snapshot": "never"}});
        assert!(post(&simulator, "/_sim/clone", &missing).1.contains("no snapshot `never`"));
    }

    #[test]
    fn what_follows_later_is_planned() {
        let simulator = open_empty(&[]);
        let later = json!({"table": "sys_alias", "after_ms": 5, "values": {"description": "changed later"}});
        assert_eq!(post(&simulator, "/_sim/later", &later).0, 200);
        assert_eq!(post(&simulator, "/_sim/later", &json!({"table": "sys_alias"})).0, 400);
    }
}
