//! `servicenow_connection_activation`: exactly one connection is active, and it is the declared one.

use acceptance_tests::{Seen, Terraform, Watch, World};
use serde_json::json;

use crate::orders::{ALIAS, BLUE, GREEN, PASSWORD, POINTER, active, integration, nothing_is_left};

/// Every way in which an instance may keep the rule that one connection is active.
const RULES: &[&str] = &["cascade", "refuse", "none"];

fn integration_with_blue(terraform: Terraform, rule: &str) -> World {
    let world = World::new(terraform);
    world.instance.set("one_active_rule", rule).unwrap();
    world.plant("password", PASSWORD).hcl(&integration("blue")).converges();
    assert_eq!(active(&world), ["orders-blue"], "rule {rule}");
    world
}

/// Never two; on an instance that cascades, always one.
#[track_caller]
fn is_safe(seen: &Seen, rule: &str) {
    assert!(seen.looks > 0, "nobody looked");
    assert!(seen.counts.iter().all(|count| *count <= 1), "two were active with rule {rule}: {seen:?}");
    assert!(rule != "cascade" || !seen.counts.contains(&0), "none was active with rule {rule}: {seen:?}");
}

#[test]
fn the_whole_story_holds_on_both_ends_of_the_supported_versions() {
    for terraform in Terraform::ENDS {
        let world = integration_with_blue(terraform, "cascade");
        world.hcl(&integration("green")).plan().ends_with(2);
        assert_eq!(world.changes().addresses(), [POINTER]);
        world.converges();
        assert_eq!(active(&world), ["orders-green"]);
        world.destroy().ends_with(0);
        nothing_is_left(&world);
    }
}

#[test]
fn switching_changes_one_resource_and_is_never_ambiguous_under_each_rule() {
    for rule in RULES {
        let world = integration_with_blue(Terraform::V1_15, rule);
        world.hcl(&integration("green")).plan().ends_with(2);
        let changes = world.changes();
        let change = changes.only();
        assert_eq!(
            (change.address.as_str(), change.actions.join(" ")),
            (POINTER, "update".to_owned()),
            "rule {rule}"
        );
        let alias = world.id(ALIAS);
        let (run, seen) = Watch::during(&world.instance, &alias, || world.apply());
        run.ends_with(0).says("0 added, 1 changed, 0 destroyed");
        is_safe(&seen, rule);
        assert_eq!(active(&world), ["orders-green"], "rule {rule}");
        world.plan_is_empty();
        world.destroy().ends_with(0);
        nothing_is_left(&world);
    }
}

#[test]
fn a_switch_by_hand_is_seen_with_its_author_and_healed_under_each_rule() {
    for rule in RULES {
        let world = integration_with_blue(Terraform::V1_15, rule);
        let on_call = ("on.call", "a-password-on-call");
        world.instance.add_user(on_call.0, on_call.1, &["admin"]).unwrap();
        let (blue, green) = (world.id(BLUE), world.id(GREEN));
        if *rule == "refuse" {
            world.instance.edit_as(on_call, ("http_connection", &blue), &json!({"active": "false"})).unwrap();
        }
        if *rule == "none" {
            // Both use the same credential, which two active connections may not share.
            world.instance.set("credential_once_rule", "none").unwrap();
        }
        world.instance.edit_as(on_call, ("http_connection", &green), &json!({"active": "true"})).unwrap();
        world.plan().ends_with(2).says("on.call").says("orders-green");
        assert_eq!(world.changes().addresses(), [POINTER], "rule {rule}");
        world.apply().ends_with(0);
        assert_eq!(active(&world), ["orders-blue"], "rule {rule}");
        world.plan_is_empty();
    }
}

#[test]
fn a_connection_switched_off_by_hand_is_switched_on_again() {
    let world = integration_with_blue(Terraform::V1_15, "cascade");
    world.edit("http_connection", &world.id(BLUE), &json!({"active": "false"}));
    world.plan().ends_with(2);
    assert_eq!(world.changes().addresses(), [POINTER]);
    world.converges();
    assert_eq!(active(&world), ["orders-blue"]);
}

