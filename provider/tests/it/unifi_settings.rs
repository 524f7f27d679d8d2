//! What is not established of Unifi is a setting of the simulator: the pointer holds under each of them.

use servicenow_sim::{Fault, FaultKind};
use tf_core::Value;

use crate::world::stage::{STAGES, errors, warnings};
use crate::world::text;

/// Every setting of what Unifi does, with its values.
const SETTINGS: &[(&str, &[&str])] = &[
    ("unifi_integration_write", &["ignore", "reject", "cascade"]),
    ("unifi_delete_cascade", &["on", "off"]),
    ("unifi_move_cleanup", &["on", "off"]),
    ("unifi_inbound_user_unique", &["off", "process", "global"]),
    ("unifi_workflow", &["on", "off"]),
    ("unifi_environment_once", &["off", "on"]),
    ("password2_read", &["mask", "empty", "ciphertext"]),
    ("latency_ms", &["100"]),
];

/// Switches to and fro, drifts, heals and lets go under one setting.
async fn check(setting: &str, value: &str) {
    let (stage, at) = (STAGES[3], format!("{setting} = {value}"));
    let world = stage.world().await;
    let (group, ids) = stage.by_hand(&world, "orders", &["blue", "green", "red"]);
    world.simulator.set(setting, value).unwrap();
    let follows = (setting, value) != ("unifi_workflow", "off");
    let more = [("on_destroy", text("deactivate"))];
    let mut state =
        world.put(stage.pointer, None, &stage.pointer(&world, (&group, text(&ids[0])), &more)).await;
    for (index, colour) in [(1, "green"), (2, "red"), (0, "blue")] {
        let config = stage.pointer(&world, (&group, text(&ids[index])), &more);
        let (after, problems) = world.apply(stage.pointer, Some(&state), &config).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{at}");
        let told = warnings(&problems).iter().any(|it| it.contains("did not follow"));
        assert_eq!(told, !follows, "{at}: the integration's own flag is read back");
        state = after.unwrap();
        assert_eq!(stage.active(&world), [colour], "{at}");
        assert_eq!(state.object["integration_active"], Value::Bool(follows), "{at}");
        assert_eq!(world.drift(stage.pointer, &state, &config).await, Vec::<String>::new(), "{at}");
    }
    // Somebody switches by hand, and what Unifi made of it is healed.
    stage.edit(&world, &ids[1], true);
    let config = stage.pointer(&world, (&group, text(&ids[0])), &more);
    let (refreshed, _) = world.refresh(stage.pointer, &state).await;
    state = world.put(stage.pointer, refreshed.as_ref(), &config).await;
    assert_eq!(stage.active(&world), ["blue"], "{at}");
    assert_eq!(world.delete(stage.pointer, &state).await.0, None, "{at}");
    assert_eq!(stage.active(&world), Vec::<String>::new(), "{at}");
    let writes = world.writes().into_iter().filter(|it| it.contains("x_snd_eb_integration"));
    assert_eq!(writes.filter(|it| it.starts_with("PATCH")).count(), 0, "{at}: its flag is nobody's to write");
}

#[tokio::test]
async fn an_answer_that_gets_lost_and_a_limit_that_is_hit_change_nothing() {
    for kind in [
        FaultKind::LostAfter,
        FaultKind::LostBefore,
        FaultKind::Status { status: 429, retry_after_s: Some(2) },
    ] {
        let stage = STAGES[3];
        let world = stage.world().await;
        let (group, ids) = stage.by_hand(&world, "orders", &["blue", "green"]);
        let config = |to: &str| stage.pointer(&world, (&group, text(to)), &[]);
        let state = world.put(stage.pointer, None, &config(&ids[0])).await;
        world.simulator.fault(Fault::next(kind.clone()).on_method("PATCH"));
        world.put(stage.pointer, Some(&state), &config(&ids[1])).await;
        assert_eq!(stage.active(&world), ["green"], "{kind:?}");
        assert!(world.doubled.lock().unwrap().is_empty(), "{kind:?}: two were active");
    }
}

/// An instance is cloned over while the pointer chooses blue; the other one had green.
async fn check_clone(preserve: &[&str], cleanup: bool, left: &[&str]) {
    let (stage, at) = (STAGES[3], format!("clone, {preserve:?} stay, clean-up {cleanup}"));
    let world = stage.world().await;
    let (group, ids) = stage.by_hand(&world, "orders", &["blue", "green"]);
    stage.edit(&world, &ids[1], true);
    world.simulator.snapshot("other").unwrap();
    let config = stage.pointer(&world, (&group, text(&ids[0])), &[]);
    let state = world.put(stage.pointer, None, &config).await;
    let profile =
        serde_json::json!({"source": {"snapshot": "other"}, "preserve": preserve, "cleanup": cleanup});
    world.simulator.clone_over(&serde_json::from_value(profile).unwrap()).unwrap();
    assert_eq!(stage.active(&world), left, "{at}");
    stage.configure(&world, &[]).await;
    let (seen, problems) = world.refresh(stage.pointer, &state).await;
    assert_eq!(errors(&problems), Vec::<String>::new(), "{at}");
    let told = warnings(&problems).iter().any(|it| it.contains("switched outside Terraform"));
    assert_eq!(told, left != ["blue"], "{at}: what the clone brought is told");
    let healed = world.put(stage.pointer, seen.as_ref(), &config).await;
    assert_eq!(stage.active(&world), ["blue"], "{at}");
    assert_eq!(healed.object["integration_active"], Value::Bool(true), "{at}");
    assert_eq!(world.drift(stage.pointer, &healed, &config).await, Vec::<String>::new(), "{at}");
    assert!(world.doubled.lock().unwrap().is_empty(), "{at}: two were active");
}

#[tokio::test]
async fn a_clone_over_the_instance_is_told_and_healed_whatever_it_brings() {
    let connections = ["x_snd_eb_connection", "x_snd_eb_integration"];
    check_clone(&[], false, &["green"]).await;
    check_clone(&connections, false, &["blue"]).await;
    for preserve in [&[][..], &connections[..]] {
        check_clone(preserve, true, &[]).await;
    }
}

#[tokio::test]
async fn the_pointer_holds_under_every_setting() {
    for (setting, values) in SETTINGS {
        for value in *values {
            check(setting, value).await;
        }
    }
}
