//! Which connection is active: switching, healing, adopting, and what the instance sees of it.

use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::world::stage::{STAGES, Stage, UNRULED, USUAL, errors, id, warnings};
use crate::world::{World, attribute, text};

/// A group with two connections, and a pointer to the first.
pub struct BlueGreen {
    pub world: World,
    pub stage: &'static Stage,
    pub group: String,
    pub blue: String,
    pub green: String,
    config: Object,
    pub pointer: State,
}

impl BlueGreen {
    pub async fn new(stage: &'static Stage) -> BlueGreen {
        let world = stage.world().await;
        let group = id(&stage.new_group(&world, "orders").await);
        let blue = id(&stage.new_member(&world, ("orders", &group), "blue").await);
        let green = id(&stage.new_member(&world, ("orders", &group), "green").await);
        stage.begins(&world);
        let config = stage.pointer(&world, (&group, text(&blue)), &[]);
        let pointer = world.put(stage.pointer, None, &config).await;
        BlueGreen { world, stage, group, blue, green, config, pointer }
    }

    fn active(&self) -> Vec<String> {
        self.stage.active(&self.world)
    }

    pub fn to(&self, id: &str) -> Object {
        let mut config = self.config.clone();
        config.insert("connection_id".to_owned(), text(id));
        config
    }

    pub fn by_hand(&self, id: &str, active: bool) {
        self.stage.edit(&self.world, id, active);
    }

    async fn put(&self, state: &State, config: &Object) -> State {
        self.world.put(self.stage.pointer, Some(state), config).await
    }

    async fn drift(&self, state: &State, config: &Object) -> Vec<String> {
        self.world.drift(self.stage.pointer, state, config).await
    }

    async fn refreshed(&self) -> State {
        let (state, problems) = self.world.refresh(self.stage.pointer, &self.pointer).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{}", self.stage.label);
        state.unwrap()
    }
}

fn names(value: &Value) -> Vec<String> {
    let short = |it: &Value| it.as_str().unwrap().rsplit(" - ").next().unwrap().to_owned();
    value.as_elements().unwrap().iter().map(short).collect()
}

#[tokio::test]
async fn a_switch_makes_exactly_the_declared_one_active_under_every_rule() {
    for stage in STAGES {
        let (it, rule) = (BlueGreen::new(stage).await, stage.label);
        assert_eq!(it.active(), ["blue"], "{rule}");
        assert_eq!(it.drift(&it.pointer, &it.config).await, Vec::<String>::new(), "{rule}");
        let pointer = it.refreshed().await;
        let (planned, _, _) = it.world.plan(it.stage.pointer, Some(&pointer), &it.to(&it.green)).await;
        assert_eq!(names(&planned["deactivates"]), ["blue"], "{rule}: the plan shows the collateral");
        let pointer = it.put(&pointer, &it.to(&it.green)).await;
        assert_eq!(it.active(), ["green"], "{rule}");
        assert_eq!(it.world.simulator.rows(stage.table).len(), 2, "{rule}: no trial record stays");
        assert_eq!(it.drift(&pointer, &it.to(&it.green)).await, Vec::<String>::new(), "{rule}");
    }
}

#[tokio::test]
async fn never_two_are_active_and_where_the_instance_cascades_never_none() {
    for stage in STAGES {
        let (it, rule) = (BlueGreen::new(stage).await, stage.label);
        let refuses = stage.rule.1 == "refuse";
        let before = it.world.writes().len();
        it.world.instants.lock().unwrap().clear();
        it.put(&it.refreshed().await, &it.to(&it.green)).await;
        let instants = it.world.instants.lock().unwrap().clone();
        assert!(instants.iter().all(|it| *it <= 1), "{rule}: two were active: {instants:?}");
        assert_eq!(instants.contains(&0), !stage.cascades && !refuses, "{rule}: {instants:?}");
        let concerned = |it: &String| it.starts_with("PATCH") || it.ends_with("/batch");
        let writes: Vec<String> = it.world.writes().split_off(before).into_iter().filter(concerned).collect();
        let patch = |id: &str| stage.patch(id);
        // Off before on, except where the one write does both, and in one request where two are refused.
        let expected = match (stage.cascades, refuses) {
            (true, _) => vec![patch(&it.green)],
            (false, true) => vec!["POST /api/now/batch".to_owned()],
            (false, false) => vec![patch(&it.blue), patch(&it.green)],
        };
        assert_eq!(writes, expected, "{rule}");
    }
}

