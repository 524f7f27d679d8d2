//! Off and on in one request, where the instance is known to refuse a second active one; in two everywhere else.

use servicenow_sim::{Fault, FaultKind};
use tf_plugin::State;

use crate::activation::BlueGreen;
use crate::world::stage::{STAGES, Stage, errors};

/// An instance that refuses, that does nothing, and one that refuses and of which the provider is told so.
const REFUSES: &Stage = STAGES[1];
const NOTHING: &Stage = STAGES[2];
const TOLD: &Stage =
    &Stage { label: "native, told", told: Some(("one_active_rule", "refuse")), ..*STAGES[1] };

const BATCH: &str = "POST /api/now/batch";

/// A switch to one of the two in a run that goes on. Gives the state, the writes to the two connections with their colours,
/// and the errors.
async fn switch(it: &BlueGreen, state: &State, to: &str) -> (State, Vec<String>, Vec<String>) {
    let (state, _) = it.world.refresh(it.stage.pointer, state).await;
    let before = it.world.writes().len();
    let (after, problems) = it.world.apply(it.stage.pointer, state.as_ref(), &it.to(to)).await;
    let concerned = |write: &String| {
        write.starts_with(BATCH) || [&it.blue, &it.green].iter().any(|id| write.ends_with(id.as_str()))
    };
    let writes = it.world.writes().split_off(before).into_iter().filter(concerned);
    let table = format!("/api/now/table/{}/", it.stage.table);
    let short = |it: String, blue: &str, green: &str| {
        it.replace(&table, "").replace(blue, "blue").replace(green, "green")
    };
    let writes = writes.map(|write| short(write, &it.blue, &it.green)).collect();
    (after.unwrap(), writes, errors(&problems))
}

fn refused(stage: &Stage) -> FaultKind {
    FaultKind::RefusedBefore { status: 403, body: stage.refusal() }
}

#[tokio::test]
async fn a_second_one_that_is_refused_is_proof_and_both_writes_travel_in_one_request() {
    for stage in [REFUSES, TOLD] {
        let it = BlueGreen::new(stage).await;
        let (state, writes, problems) = switch(&it, &it.pointer, &it.green).await;
        assert_eq!((writes, problems), (vec![BATCH.to_owned()], vec![]), "{}", stage.label);
        assert_eq!(it.stage.active(&it.world), ["green"]);
        let (_, writes, _) = switch(&it, &state, &it.blue).await;
        assert_eq!((writes, it.stage.active(&it.world)), (vec![BATCH.to_owned()], vec!["blue".to_owned()]));
        assert!(it.world.doubled.lock().unwrap().is_empty(), "two were active");
        let rows = it.world.simulator.rows(stage.table).len();
        assert_eq!(rows, 2, "no trial record stays");
    }
}

#[tokio::test]
async fn a_record_that_is_refused_for_another_reason_proves_nothing() {
    for stage in [REFUSES, NOTHING] {
        let it = BlueGreen::new(stage).await;
        // The second record of the trial and whatever is tried after it, active or not.
        let fault =
            Fault::nth(2, refused(stage)).times(100).on_method("POST").on_path("table/http_connection");
        it.world.simulator.fault(fault);
        let (_, writes, problems) = switch(&it, &it.pointer, &it.green).await;
        assert_eq!((writes, problems), (vec!["PATCH blue".to_owned(), "PATCH green".to_owned()], vec![]));
        assert_eq!(it.stage.active(&it.world), ["green"], "{}", stage.label);
    }
}

#[tokio::test]
async fn where_several_writes_in_one_are_refused_each_has_its_own_and_none_is_tried_again() {
    for status in [403, 404] {
        let it = BlueGreen::new(REFUSES).await;
        let none = FaultKind::Status { status, retry_after_s: None };
        it.world.simulator.fault(Fault::next(none).times(100).on_path("/api/now/batch"));
        let (state, writes, problems) = switch(&it, &it.pointer, &it.green).await;
        assert_eq!(
            (writes, problems),
            (vec![BATCH.to_owned(), "PATCH blue".to_owned(), "PATCH green".to_owned()], vec![])
        );
        let (_, writes, _) = switch(&it, &state, &it.blue).await;
        assert_eq!(writes, ["PATCH green", "PATCH blue"]);
        assert_eq!(it.stage.active(&it.world), ["blue"]);
    }
}

