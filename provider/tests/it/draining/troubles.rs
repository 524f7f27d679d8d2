//! Whatever goes wrong after the pause: nothing of the old environment is sent by the new one, never two are active, and the
//! integration sends again or somebody is told that it does not.

use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Number, Value};

use super::{INTEGRATION, STAGE, Story, nothing};
use crate::world::stage::{errors, warnings};
use crate::world::text;

/// Requests that a switch may take at most; the loop ends when a fault is not met any more.
const REQUESTS_MAX: u32 = 60;

/// Every resuming is refused.
pub fn no_resuming(it: &Story) {
    let refused = FaultKind::RefusedBefore { status: 403, body: STAGE.refusal() };
    it.world.simulator.fault(Fault::nth(2, refused).times(100).on_method("PATCH").on_path(INTEGRATION));
}

fn kinds() -> [(FaultKind, u32); 3] {
    [
        (FaultKind::RefusedBefore { status: 403, body: STAGE.refusal() }, 10_000),
        (FaultKind::LostAfter, 1),
        (FaultKind::LostBefore, 10_000),
    ]
}

/// Messages come before, in and after the pause; those from before the pause must not go through green.
fn with_traffic(it: &Story) {
    let traffic = it.traffic.clone();
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/") {
            // Under its own name: whether it may go to the new one depends on whether it was held back.
            let held = if traffic.state() == "paused" { "held" } else { "sent" };
            traffic.comes(held);
        }
    });
}

/// What must be true after a switch, whatever became of it.
fn check(it: &Story, problems: &[String], label: &str) {
    assert!(it.world.doubled.lock().unwrap().is_empty(), "{label}: two were active");
    for way in it.ways().iter().filter(|it| it.starts_with("sent")) {
        assert!(!way.ends_with("green") || it.state_is_green(), "{label}: {way}");
    }
    if it.traffic.state() == "paused" {
        assert!(problems.iter().any(|it| it.contains("paused")), "{label}: paused in silence: {problems:?}");
    }
}

impl Story {
    fn state_is_green(&self) -> bool {
        STAGE.active(&self.world) == ["green"]
    }
}

#[tokio::test]
async fn a_failure_of_any_request_leaves_no_integration_paused_in_silence() {
    let story = Story::new(None).await;
    story.world.simulator.snapshot("moment").unwrap();
    let pause = requests_before_the_pause(&story).await;
    let mut disturbed = 0;
    for (kind, times) in kinds() {
        for at in pause..REQUESTS_MAX {
            assert!(at < REQUESTS_MAX - 1, "the loop does not end");
            let label = format!("{kind:?} at request {at}, {times} times");
            let mut it =
                Story { state: story.state.clone(), block: story.block.clone(), ..again(&story).await };
            with_traffic(&it);
            it.world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
            let (problems, _) = it.switch().await;
            let met = it.world.simulator.journal().to_string().contains("\"fault\":");
            it.world.simulator.clear_faults();
            check(&it, &problems, &label);
            if !problems.is_empty() {
                heals(&mut it, &label).await;
            }
            if !met {
                break;
            }
            disturbed += 1;
        }
    }
    assert!(disturbed > 20, "{disturbed}");
}

#[tokio::test]
async fn a_process_that_is_killed_at_any_request_is_told_of_by_the_next_one() {
    let story = Story::new(None).await;
    story.world.simulator.snapshot("moment").unwrap();
    let pause = requests_before_the_pause(&story).await;
    let mut left_paused = 0;
    // Before one request is after the one before.
    for at in u64::from(pause)..u64::from(REQUESTS_MAX) {
        assert!(at < u64::from(REQUESTS_MAX) - 1, "the loop does not end");
        let label = format!("killed after request {at}");
        let mut it = Story { state: story.state.clone(), block: story.block.clone(), ..again(&story).await };
        with_traffic(&it);
        let config = it.to(&it.green);
        let outcome =
            it.world.killed_at(at, true, it.world.apply(STAGE.pointer, it.state.as_ref(), &config)).await;
        check(&it, &["paused, as a killed process cannot say".to_owned()], &label);
        STAGE.configure(&it.world, &[]).await;
        let (state, said) = it.world.refresh(STAGE.pointer, it.state.as_ref().unwrap()).await;
        let is_paused = it.traffic.state() == "paused";
        let told = warnings(&said).iter().any(|it| it.contains("\"orders\" is paused"));
        assert_eq!(told, is_paused, "{label}: {said:?}");
        left_paused += usize::from(is_paused);
        it.state = state;
        heals(&mut it, &label).await;
        if outcome.is_some() {
            break;
        }
    }
    assert!(left_paused > 2, "{left_paused}");
}

/// How many requests a switch sends until it pauses: what goes wrong before leaves nothing behind, which the loops over all
/// requests of the pointer show.
async fn requests_before_the_pause(story: &Story) -> u32 {
    let mut it = Story { state: story.state.clone(), block: story.block.clone(), ..again(story).await };
    assert_eq!(it.switch().await, nothing());
    let requests = it.world.requests();
    let pause = requests.iter().position(|it| it.starts_with("PATCH") && it.contains(INTEGRATION)).unwrap();
    u32::try_from(pause).unwrap()
}

