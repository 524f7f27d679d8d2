//! When something is wrong: one message with five answers, and a state that is true.

use acceptance_tests::{Run, Setup, Terraform, World};
use serde_json::{Value, json};

use crate::orders::{ALIAS, PASSWORD, beginning, integration, nothing_is_left};

const ALIAS_ALONE: &str = "resource \"servicenow_connection_alias\" \"orders\" {\n  name = \"orders\"\n}\n";

/// What is wrong, and what a person is told.
struct Case {
    name: &'static str,
    prepare: fn(&World),
    hcl: &'static str,
    /// What could not be done, where, why, what state things are in, what to do next.
    answers: [&'static str; 5],
}

const UNKNOWN_ALIAS: &str = "resource \"servicenow_http_connection\" \"it\" {\n  name = \"it\"\n  \
                             connection_alias_id = \"0123456789abcdef0123456789abcdef\"\n  \
                             connection_url = \"https://it.example.com\"\n}\n";

const CASES: &[Case] = &[
    Case {
        name: "nothing listens at the address",
        prepare: |world| {
            world.environment("SERVICENOW_INSTANCE_URL", "http://127.0.0.1:9");
        },
        hcl: ALIAS_ALONE,
        answers: [
            "Could not sign in",
            "127.0.0.1:9",
            "refused",
            "Nothing was read or changed",
            "Check `instance_url`",
        ],
    },
    Case {
        name: "the address is no address",
        prepare: |world| {
            world.environment("SERVICENOW_INSTANCE_URL", "not a url");
        },
        hcl: ALIAS_ALONE,
        answers: [
            "`instance_url` is not usable",
            "`instance_url`",
            "a blank",
            "nothing was changed",
            "https://",
        ],
    },
    Case {
        name: "plain http to another machine",
        prepare: |world| {
            world.environment("SERVICENOW_INSTANCE_URL", "http://instance.example.com");
        },
        hcl: ALIAS_ALONE,
        answers: [
            "`instance_url` is not usable",
            "instance.example.com",
            "http",
            "nothing was changed",
            "allow_http",
        ],
    },
    Case {
        name: "the password is wrong",
        prepare: |world| {
            world
                .environment("SERVICENOW_PASSWORD", "wr0ng-but-still-secret")
                .conceal("wr0ng-but-still-secret");
        },
        hcl: ALIAS_ALONE,
        answers: [
            "Could not sign in",
            "GET",
            "401",
            "Nothing was read or changed",
            "Check `username` and `password`",
        ],
    },
    Case {
        name: "no password is given",
        prepare: |world| {
            world.without_environment("SERVICENOW_PASSWORD");
        },
        hcl: ALIAS_ALONE,
        answers: [
            "The provider setting `password` is missing",
            "`provider \"servicenow\"` block",
            "neither",
            "nothing was changed",
            "SERVICENOW_PASSWORD",
        ],
    },
    Case {
        name: "the user lacks a role",
        prepare: |world| {
            let user = ("restricted", "a-password-of-restricted");
            world.instance.add_user(user.0, user.1, &["connection_admin", "credential_admin"]).unwrap();
            world
                .environment("SERVICENOW_USERNAME", user.0)
                .environment("SERVICENOW_PASSWORD", user.1)
                .conceal(user.1);
        },
        hcl: ALIAS_ALONE,
        answers: [
            "Could not create the connection alias \"orders\"",
            "sys_alias",
            "403",
            "Nothing was",
            "the role",
        ],
    },
    Case {
        name: "the alias does not exist",
        prepare: |_| {},
        hcl: UNKNOWN_ALIAS,
        answers: [
            "Could not create the HTTP connection \"it\"",
            "connection_alias_id",
            "no such record",
            "Nothing was",
            "then apply again",
        ],
    },
    Case {
        name: "the instance hibernates",
        prepare: |world| world.instance.set("state", "hibernating").unwrap(),
        hcl: ALIAS_ALONE,
        answers: ["Could not sign in", "GET", "hibernat", "Nothing was read or changed", "Wake the instance"],
    },
    Case {
        name: "the instance is in maintenance",
        prepare: |world| world.instance.set("state", "maintenance").unwrap(),
        hcl: ALIAS_ALONE,
        answers: ["Could not sign in", "GET", "503", "Nothing was read or changed", "wait until it is back"],
    },
    Case {
        name: "a login page answers",
        prepare: |world| world.instance.set("state", "login_page").unwrap(),
        hcl: ALIAS_ALONE,
        answers: ["Could not sign in", "GET", "page", "Nothing was read or changed", "Check"],
    },
    Case {
        name: "a write is refused",
        prepare: |world| world.instance.fault(&refusal("POST", "sys_alias")).unwrap(),
        hcl: ALIAS_ALONE,
        answers: [
            "Could not create the connection alias \"orders\"",
            "POST /api/now/table/sys_alias",
            "Change freeze",
            "Nothing was",
            "then apply again",
        ],
    },
    Case {
        name: "the name is taken",
        prepare: |world| {
            world.instance.insert("sys_alias", &json!({"name": "orders"})).unwrap();
        },
        hcl: ALIAS_ALONE,
        answers: [
            "Could not create the connection alias \"orders\"",
            "sys_alias",
            "403",
            "Nothing was",
            "apply again",
        ],
    },
];

fn refusal(method: &str, path: &str) -> Value {
    let body = json!({
        "error": {"message": "Operation Failed", "detail": "Operation against file 'sys_alias' was aborted by Business \
                  Rule 'Change freeze^0f6ab99a0f36060094f3c09ce1050ee8'. Business Rule Stack: Change freeze"},
        "status": "failure"
    });
    json!({"method": method, "path_contains": path, "kind": {"refused_before": {"status": 403, "body": body.to_string()}}})
}

/// What a message lacks, or says and should not.
fn shortcomings(run: &Run, case: &Case) -> Vec<String> {
    let text = run.text();
    let missing =
        case.answers.iter().filter(|answer| !text.contains(**answer)).map(|answer| format!("no `{answer}`"));
    let banned = [" we ", "We ", "please", "Please", "<html", "unexpected"];
    let said = banned.iter().filter(|word| text.contains(**word)).map(|word| format!("`{word}`"));
    let count = (run.errors() != 1).then(|| format!("{} messages", run.errors()));
    missing.chain(said).chain(count).collect()
}

#[test]
fn every_failure_is_one_message_with_five_answers_and_leaves_the_state_true() {
    let mut findings = Vec::new();
    for case in CASES {
        let world = World::new(Terraform::V1_15);
        (case.prepare)(&world);
        let run = world.hcl(case.hcl).apply().ends_with(1);
        let found = shortcomings(&run, case);
        if !found.is_empty() {
            findings.push(format!("{}: {} in\n{run}", case.name, found.join(", ")));
        }
        // Nothing was created, and the state does not claim anything else.
        let resources = world.show_json().pointer("/values/root_module/resources").cloned();
        assert_eq!(resources, None, "{}", case.name);
    }
    assert!(findings.is_empty(), "{}", findings.join("\n\n"));
}

#[test]
fn what_was_done_before_a_failure_stays_done_and_known() {
    let world = World::new(Terraform::V1_15);
    world.instance.fault(&refusal("POST", "http_connection")).unwrap();
    let run = world
        .plant("password", PASSWORD)
        .hcl(&integration("blue"))
        .apply()
        .ends_with(1)
        .says("Change freeze");
    assert_eq!(run.errors(), 1, "{run}");
    assert_eq!(world.instance.rows("sys_alias", "").unwrap().len(), 1);
    assert_ne!(world.state(ALIAS), Value::Null);
    world.converges();
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn a_refused_update_and_a_refused_deletion_leave_the_state_true() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&beginning(1)).converges();
    world.instance.fault(&refusal("PATCH", "sys_alias")).unwrap();
    let changed = beginning(1).replace("Where orders go.", "Where orders went.");
    let run =
        world.hcl(&changed).apply().ends_with(1).says("Could not change the connection alias \"orders\"");
    assert_eq!(run.errors(), 1, "{run}");
    assert_eq!(world.attribute(ALIAS, "description"), "Where orders go.");
    world.instance.fault(&refusal("DELETE", "sys_alias")).unwrap();
    let run = world.destroy().ends_with(1).says("Could not delete the connection alias \"orders\"");
    assert_eq!(run.errors(), 1, "{run}");
    assert_ne!(world.state(ALIAS), Value::Null);
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

const MISTYPED: &str = r#"resource "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

resource "servicenow_unifi_connection" "orders" {
  integration_id = servicenow_unifi_integration.orders.id
  environment    = "Prodution"
  endpoint_url   = "https://orders.example.com"
}
"#;

#[test]
fn a_mistyped_name_is_told_by_the_plan_before_an_apply_ends_at_it() {
    let simulator = &["--fixture", "empty", "--app", "unifi"];
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator });
    world.hcl(MISTYPED);
    world
        .plan()
        .ends_with(2)
        .says("`environment` cannot be applied as `Prodution`")
        .says("There is \"Development\"")
        .says("the plan goes on");
    world.apply().ends_with(1).says("Could not create the Unifi connection").says("`Prodution`");
    assert_eq!(world.instance.rows("x_snd_eb_connection", "").unwrap().len(), 0);
    world.hcl(&MISTYPED.replace("Prodution", "Production")).converges();
    world.destroy().ends_with(0);
}

#[test]
fn the_provider_started_by_hand_says_what_it_is() {
    let provider = acceptance_tests::Binaries::built().provider();
    let output = std::process::Command::new(provider).stdin(std::process::Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("Terraform") && output.stdout.is_empty(), "{text}");
}
