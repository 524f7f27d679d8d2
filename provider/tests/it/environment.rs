//! Many integrations switched as one: what the plan shows, what an apply does, and the way back when one cannot be
//! switched.

use std::collections::BTreeMap;

use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::world::stage::{STAGES, Stage, USUAL};
use crate::world::{World, config, errors, text, warnings};

pub const ENVIRONMENT: &str = "servicenow_environment";
const NAMES: [&str; 3] = ["invoices", "orders", "payments"];

/// Integrations with a live connection and one for trials each, and an environment of the live ones.
pub struct Landscape {
    pub world: World,
    stage: &'static Stage,
    /// By name: the integration, live, trial.
    pub ids: BTreeMap<String, [String; 3]>,
    pub state: State,
}

impl Landscape {
    pub async fn new(stage: &'static Stage, names: &[&str]) -> Landscape {
        let world = stage.world().await;
        let mut ids = BTreeMap::new();
        for name in names {
            let (group, members) = stage.by_hand(&world, name, &["live", "trial"]);
            ids.insert((*name).to_owned(), [group, members[0].clone(), members[1].clone()]);
        }
        stage.begins(&world);
        let mut it = Landscape { world, stage, ids, state: State::default() };
        it.state = it.world.put(ENVIRONMENT, None, &it.declared(1)).await;
        it
    }

    /// The configuration: 1 for live, 2 for trial.
    pub fn declared(&self, which: usize) -> Object {
        let choices = self.ids.values().map(|it| (it[0].clone(), text(&it[which]))).collect();
        let members = [("name", text("test")), ("connections", Value::Map(choices))];
        config(&self.world, ENVIRONMENT, &members)
    }

    pub async fn refreshed(&self) -> State {
        let (state, problems) = self.world.refresh(ENVIRONMENT, &self.state).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        state.unwrap()
    }

    fn active(&self) -> Vec<String> {
        let rows = self.world.rows(self.stage.table, "name");
        rows.into_iter().filter(|(_, row)| row["active"] == "true").map(|(name, _)| name).collect()
    }

    /// Every write to one connection is refused.
    pub fn freeze(&self, id: &str) {
        let refused = FaultKind::RefusedBefore { status: 403, body: self.stage.refusal() };
        self.world.simulator.fault(Fault::next(refused).on_method("PATCH").on_path(id).times(100));
    }

    fn winners(&self, state: &State) -> Vec<String> {
        let connections = state.object["connections"].as_object().unwrap().clone();
        self.ids.values().map(|it| connections[&it[0]].as_str().unwrap_or("none").to_owned()).collect()
    }
}

fn lines(value: &Value) -> Vec<(String, String)> {
    let map = value.as_object().unwrap();
    map.iter().map(|(name, it)| (name.clone(), it.as_str().unwrap().to_owned())).collect()
}

fn all_active(environment: &str) -> Vec<String> {
    NAMES.iter().map(|it| format!("{it} - {environment}")).collect()
}

#[tokio::test]
async fn the_plan_shows_from_and_to_and_the_apply_switches_all_under_every_rule() {
    for stage in STAGES {
        let rule = stage.label;
        let it = Landscape::new(stage, &NAMES).await;
        assert_eq!(it.active(), all_active("live"), "{rule}");
        let state = it.refreshed().await;
        let (planned, _, _) = it.world.plan(ENVIRONMENT, Some(&state), &it.declared(2)).await;
        let expected: Vec<(String, String)> =
            NAMES.iter().map(|it| ((*it).to_owned(), format!("{it} - live -> {it} - trial"))).collect();
        assert_eq!(lines(&planned["switches"]), expected, "{rule}");
        it.world.instants.lock().unwrap().clear();
        let state = it.world.put(ENVIRONMENT, Some(&state), &it.declared(2)).await;
        assert!(it.world.instants.lock().unwrap().iter().all(|it| *it <= 1), "{rule}: two were active");
        assert_eq!(it.active(), all_active("trial"), "{rule}");
        let before: Vec<(String, String)> = it
            .ids
            .values()
            .map(|it| (it[0].clone(), it[1].clone()))
            .collect::<BTreeMap<_, _>>()
            .into_iter()
            .collect();
        assert_eq!(lines(&state.object["previous"]), before, "{rule}: the way back is remembered");
        assert_eq!(
            it.world.drift(ENVIRONMENT, &state, &it.declared(2)).await,
            Vec::<String>::new(),
            "{rule}"
        );
    }
}