/// The moment before the switch, in a new process.
async fn again(story: &Story) -> Story {
    story.world.simulator.clear_faults();
    story.world.simulator.restore("moment").unwrap();
    story.world.simulator.clear_journal();
    let world = crate::world::World::over(story.world.simulator.clone());
    STAGE.configure(&world, &[]).await;
    Story {
        world,
        traffic: story.traffic.clone(),
        blue: story.blue.clone(),
        green: story.green.clone(),
        state: None,
        block: Value::Null,
    }
}

/// Somebody resumes it, where that was left to them, and the next apply ends as declared.
async fn heals(it: &mut Story, label: &str) {
    it.world.meanwhile(|_| {});
    STAGE.configure(&it.world, &[]).await;
    if it.traffic.state() == "paused" {
        it.traffic.integration_becomes("active");
    }
    it.state = match it.state.take() {
        Some(state) => it.world.refresh(STAGE.pointer, &state).await.0,
        None => None,
    };
    let (problems, _) = it.switch().await;
    assert_eq!(problems, Vec::<String>::new(), "{label}");
    assert_eq!(
        (STAGE.active(&it.world), it.traffic.state().as_str()),
        (vec!["green".to_owned()], "active"),
        "{label}"
    );
}

#[tokio::test]
async fn a_resume_that_is_refused_keeps_the_switch_and_says_how_to_resume() {
    let mut it = Story::new(None).await;
    no_resuming(&it);
    let (problems, _) = it.switch().await;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    for part in ["may still be paused", "resuming it failed", "set its state back to `active`", INTEGRATION] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert_eq!((STAGE.active(&it.world), it.traffic.state().as_str()), (vec!["green".to_owned()], "paused"));
    let state = it.state.as_ref().unwrap();
    assert_eq!(state.object["connection_id"], text(&it.green), "the state says what is");
}

#[tokio::test]
async fn a_switch_that_is_refused_resumes_and_what_came_in_the_pause_goes_to_the_old_one() {
    let mut it = Story::new(None).await;
    let refused = FaultKind::RefusedBefore { status: 403, body: STAGE.refusal() };
    it.world.simulator.fault(Fault::next(refused).times(100).on_method("PATCH").on_path(&it.green.clone()));
    let (traffic, mut has_come) = (it.traffic.clone(), false);
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/x_snd_eb_connection") && !has_come {
            has_come = true;
            traffic.comes("late");
        }
    });
    let (problems, _) = it.switch().await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!((STAGE.active(&it.world), it.traffic.state().as_str()), (vec!["blue".to_owned()], "active"));
    assert_eq!(it.ways(), ["late complete blue"]);
}

#[tokio::test]
async fn a_connection_that_does_not_answer_afterwards_gives_way_before_anything_is_sent_through_it() {
    let mut it = Story::new(None).await;
    let operation = "/api/x_acme/verify";
    let verify = [
        ("method", Value::Null),
        ("path", Value::Null),
        ("expect_status", Value::Null),
        ("timeout_seconds", Value::Number(Number::from(5_i64))),
        ("vantage", text("instance")),
        ("endpoint_path", text(operation)),
    ];
    let verify = Value::Map(verify.map(|(name, it)| (name.to_owned(), it)).into());
    let fine = FaultKind::Answer { status: 200, headers: [].into(), body: r#"{"result":{}}"#.to_owned() };
    let broken = FaultKind::Answer { status: 502, headers: [].into(), body: r#"{"error":{}}"#.to_owned() };
    it.world.simulator.fault(Fault::next(fine).on_path(operation));
    it.world.simulator.fault(Fault::nth(1, broken).times(100).on_path(operation));
    let (traffic, mut has_come) = (it.traffic.clone(), false);
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/x_snd_eb_connection") && !has_come {
            has_come = true;
            traffic.comes("late");
        }
    });
    let mut config = it.to(&it.green);
    config.insert("verify".to_owned(), verify);
    let (state, problems) = it.world.apply(STAGE.pointer, it.state.as_ref(), &config).await;
    it.state = state;
    let told = errors(&problems);
    assert!(told.len() == 1 && told[0].contains("was activated again"), "{told:?}");
    assert_eq!((STAGE.active(&it.world), it.traffic.state().as_str()), (vec!["blue".to_owned()], "active"));
    assert_eq!(it.ways(), ["late complete blue"]);
}

#[tokio::test]
async fn somebody_who_switches_while_it_waits_stops_the_switch() {
    let mut it = Story::new(None).await;
    let environment = it.world.rows("x_snd_eb_environment", "name")["red"]["sys_id"].clone();
    let body = format!(r#"{{"integration":"{}","environment":"{environment}"}}"#, it.traffic.integration);
    let answer = it.world.hand(Method::Post, "/api/now/table/x_snd_eb_connection", &body);
    let red: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
    let red = red["result"]["sys_id"].as_str().unwrap().to_owned();
    it.world.simulator.set("unifi_sending", "slow").unwrap();
    it.traffic.comes("one");
    let traffic = it.traffic.clone();
    it.world.meanwhile(move |what| {
        if what == "wait" {
            traffic.ask(Method::Patch, &format!("x_snd_eb_connection/{red}"), r#"{"active":"true"}"#);
            traffic.ends();
        }
    });
    let (problems, _) = it.switch().await;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(problem.contains("was switched since the plan was made"), "{problem}");
    assert_eq!((STAGE.active(&it.world), it.traffic.state().as_str()), (vec!["red".to_owned()], "active"));
    it.world.meanwhile(|_| {});
    it.state = it.world.refresh(STAGE.pointer, it.state.as_ref().unwrap()).await.0;
    assert_eq!(it.switch().await, nothing());
}