/// A switch with one trouble: what is written after the parts, what is active in the end, and what the error says.
async fn check(trouble: &str, faults: Vec<Fault>, active: &str, said: &[&str]) {
    let it = BlueGreen::new(TOLD).await;
    let known = |fault: Fault| match fault.path_contains.as_deref() {
        Some("blue") => fault.on_path(&it.blue),
        Some("green") => fault.on_path(&it.green),
        _ => fault,
    };
    faults.into_iter().for_each(|fault| it.world.simulator.fault(known(fault)));
    let (state, writes, problems) = switch(&it, &it.pointer, &it.green).await;
    assert_eq!(problems.len(), usize::from(!said.is_empty()), "{trouble}: {problems:?}");
    for part in said {
        assert!(problems[0].contains(part), "{trouble}: {part} is missing in {problems:?}");
    }
    it.world.simulator.clear_faults();
    assert_eq!(
        it.stage.active(&it.world),
        Vec::from_iter(Some(active).filter(|it| !it.is_empty())),
        "{trouble}: {writes:?}"
    );
    assert!(it.world.doubled.lock().unwrap().is_empty(), "{trouble}: two were active");
    // Whatever it was, the next apply goes through.
    it.stage.configure(&it.world, &[]).await;
    let (_, _, problems) = switch(&it, &state, &it.green).await;
    assert_eq!((problems, it.stage.active(&it.world)), (vec![], vec!["green".to_owned()]), "{trouble}");
}

#[tokio::test]
async fn a_part_that_is_refused_leads_back_and_one_that_was_not_done_is_done() {
    let on = |colour: &str, kind| Fault::next(kind).on_method("PATCH").on_path(colour);
    let back =
        ["Freeze", "\"blue\" had been switched off for it and was activated again", "Now \"blue\" is active"];
    let rule = refused(TOLD);
    check("the new one is refused", vec![on("green", rule.clone())], "blue", &back).await;
    let nothing = ["Freeze", "Nothing had been switched off for it", "Now \"blue\" is active"];
    check("the old one is refused", vec![on("blue", rule.clone())], "blue", &nothing).await;
    // The answer to one part is lost, whether it was carried out or not, alone or with the whole answer.
    use FaultKind::{LostAfter, LostBefore, UnservicedAfter, UnservicedBefore};
    for kind in [LostAfter, LostBefore, UnservicedAfter, UnservicedBefore] {
        for colour in ["blue", "green"] {
            check(&format!("{kind:?} at {colour}"), vec![on(colour, kind.clone())], "green", &[]).await;
        }
    }
    let both = vec![on("green", rule.clone()), on("blue", rule).times(2)];
    let stays = ["Freeze", "\"blue\" is active"];
    check("both are refused", both, "blue", &stays).await;
}

#[tokio::test]
async fn an_answer_that_gets_lost_is_looked_up_and_what_was_done_counts() {
    let batch = |kind| Fault::next(kind).on_path("/api/now/batch");
    for kind in [FaultKind::LostAfter, FaultKind::LostBefore, FaultKind::TruncatedBody] {
        check(&format!("{kind:?}"), vec![batch(kind)], "green", &[]).await;
    }
    let busy = FaultKind::Status { status: 429, retry_after_s: Some(2) };
    check("too many requests", vec![batch(busy)], "green", &[]).await;
    // Nobody can look: nothing more is activated, because that could make two.
    let blind =
        |at| Fault::nth(at, FaultKind::LostBefore).times(10_000).on_method("GET").on_path("sys_connection");
    let lost = vec![batch(FaultKind::LostAfter), blind(6)];
    check("and nobody can look", lost, "green", &["its answer got lost", "could not be read"]).await;
}