#[test]
fn the_plan_names_what_it_will_deactivate() {
    let world = integration_with_blue(Terraform::V1_15, "cascade");
    world.hcl(&integration("green")).plan().ends_with(2).says("+ \"orders-blue\"");
    world.apply().ends_with(0);
    assert_eq!(world.state(POINTER)["deactivates"], json!(["orders-blue"]));
}

#[test]
fn destroying_the_pointer_keeps_or_deactivates_as_declared() {
    for (on_destroy, left) in [("keep", vec!["orders-blue"]), ("deactivate", vec![])] {
        let world = World::new(Terraform::V1_15);
        let declared = integration("blue").replace("\"deactivate\"", &format!("\"{on_destroy}\""));
        world.plant("password", PASSWORD).hcl(&declared).converges();
        let without = declared.split("resource \"servicenow_connection_activation\"").next().unwrap();
        world.hcl(without).converges();
        assert_eq!(active(&world), left, "{on_destroy}");
    }
}

#[test]
fn an_alias_with_several_active_connections_has_no_pointer() {
    let world = World::new(Terraform::V1_15);
    let several =
        integration("blue").replacen("\"orders\"\n", "\"orders\"\n  multiple_connections = true\n", 1);
    let run = world.plant("password", PASSWORD).hcl(&several).apply().ends_with(1);
    assert_eq!(run.says("multiple_connections").says("`connection_ids`").errors(), 1);
    assert!(active(&world).is_empty());
}

/// An alias that allows several, three connections, and a pointer to some of them in an order.
fn several(colours: &[&str]) -> String {
    let connection = |colour: &str| {
        format!(
            "resource \"servicenow_http_connection\" \"{colour}\" {{\n  name                = \"orders-{colour}\"\n  \
             connection_alias_id = servicenow_connection_alias.orders.id\n  connection_url      = \
             \"https://{colour}.orders.example.com\"\n}}\n"
        )
    };
    let ids: Vec<String> = colours.iter().map(|it| format!("servicenow_http_connection.{it}.id")).collect();
    format!(
        "resource \"servicenow_connection_alias\" \"orders\" {{\n  name                 = \"orders\"\n  multiple_connections = \
         true\n}}\n{}resource \"servicenow_connection_activation\" \"orders\" {{\n  connection_alias_id = \
         servicenow_connection_alias.orders.id\n  connection_ids      = [{}]\n  on_destroy          = \"deactivate\"\n\n  \
         lifecycle {{\n    create_before_destroy = true\n  }}\n}}\n",
        ["blue", "green", "red"].map(connection).concat(),
        ids.join(", ")
    )
}

/// The names of the active connections in the order of the instance.
fn in_order(world: &World) -> Vec<String> {
    let rows = world.instance.rows("sys_connection", "active=true^ORDERBYorder").unwrap();
    rows.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn several_connections_are_active_in_the_declared_order_from_the_first_apply_to_the_destroy() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.hcl(&several(&["green", "blue"])).converges();
        assert_eq!(in_order(&world), ["orders-green", "orders-blue"]);
        world.hcl(&several(&["red", "blue"])).plan().ends_with(2).says("+ \"orders-green\"");
        assert_eq!(world.changes().addresses(), [POINTER]);
        world.converges();
        assert_eq!(in_order(&world), ["orders-red", "orders-blue"]);
        world.edit("http_connection", &world.id(GREEN), &json!({"active": "true"}));
        world.plan().ends_with(2).says("were switched outside Terraform");
        world.converges();
        world.forget(POINTER).ends_with(0);
        world.import(POINTER, "orders").ends_with(0);
        // What an import cannot know is what becomes of it on a destroy.
        world.apply().ends_with(0).says("0 added, 1 changed, 0 destroyed");
        world.plan_is_empty();
        assert_eq!(in_order(&world), ["orders-red", "orders-blue"]);
        world.destroy().ends_with(0);
        nothing_is_left(&world);
    }
}