#[tokio::test]
async fn a_new_environment_says_what_it_will_switch() {
    for stage in USUAL {
        let it = Landscape::new(stage, &NAMES).await;
        let (planned, _, problems) = it.world.plan(ENVIRONMENT, None, &it.declared(2)).await;
        let [warning] = &warnings(&problems)[..] else { panic!("{problems:?}") };
        assert!(warning.contains("- orders: orders - live -> orders - trial"), "{warning}");
        assert!(planned["switches"].is_unknown(), "not promised: it may change until the apply");
        let state = it.world.put(ENVIRONMENT, None, &it.declared(2)).await;
        assert_eq!(lines(&state.object["switches"]).len(), NAMES.len());
        let (_, _, problems) = it.world.plan(ENVIRONMENT, None, &it.declared(2)).await;
        assert_eq!(warnings(&problems), Vec::<String>::new(), "nothing would be switched");
    }
}

#[tokio::test]
async fn what_was_switched_returns_when_one_cannot_be_switched() {
    for stage in STAGES {
        let rule = stage.label;
        let it = Landscape::new(stage, &NAMES).await;
        let state = it.refreshed().await;
        // Aliases are switched in the order of their ids.
        let last = it.ids.values().max_by_key(|it| it[0].clone()).unwrap().clone();
        it.freeze(&last[2]);
        let (left, problems) = it.world.apply(ENVIRONMENT, Some(&state), &it.declared(2)).await;
        let [problem] = &errors(&problems)[..] else { panic!("{rule}: {problems:?}") };
        for part in
            ["Could not switch the environment \"test\"", "Freeze", "and back to", "could not be switched"]
        {
            assert!(problem.contains(part), "{rule}: {part} is missing in {problem}");
        }
        assert_eq!(it.active(), all_active("live"), "{rule}");
        let expected: Vec<String> = it.ids.values().map(|it| it[1].clone()).collect();
        assert_eq!(it.winners(&left.unwrap()), expected, "{rule}");
        it.world.simulator.clear_faults();
        it.world.put(ENVIRONMENT, Some(&it.refreshed().await), &it.declared(2)).await;
        assert_eq!(it.active(), all_active("trial"), "{rule}");
    }
}

#[tokio::test]
async fn without_the_way_back_the_state_says_which_were_switched() {
    for stage in USUAL {
        let it = Landscape::new(stage, &NAMES).await;
        let state = it.refreshed().await;
        let last = it.ids.values().max_by_key(|it| it[0].clone()).unwrap().clone();
        it.freeze(&last[2]);
        let mut declared = it.declared(2);
        declared.insert("rollback".to_owned(), text("none"));
        let (left, problems) = it.world.apply(ENVIRONMENT, Some(&state), &declared).await;
        assert!(errors(&problems)[0].contains(": switched to "), "{problems:?}");
        let winners = it.winners(&left.unwrap());
        assert_eq!(winners.iter().filter(|winner| it.ids.values().any(|it| it[2] == **winner)).count(), 2);
        assert_eq!(it.active().iter().filter(|it| it.ends_with(" - trial")).count(), 2);
    }
}

#[tokio::test]
async fn everything_is_looked_at_before_anything_is_switched() {
    for stage in USUAL {
        let it = Landscape::new(stage, &NAMES).await;
        let orders = &it.ids["orders"];
        let writes = it.world.writes().len();
        let check = async |alias: &str, connection: &str, part: &str| {
            let mut declared = it.declared(2);
            let mut choices = declared["connections"].as_object().unwrap().clone();
            choices.insert(alias.to_owned(), text(connection));
            declared.insert("connections".to_owned(), Value::Map(choices));
            let (_, problems) = it.world.apply(ENVIRONMENT, Some(&it.refreshed().await), &declared).await;
            assert!(errors(&problems)[0].contains(part), "{part} is missing in {problems:?}");
        };
        check(&orders[0], &it.ids["invoices"][1], "connection of the").await;
        check("0123456789abcdef0123456789abcdef", &orders[1], "There is no connection alias").await;
        assert_eq!((it.active(), it.world.writes().len()), (all_active("live"), writes));
        if !stage.is_unifi() {
            let path = format!("/api/now/table/sys_alias/{}", orders[0]);
            it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"true"}"#);
            check(&orders[0], &orders[2], "may have several active ones").await;
            assert_eq!((it.active(), it.world.writes().len()), (all_active("live"), writes + 1));
        }
    }
}

