//! The orders in which Terraform changes pointer and members, and what each means for the integration: it goes well, or it
//! is refused with nothing changed. Never is there a moment without an active connection.

use acceptance_tests::{Run, Terraform, Watch, World};

use crate::orders::{ALIAS, PASSWORD, active, beginning, connection, integration, nothing_is_left, pointer};

const CREATE_FIRST: &str = "\n  lifecycle {\n    create_before_destroy = true\n  }\n";

/// A world in which `before` is applied, on an instance that cascades.
#[track_caller]
fn world_with(before: &str) -> World {
    let world = World::new(Terraform::V1_15);
    // The instance is not asked, so that the journal holds nothing but the change.
    world.environment("SERVICENOW_ONE_ACTIVE_RULE", "cascade");
    world.plant("password", PASSWORD).hcl(before).converges();
    assert_eq!(active(&world), ["orders-blue"]);
    world.instance.forget_journal().unwrap();
    world
}

/// Runs Terraform and fails the test when one look of many did not find exactly one active connection.
#[track_caller]
fn never_dark(world: &World, work: impl FnOnce() -> Run) -> Run {
    let alias = world.id(ALIAS);
    let (run, seen) = Watch::during(&world.instance, &alias, work);
    assert!(seen.looks > 0 && seen.counts.iter().all(|count| *count == 1), "{seen:?}\n{run}");
    run
}

/// The writes to connections since the journal was forgotten: the method, with the name for which the id stands.
fn journal(world: &World, names: &[(&str, &str)]) -> Vec<String> {
    let journal = world.instance.journal().unwrap();
    let writes = journal.iter().filter(|it| it.is_write() && it.path.contains("http_connection"));
    let line = |method: &str, path: &str| match names.iter().find(|(id, _)| path.contains(id)) {
        Some((_, name)) => format!("{method} {name}"),
        None => method.to_owned(),
    };
    writes.map(|it| line(&it.method, &it.path)).collect()
}