#[tokio::test]
async fn the_instance_is_asked_once_for_all_switches_of_a_run() {
    for stage in USUAL {
        let it = BlueGreen::new(stage).await;
        let pointer = it.put(&it.refreshed().await, &it.to(&it.green)).await;
        let before = it.world.writes().len();
        let (pointer, _) = it.world.refresh(it.stage.pointer, &pointer).await;
        it.world.put(it.stage.pointer, pointer.as_ref(), &it.to(&it.blue)).await;
        assert_eq!(it.world.writes().split_off(before), [stage.patch(&it.blue)]);
    }
}

#[tokio::test]
async fn a_switch_by_hand_is_seen_with_who_and_is_healed() {
    for stage in STAGES {
        let (it, rule) = (BlueGreen::new(stage).await, stage.label);
        if !stage.cascades {
            it.by_hand(&it.blue, false);
        }
        it.by_hand(&it.green, true);
        let (state, problems) = it.world.refresh(it.stage.pointer, &it.pointer).await;
        let state = state.unwrap();
        let [warning] = &warnings(&problems)[..] else { panic!("{problems:?}") };
        for part in ["\"orders\"", "\"blue\"", "\"green\" is active, last changed by admin at "] {
            assert!(warning.contains(part), "{part} is missing in {warning}");
        }
        assert_eq!(attribute(&state, "connection_id"), it.green);
        it.put(&state, &it.config).await;
        assert_eq!(it.active(), ["blue"], "{rule}");
    }
}

#[tokio::test]
async fn none_and_two_active_are_seen_and_healed() {
    for stage in UNRULED {
        let it = BlueGreen::new(stage).await;
        it.by_hand(&it.blue, false);
        let state = it.refreshed().await;
        assert_eq!(state.object["connection_id"], Value::Null);
        it.put(&state, &it.config).await;
        assert_eq!(it.active(), ["blue"]);
        it.by_hand(&it.green, true);
        let state = it.refreshed().await;
        let (planned, _, _) = it.world.plan(it.stage.pointer, Some(&state), &it.config).await;
        assert_eq!(names(&planned["deactivates"]), ["green"]);
        it.put(&state, &it.config).await;
        assert_eq!(it.active(), ["blue"]);
    }
}

#[tokio::test]
async fn a_new_one_that_is_refused_leads_back_to_the_old_one() {
    for stage in STAGES.into_iter().filter(|it| !it.cascades) {
        let (it, rule) = (BlueGreen::new(stage).await, stage.label);
        let refused = FaultKind::RefusedBefore { status: 403, body: stage.refusal() };
        it.world.simulator.fault(Fault::next(refused).on_method("PATCH").on_path(&it.green));
        let pointer = it.refreshed().await;
        let (state, problems) = it.world.apply(it.stage.pointer, Some(&pointer), &it.to(&it.green)).await;
        let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
        for part in [
            "to \"green\"",
            "Freeze",
            "\"blue\" had been switched off for it and was activated again",
            "Now \"blue\" is active",
        ] {
            assert!(problem.contains(part), "{rule}: {part} is missing in {problem}");
        }
        assert_eq!(it.active(), ["blue"], "{rule}");
        assert_eq!(attribute(&state.unwrap(), "connection_id"), it.blue);
    }
}

#[tokio::test]
async fn an_activation_that_is_dropped_without_a_word_leads_back_to_the_old_one() {
    for stage in STAGES {
        let (it, rule) = (BlueGreen::new(stage).await, stage.label);
        // What a missing access right to the column looks like: the write is answered with the row as it was.
        let body = format!(r#"{{"result":{{"sys_id":"{}","active":"false"}}}}"#, it.green);
        let dropped = FaultKind::RefusedBefore { status: 200, body };
        it.world.simulator.fault(Fault::next(dropped).on_method("PATCH").on_path(&it.green));
        let pointer = it.refreshed().await;
        let (state, problems) = it.world.apply(it.stage.pointer, Some(&pointer), &it.to(&it.green)).await;
        let [problem] = &errors(&problems)[..] else { panic!("{rule}: {problems:?}") };
        for part in ["to \"green\"", "`active`", "Now \"blue\" is active", "connection_admin"] {
            assert!(problem.contains(part), "{rule}: {part} is missing in {problem}");
        }
        assert_eq!(it.active(), ["blue"], "{rule}");
        assert_eq!(attribute(&state.unwrap(), "connection_id"), it.blue);
    }
}

#[tokio::test]
async fn a_connection_of_another_alias_is_refused_before_any_write() {
    for stage in USUAL {
        let it = BlueGreen::new(stage).await;
        let other = id(&stage.new_group(&it.world, "other").await);
        let config = stage.pointer(&it.world, (&other, text(&it.blue)), &[]);
        let writes = it.world.writes().len();
        let (state, problems) = it.world.apply(it.stage.pointer, None, &config).await;
        assert!(state.is_none() && errors(&problems)[0].contains("Nothing was changed"), "{problems:?}");
        assert_eq!((it.world.writes().len(), it.active()), (writes, vec!["blue".to_owned()]));
    }
}

#[tokio::test]
async fn an_alias_that_allows_several_has_no_pointer() {
    let it = BlueGreen::new(STAGES[2]).await;
    let path = format!("/api/now/table/sys_alias/{}", it.group);
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"true"}"#);
    let (_, problems) = it.world.apply(it.stage.pointer, Some(&it.pointer), &it.to(&it.green)).await;
    assert!(errors(&problems)[0].contains("may have several active ones"), "{problems:?}");
    assert_eq!(it.active(), ["blue"]);
}