#[tokio::test]
async fn two_that_claim_one_integration_conflict_in_the_plan() {
    for stage in USUAL {
        let it = Landscape::new(stage, &NAMES).await;
        it.world.plan(ENVIRONMENT, Some(&it.state), &it.declared(1)).await;
        let (_, _, problems) = it.world.plan_beside(ENVIRONMENT, None, &it.declared(1)).await;
        assert_eq!(errors(&problems).len(), NAMES.len(), "{problems:?}");
        assert!(errors(&problems)[0].contains("`servicenow_environment` \"test\""), "{problems:?}");
        let orders = &it.ids["orders"];
        it.world.plan(ENVIRONMENT, Some(&it.state), &it.declared(1)).await;
        let pointer = stage.pointer(&it.world, (&orders[0], text(&orders[1])), &[]);
        let (_, _, problems) = it.world.plan_beside(stage.pointer, None, &pointer).await;
        let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
        assert!(problem.contains("`servicenow_environment`") && problem.contains(stage.pointer), "{problem}");
    }
}

#[tokio::test]
async fn a_switch_by_hand_is_seen_and_healed() {
    for stage in USUAL {
        let it = Landscape::new(stage, &NAMES).await;
        stage.edit(&it.world, &it.ids["orders"][2], true);
        let (state, problems) = it.world.refresh(ENVIRONMENT, &it.state).await;
        let [warning] = &warnings(&problems)[..] else { panic!("{problems:?}") };
        assert!(warning.contains("\"orders - trial\" is active, last changed by admin"), "{warning}");
        let state = state.unwrap();
        let (planned, _, _) = it.world.plan(ENVIRONMENT, Some(&state), &it.declared(1)).await;
        assert_eq!(
            lines(&planned["switches"]),
            [("orders".to_owned(), "orders - trial -> orders - live".to_owned())]
        );
        // What was switched after the plan was made stops the apply.
        stage.edit(&it.world, &it.ids["invoices"][2], true);
        let (_, problems) = it.world.apply(ENVIRONMENT, Some(&state), &it.declared(1)).await;
        assert!(errors(&problems)[0].contains("since the plan was made"), "{problems:?}");
        it.world.put(ENVIRONMENT, Some(&it.refreshed().await), &it.declared(1)).await;
        assert_eq!(it.active(), all_active("live"));
    }
}

#[tokio::test]
async fn destroying_keeps_or_deactivates_as_declared() {
    for (on_destroy, left) in [("keep", all_active("live")), ("deactivate", Vec::new())] {
        for stage in USUAL {
            let it = Landscape::new(stage, &NAMES).await;
            let mut declared = it.declared(1);
            declared.insert("on_destroy".to_owned(), text(on_destroy));
            let state = it.world.put(ENVIRONMENT, Some(&it.refreshed().await), &declared).await;
            let said = warnings(&it.world.resource(ENVIRONMENT).plan_deletion(&state).await);
            assert_eq!(said.len(), usize::from(on_destroy == "deactivate"), "{said:?}");
            assert_eq!(it.world.delete(ENVIRONMENT, &state).await.0, None);
            assert_eq!(it.active(), left, "{on_destroy}");
        }
    }
}

#[tokio::test]
async fn it_imports_by_a_name_and_the_aliases() {
    for stage in USUAL {
        let it = Landscape::new(stage, &NAMES).await;
        let state = it.world.import(ENVIRONMENT, "test/orders,invoices, payments").await.unwrap();
        assert_eq!(it.world.drift(ENVIRONMENT, &state, &it.declared(1)).await, Vec::<String>::new());
        for id in ["test", "/orders", "test/"] {
            let problem = it.world.import(ENVIRONMENT, id).await.unwrap_err();
            assert!(errors(&problem)[0].contains("a slash, and the aliases"), "{id}");
        }
    }
}