#[test]
fn a_refused_switch_leads_back_to_the_old_connection() {
    // A request each, so that a fault meets the second one.
    let world = integration_with_blue(Terraform::V1_15, "none");
    let green = world.id(GREEN);
    world.hcl(&integration("green"));
    // Whatever is tried with green is refused; blue may be written.
    let body = json!({
        "error": {"message": "Operation Failed", "detail": "Operation against file 'http_connection' was aborted by \
                  Business Rule 'Change freeze^0f6ab99a0f36060094f3c09ce1050ee8'."},
        "status": "failure"
    });
    let kind = json!({"refused_before": {"status": 403, "body": body.to_string()}});
    let fault = json!({"at": 1, "times": 50, "method": "PATCH", "path_contains": green, "kind": kind});
    world.instance.fault(&fault).unwrap();
    let run = world
        .apply()
        .ends_with(1)
        .says("Change freeze")
        .says("activated again")
        .says("Now \"orders-blue\" is active");
    assert_eq!(run.errors(), 1, "{run}");
    assert_eq!(active(&world), ["orders-blue"]);
    world.api("DELETE", "/_sim/faults", &json!(null));
    world.converges();
    assert_eq!(active(&world), ["orders-green"]);
}

/// A second pointer of the same alias.
fn second_pointer(colour: &str) -> String {
    crate::orders::pointer(colour).replace(
        "\"servicenow_connection_activation\" \"orders\"",
        "\"servicenow_connection_activation\" \"second\"",
    )
}

#[test]
fn two_pointers_of_one_alias_are_an_error_in_the_plan_that_names_both() {
    for terraform in Terraform::ENDS {
        let world = integration_with_blue(terraform, "cascade");
        world.instance.forget_journal().unwrap();
        let both = [integration("blue"), second_pointer("green")].concat();
        let run = world
            .hcl(&both)
            .plan()
            .ends_with(1)
            .says("Two resources choose the active connection of \"orders\"");
        run.says("that chooses \"orders-blue\"").says("that chooses \"orders-green\"");
        assert_eq!(world.writes(), Vec::<String>::new());
        let same = [integration("blue"), second_pointer("blue")].concat();
        world.hcl(&same).plan().ends_with(2).says("They agree now");
    }
}

#[test]
fn two_pointers_whose_ids_are_not_known_yet_stop_before_the_second_one_writes() {
    let world = World::new(Terraform::V1_15);
    world.environment("SERVICENOW_ONE_ACTIVE_RULE", "cascade");
    let both = [integration("blue"), second_pointer("green")].concat();
    let run = world.plant("password", PASSWORD).hcl(&both).apply().ends_with(1);
    let run = run.says("Two resources choose the active connection of \"orders\"");
    assert_eq!(run.errors(), 1, "{run}");
    let switches = world.writes().into_iter().filter(|it| it.starts_with("PATCH http_connection")).count();
    assert_eq!(switches, 1, "one of them came first, and the other one wrote nothing");
}

#[test]
fn a_replaced_pointer_is_one_resource_that_is_planned_twice() {
    let world = integration_with_blue(Terraform::V1_15, "cascade");
    let replace = ["apply", "-input=false", "-no-color", "-auto-approve", "-replace", POINTER];
    world.hcl(&integration("blue")).run(&replace).ends_with(0).never_says("Two resources");
    assert_eq!(
        active(&world),
        ["orders-blue"],
        "what the new pointer chose, the old one does not switch off"
    );
    world.hcl(&integration("green")).run(&replace).ends_with(0).never_says("Two resources");
    // What is created first moves the pointer, and what is destroyed then switches off what it had chosen.
    world.converges();
    assert_eq!(active(&world), ["orders-green"]);
    let imported = format!("import {{\n  to = {POINTER}\n  id = \"orders\"\n}}\n");
    world.forget(POINTER).ends_with(0);
    world.hcl(&[imported, integration("green")].concat()).converges().never_says("Two resources");
    world
        .run(&["plan", "-input=false", "-no-color", "-refresh-only"])
        .ends_with(0)
        .never_says("Two resources");
}