#[tokio::test]
async fn a_new_pointer_says_what_it_will_switch_off() {
    for stage in USUAL {
        let it = BlueGreen::new(stage).await;
        let (planned, _, problems) = it.world.plan(it.stage.pointer, None, &it.to(&it.green)).await;
        assert!(warnings(&problems)[0].contains("\"blue\" is active now"), "{problems:?}");
        assert!(planned["deactivates"].is_unknown(), "not promised: it may change until the apply");
        let state = it.world.put(it.stage.pointer, None, &it.to(&it.green)).await;
        assert_eq!(names(&state.object["deactivates"]), ["blue"]);
    }
}

#[tokio::test]
async fn destroying_keeps_or_deactivates_as_declared() {
    for stage in USUAL {
        let it = BlueGreen::new(stage).await;
        assert_eq!(it.world.delete(it.stage.pointer, &it.pointer).await.0, None);
        assert_eq!(it.active(), ["blue"]);
        let mut config = it.config.clone();
        config.insert("on_destroy".to_owned(), text("deactivate"));
        let pointer = it.world.put(it.stage.pointer, Some(&it.pointer), &config).await;
        assert_eq!(it.world.delete(it.stage.pointer, &pointer).await.0, None);
        assert_eq!(it.active(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn it_imports_by_id_and_by_qualified_name() {
    for stage in USUAL {
        let it = BlueGreen::new(stage).await;
        for id in [it.group.as_str(), "orders"] {
            let state = it.world.import(it.stage.pointer, id).await.unwrap();
            assert_eq!(it.drift(&state, &it.config).await, Vec::<String>::new(), "{id}");
        }
    }
}

#[tokio::test]
async fn switches_of_one_alias_at_the_same_time_end_with_one_active() {
    for stage in STAGES {
        let (it, rule) = (BlueGreen::new(stage).await, stage.label);
        let pointer = it.refreshed().await;
        let (green, blue) = (it.to(&it.green), it.to(&it.blue));
        let (first, second) = tokio::join!(
            it.world.apply(it.stage.pointer, Some(&pointer), &green),
            it.world.apply(it.stage.pointer, Some(&pointer), &blue)
        );
        // Whoever comes second finds what its plan did not know of.
        let said = [errors(&first.1), errors(&second.1)].concat();
        assert!(
            said.iter().all(|it| it.contains("since the plan was made")) && said.len() < 2,
            "{rule}: {said:?}"
        );
        assert_eq!(it.active().len(), 1, "{rule}");
    }
}

#[tokio::test]
async fn the_connection_before_the_last_switch_is_remembered_and_leads_back() {
    for stage in STAGES {
        let (it, rule) = (BlueGreen::new(stage).await, stage.label);
        assert_eq!(it.pointer.object["previous_connection_id"], Value::Null, "{rule}: nothing was active");
        let pointer = it.refreshed().await;
        let (planned, _, _) = it.world.plan(it.stage.pointer, Some(&pointer), &it.to(&it.green)).await;
        assert_eq!(planned["previous_connection_id"], text(&it.blue), "{rule}: the plan shows the way back");
        let pointer = it.put(&pointer, &it.to(&it.green)).await;
        assert_eq!(attribute(&pointer, "previous_connection_id"), it.blue, "{rule}");
        // What does not switch forgets nothing.
        let mut more = it.to(&it.green);
        more.insert("on_destroy".to_owned(), text("deactivate"));
        let pointer = it.put(&pointer, &more).await;
        assert_eq!(attribute(&pointer, "previous_connection_id"), it.blue, "{rule}");
        let back = it.to(&attribute(&pointer, "previous_connection_id"));
        let pointer = it.put(&pointer, &back).await;
        assert_eq!(it.active(), ["blue"], "{rule}");
        assert_eq!(attribute(&pointer, "previous_connection_id"), it.green, "{rule}");
        let taken_over = it.world.put(it.stage.pointer, None, &it.to(&it.green)).await;
        assert_eq!(
            attribute(&taken_over, "previous_connection_id"),
            it.blue,
            "{rule}: also by a new pointer"
        );
    }
}