#[tokio::test]
async fn a_refresh_takes_a_few_lists_however_many_integrations_there_are() {
    let names: Vec<String> = (0..60).map(|it| format!("integration-{it}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let it = Landscape::new(STAGES[0], &names).await;
    let before = it.world.requests().len();
    let state = it.refreshed().await;
    // Two lists of connections and two of aliases, each of fifty ids at most.
    assert_eq!(it.world.requests().len() - before, 4);
    let before = it.world.requests().len();
    assert_eq!(
        errors(&it.world.configure_with(&[("one_active_rule", text("cascade"))]).await),
        Vec::<String>::new()
    );
    let configuring = it.world.requests().len() - before;
    it.world.put(ENVIRONMENT, Some(&state), &it.declared(2)).await;
    let requests = it.world.requests().len() - before - configuring;
    assert_eq!(requests, 4 + 60 * 2 + 4, "a write and a look for each, and the lists before and after");
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_switch_leads_back_and_heals_on_the_next_apply() {
    let refused = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception"},"status":"failure"}"#;
    let kinds = [
        (FaultKind::RefusedBefore { status: 403, body: refused.to_owned() }, 1),
        (FaultKind::LostAfter, 1),
        (FaultKind::LostBefore, 10_000),
    ];
    let mut disturbed = 0;
    for stage in [STAGES[0], STAGES[1], STAGES[4]] {
        let rule = stage.label;
        let it = Landscape::new(stage, &NAMES[..2]).await;
        it.world.simulator.snapshot("moment").unwrap();
        for (kind, times) in kinds.clone() {
            for at in 1..40 {
                it.world.simulator.restore("moment").unwrap();
                it.world.simulator.clear_journal();
                stage.configure(&it.world, &[]).await;
                let state = it.refreshed().await;
                let label = format!("{rule}, {kind:?} at {at}, {times} times");
                stage.configure(&it.world, &[]).await;
                it.world.doubled.lock().unwrap().clear();
                it.world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
                let before = it.world.requests().len();
                let (left, problems) = it.world.apply(ENVIRONMENT, Some(&state), &it.declared(2)).await;
                it.world.simulator.clear_faults();
                let requests = it.world.requests().len() - before;
                assert!(it.world.doubled.lock().unwrap().is_empty(), "{label}: two were active");
                if problems.has_errors() {
                    disturbed += 1;
                } else if requests < at as usize {
                    break;
                }
                stage.configure(&it.world, &[]).await;
                let (state, _) = it.world.refresh(ENVIRONMENT, &left.unwrap()).await;
                it.world.put(ENVIRONMENT, state.as_ref(), &it.declared(2)).await;
                assert_eq!(it.active(), ["invoices - trial", "orders - trial"], "{label}");
                assert!(at < 39, "{label}: the loop does not end");
            }
        }
    }
    assert!(disturbed > 20, "the faults were met: {disturbed}");
}

#[tokio::test]
async fn aliases_and_integrations_of_an_application_are_switched_as_one() {
    let (native, unifi) = (STAGES[0], STAGES[3]);
    let world = unifi.world().await;
    // Two of the same name are told apart.
    let (alias, of_alias) = native.by_hand(&world, "orders", &["live", "trial"]);
    let (integration, of_integration) = unifi.by_hand(&world, "orders", &["live", "trial"]);
    let declared = |which: usize| {
        let choices =
            [(alias.clone(), text(&of_alias[which])), (integration.clone(), text(&of_integration[which]))];
        config(&world, ENVIRONMENT, &[("name", text("all")), ("connections", Value::Map(choices.into()))])
    };
    let state = world.put(ENVIRONMENT, None, &declared(0)).await;
    assert_eq!(
        (native.active(&world), unifi.active(&world)),
        (vec!["live".to_owned()], vec!["live".to_owned()])
    );
    let (state, _) = world.refresh(ENVIRONMENT, &state).await;
    let (planned, _, _) = world.plan(ENVIRONMENT, state.as_ref(), &declared(1)).await;
    let expected = [&alias, &integration]
        .map(|id| (format!("orders ({id})"), "orders - live -> orders - trial".to_owned()))
        .into_iter()
        .collect::<BTreeMap<_, _>>();
    assert_eq!(lines(&planned["switches"]).into_iter().collect::<BTreeMap<_, _>>(), expected);
    // One that cannot be switched takes the other one along, whatever tables they live in.
    let freeze = |stage: &Stage, id: &str| {
        let refused = FaultKind::RefusedBefore { status: 403, body: stage.refusal() };
        world.simulator.fault(Fault::next(refused).on_method("PATCH").on_path(id).times(100));
    };
    freeze(
        if alias > integration { native } else { unifi },
        if alias > integration { &of_alias[1] } else { &of_integration[1] },
    );
    let (left, problems) = world.apply(ENVIRONMENT, state.as_ref(), &declared(1)).await;
    assert!(errors(&problems)[0].contains("and back to"), "{problems:?}");
    assert_eq!(
        (native.active(&world), unifi.active(&world)),
        (vec!["live".to_owned()], vec!["live".to_owned()])
    );
    world.simulator.clear_faults();
    let (state, _) = world.refresh(ENVIRONMENT, &left.unwrap()).await;
    let state = world.put(ENVIRONMENT, state.as_ref(), &declared(1)).await;
    assert_eq!(
        (native.active(&world), unifi.active(&world)),
        (vec!["trial".to_owned()], vec!["trial".to_owned()])
    );
    assert_eq!(state.object["previous"], declared(0)["connections"]);
    assert_eq!(world.drift(ENVIRONMENT, &state, &declared(1)).await, Vec::<String>::new());
    let imported = world.import(ENVIRONMENT, &format!("all/{alias},{integration}")).await.unwrap();
    assert_eq!(world.drift(ENVIRONMENT, &imported, &declared(1)).await, Vec::<String>::new());
}