/// Applies what is safe: the journal is as expected, `finally` is active, and everything can be destroyed.
#[track_caller]
fn is_safe(before: &str, after: &str, expected: &[&str], finally: &str) {
    let world = world_with(before);
    let (blue, green) = (id(&world, "orders-blue"), id(&world, "orders-green"));
    never_dark(&world, || world.hcl(after).apply()).ends_with(0);
    assert_eq!(journal(&world, &[(&blue, "blue"), (&green, "green")]), expected);
    assert_eq!(active(&world), [finally]);
    world.plan_is_empty();
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

/// The id of the connection of that name; of none, something that is in no path.
fn id(world: &World, name: &str) -> String {
    let rows = world.instance.rows("http_connection", &format!("name={name}")).unwrap();
    let id = rows.first().and_then(|it| it.get("sys_id")?.as_str().map(str::to_owned));
    id.unwrap_or_else(|| format!("no {name}"))
}

/// Applies what would go dark: the plan warns, the apply is refused with the way out, and the old one stays active.
/// `created` are the writes that Terraform made before it came to the deletion.
#[track_caller]
fn is_refused(world: &World, created: &[&str], work: impl Fn() -> Run) {
    stays(world, created, work).says("is to be deleted");
}

/// Applies what would go dark: it is refused with the way out, and the old one stays active.
#[track_caller]
fn stays(world: &World, created: &[&str], work: impl Fn() -> Run) -> Run {
    let run = never_dark(world, work).ends_with(1);
    assert_eq!(run.errors(), 1, "{run}");
    let told = ["Could not delete the HTTP connection \"orders-blue\""];
    let remedies = ["create_before_destroy = true", "on_destroy = \"deactivate\"", "on_active_destroy"];
    let run = told.iter().chain(&remedies).fold(run, |run, it| run.says(it));
    assert_eq!(journal(world, &[]), created);
    assert_eq!(active(world), ["orders-blue"]);
    run
}

fn without_lifecycle(pointer: &str) -> String {
    pointer.replace(CREATE_FIRST, "")
}

#[test]
fn order_1_an_old_member_removed_for_an_existing_one_is_refused_without_the_lifecycle() {
    let world = world_with(&without_lifecycle(&integration("blue")));
    let after = [beginning(1), connection("green"), without_lifecycle(&pointer("green"))].concat();
    is_refused(&world, &[], || world.hcl(&after).apply());
    // The way out that the message names: both stay declared until the pointer has moved.
    world.hcl(&integration("green")).converges();
    world.hcl(&[beginning(1), connection("green"), pointer("green")].concat()).converges();
    assert_eq!(active(&world), ["orders-green"]);
}

#[test]
fn order_2_an_old_member_removed_for_a_new_one_is_refused_without_the_lifecycle() {
    let world = world_with(&[beginning(1), connection("blue"), without_lifecycle(&pointer("blue"))].concat());
    let after = [beginning(1), connection("green"), without_lifecycle(&pointer("green"))].concat();
    is_refused(&world, &["POST"], || world.hcl(&after).apply());
}

/// The members as instances of one resource.
fn for_each(keys: &str, active: &str) -> String {
    let members = connection("each")
        .replace("{\n  name ", &format!("{{\n  for_each = toset([{keys}])\n  name "))
        .replace("orders-each", "orders-${each.key}")
        .replace("https://each.", "https://${each.key}.");
    let pointer = pointer(active)
        .replace(&format!("connection.{active}.id"), &format!("connection.each[\"{active}\"].id"));
    [beginning(1), members, pointer].concat()
}

#[test]
fn order_3_a_removed_key_is_refused_without_the_lifecycle_and_safe_with_it() {
    let both = "\"blue\", \"green\"";
    let world = world_with(&without_lifecycle(&for_each(both, "blue")));
    let after = without_lifecycle(&for_each("\"green\"", "green"));
    is_refused(&world, &[], || world.hcl(&after).apply());
    let (before, after) = (for_each(both, "blue"), for_each("\"green\"", "green"));
    is_safe(&before, &after, &["PATCH green", "DELETE blue"], "orders-green");
}

/// Blue under another name: names are unique, so that a replacement that is created first needs one.
fn renamed(text: &str) -> String {
    text.replace("\"orders-blue\"", "\"orders-blue-2\"")
}

const REPLACE: &[&str] =
    &["apply", "-input=false", "-no-color", "-auto-approve", "-replace=servicenow_http_connection.blue"];

#[test]
fn order_4_a_replaced_member_is_refused() {
    let world = world_with(&without_lifecycle(&integration("blue")));
    // A replacement that a person asks for is planned twice, and Terraform shows no warnings of the second plan, the only one
    // that knows of it: what is seen in the plan is that the pointer moves.
    let plan = ["plan", "-input=false", "-no-color", "-replace=servicenow_http_connection.blue"];
    world.run(&plan).ends_with(0).says("will be replaced, as requested").says("+ \"orders-blue\"");
    stays(&world, &[], || world.run(REPLACE));
}

#[test]
fn order_5_a_replaced_member_that_is_created_first_is_safe() {
    let before = without_lifecycle(&integration("blue")).replace(
        "\"https://blue.orders.example.com\"\n",
        &format!("\"https://blue.orders.example.com\"\n{CREATE_FIRST}"),
    );
    let world = world_with(&before);
    let old = id(&world, "orders-blue");
    never_dark(&world, || world.hcl(&renamed(&before)).run(REPLACE)).ends_with(0);
    let new = id(&world, "orders-blue-2");
    assert_eq!(journal(&world, &[(&old, "old"), (&new, "new")]), ["POST", "PATCH new", "DELETE old"]);
    assert_eq!(active(&world), ["orders-blue-2"]);
}

#[test]
fn order_6_the_lifecycle_of_the_pointer_alone_lets_the_old_member_go_last() {
    let after = [beginning(1), connection("green"), pointer("green")].concat();
    is_safe(&integration("blue"), &after, &["PATCH green", "DELETE blue"], "orders-green");
}

#[test]
fn order_7_a_removed_block_and_a_new_member_are_safe_with_it() {
    let before = [beginning(1), connection("blue"), pointer("blue")].concat();
    let removed =
        "removed {\n  from = servicenow_http_connection.blue\n  lifecycle {\n    destroy = true\n  }\n}\n";
    let after = [beginning(1), connection("green"), pointer("green"), removed.to_owned()].concat();
    is_safe(&before, &after, &["POST", "PATCH", "DELETE blue"], "orders-green");
}

#[test]
fn order_8_a_pointer_that_deactivates_goes_first_and_one_that_keeps_is_refused() {
    let world = world_with(&integration("blue"));
    let blue = id(&world, "orders-blue");
    let run = world.destroy().ends_with(0).says("The connection alias \"orders\" goes dark");
    assert_eq!(run.errors(), 0, "{run}");
    assert_eq!(journal(&world, &[(&blue, "blue")])[..1], ["PATCH blue"]);
    nothing_is_left(&world);
    let world = world_with(&integration("blue").replace("\"deactivate\"", "\"keep\""));
    let green = id(&world, "orders-green");
    world.destroy().ends_with(1).says("Could not delete the HTTP connection \"orders-blue\"");
    assert_eq!(journal(&world, &[(&green, "green")]), ["DELETE green"]);
    assert_eq!(active(&world), ["orders-blue"]);
}

#[test]
fn order_9_members_changed_in_place_while_the_pointer_moves_are_safe() {
    let before = integration("blue");
    let after = before
        .replace("https://blue", "https://changed-blue")
        .replace("https://green", "https://changed-green")
        .replace("connection.blue.id", "connection.green.id");
    let world = world_with(&before);
    let (blue, green) = (id(&world, "orders-blue"), id(&world, "orders-green"));
    never_dark(&world, || world.hcl(&after).apply()).ends_with(0);
    let mut writes = journal(&world, &[(&blue, "blue"), (&green, "green")]);
    assert_eq!(writes.pop().as_deref(), Some("PATCH green"), "the switch comes last");
    writes.sort();
    assert_eq!(writes, ["PATCH blue", "PATCH green"]);
    assert_eq!(active(&world), ["orders-green"]);
}

#[test]
fn an_active_member_is_deleted_where_somebody_asked_for_it() {
    let asked = connection("blue").replacen(
        "name ",
        "active = true\n  on_active_destroy = \"deactivate\"\n  name ",
        1,
    );
    let world = world_with(&[beginning(1), asked].concat());
    let blue = id(&world, "orders-blue");
    world.hcl(&beginning(1)).plan().ends_with(2).says("is to be deleted").says("switched off and deleted");
    world.apply().ends_with(0);
    assert_eq!(journal(&world, &[(&blue, "blue")]), ["PATCH blue", "DELETE blue"]);
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn a_removed_block_leaves_the_instance_as_it_is() {
    let members = [beginning(1), connection("blue")].concat();
    let world = world_with(&(members.clone() + &pointer("blue")));
    let removed = "removed {\n  from = servicenow_connection_activation.orders\n  lifecycle {\n    destroy = false\n  }\n}\n";
    world.hcl(&(members + removed)).converges();
    assert_eq!((active(&world), world.writes()), (vec!["orders-blue".to_owned()], Vec::new()));
}
