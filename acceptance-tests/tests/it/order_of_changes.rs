//! The order in which Terraform changes pointer and members, and what that means for the integration.

use acceptance_tests::{Terraform, Watch, World};

use crate::orders::{ALIAS, PASSWORD, active, beginning, connection, nothing_is_left, pointer};

/// Applies `before`, then `after`, and fails the test when a moment of the second had none or two active.
#[track_caller]
fn is_never_dark(before: &str, after: &str, finally: &str) {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(before).converges();
    let alias = world.id(ALIAS);
    let (run, seen) = Watch::during(&world.instance, &alias, || world.hcl(after).apply());
    run.ends_with(0);
    assert!(seen.looks > 0 && seen.counts.iter().all(|count| *count == 1), "{seen:?}");
    assert_eq!(active(&world), [finally]);
    world.plan_is_empty();
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn the_old_member_goes_after_the_pointer_has_moved_to_an_existing_one() {
    let before = [beginning(1), connection("blue"), connection("green"), pointer("blue")].concat();
    let after = [beginning(1), connection("green"), pointer("green")].concat();
    is_never_dark(&before, &after, "orders-green");
}

#[test]
fn the_old_member_goes_after_the_pointer_has_moved_to_a_new_one() {
    let before = [beginning(1), connection("blue"), pointer("blue")].concat();
    let after = [beginning(1), connection("green"), pointer("green")].concat();
    is_never_dark(&before, &after, "orders-green");
}

#[test]
fn a_member_changed_in_place_while_the_pointer_moves_is_no_interruption() {
    let before = [beginning(1), connection("blue"), connection("green"), pointer("blue")].concat();
    let after = before
        .replace("https://blue", "https://changed-blue")
        .replace("https://green", "https://changed-green")
        .replace("connection.blue.id", "connection.green.id");
    is_never_dark(&before, &after, "orders-green");
}

#[test]
fn a_removed_block_leaves_the_instance_as_it_is() {
    let world = World::new(Terraform::V1_15);
    let members = [beginning(1), connection("blue")].concat();
    world.plant("password", PASSWORD).hcl(&(members.clone() + &pointer("blue"))).converges();
    world.instance.forget_journal().unwrap();
    let removed = "removed {\n  from = servicenow_connection_activation.orders\n  lifecycle {\n    destroy = false\n  }\n}\n";
    world.hcl(&(members + removed)).converges();
    assert_eq!((active(&world), world.writes()), (vec!["orders-blue".to_owned()], Vec::new()));
}
