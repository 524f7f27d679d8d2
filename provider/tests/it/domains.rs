//! In an instance that separates domains one connection of an alias may be active in each: what is active in another domain
//! is neither told as a switch by somebody else nor switched off.

use servicenow_core::Method;
use tf_core::Value;
use tf_plugin::State;

use crate::environment::ENVIRONMENT;
use crate::world::stage::{STAGES, Stage, errors, warnings};
use crate::world::{World, config, text};

/// The stages of the platform's own tables.
const NATIVE: [&Stage; 3] = [STAGES[0], STAGES[1], STAGES[2]];

/// An alias with blue and green in one domain, and red and live in another, where red is active.
struct Two {
    world: World,
    stage: &'static Stage,
    group: String,
    /// Blue, green, red, live.
    ids: Vec<String>,
}

impl Two {
    async fn new(stage: &'static Stage) -> Two {
        let world = stage.world().await;
        let (group, ids) = stage.by_hand(&world, "orders", &["blue", "green", "red", "live"]);
        let it = Two { world, stage, group, ids };
        for (number, id) in it.ids.iter().enumerate() {
            let domain = if number < 2 { "0".repeat(32) } else { "1".repeat(32) };
            it.edit(id, &format!(r#"{{"sys_domain":"{domain}"}}"#));
        }
        it.edit(&it.ids[2], r#"{"active":"true"}"#);
        stage.begins(&it.world);
        it
    }

    fn edit(&self, id: &str, body: &str) {
        let path = format!("/api/now/table/{}/{id}", self.stage.table);
        assert_eq!(self.world.hand(Method::Patch, &path, body).status, 200);
    }

    /// The pointer at one of the four, after this state.
    async fn point(&self, prior: Option<&State>, number: usize, more: &[(&str, Value)]) -> State {
        let config = self.stage.pointer(&self.world, (&self.group, text(&self.ids[number])), more);
        let (state, problems) = self.world.apply(self.stage.pointer, prior, &config).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{}", self.stage.label);
        assert_eq!(warnings(&problems), Vec::<String>::new(), "{}", self.stage.label);
        state.unwrap()
    }

    #[track_caller]
    fn active(&self, expected: &[usize]) {
        let rows = self.world.rows(self.stage.table, "sys_id");
        let is_active = |number: &usize| rows[&self.ids[*number]]["active"] == "true";
        let active: Vec<usize> = (0..4).filter(is_active).collect();
        assert_eq!(active, expected, "{}", self.stage.label);
    }
}

#[tokio::test]
async fn a_switch_leaves_what_is_active_in_another_domain_alone() {
    for stage in NATIVE {
        let it = Two::new(stage).await;
        let state = it.point(None, 0, &[]).await;
        it.active(&[0, 2]);
        let state = it.point(Some(&state), 1, &[]).await;
        it.active(&[1, 2]);
        let (state, problems) = it.world.refresh(stage.pointer, &state).await;
        assert_eq!(warnings(&problems), Vec::<String>::new(), "{}", stage.label);
        assert_eq!(state.unwrap().object["connection_id"], text(&it.ids[1]), "{}", stage.label);
    }
}

#[tokio::test]
async fn a_switch_by_hand_in_another_domain_is_no_drift_and_in_the_own_one_it_is() {
    for stage in NATIVE {
        let it = Two::new(stage).await;
        let state = it.point(None, 0, &[]).await;
        it.edit(&it.ids[2], r#"{"active":"false"}"#);
        it.edit(&it.ids[3], r#"{"active":"true"}"#);
        let (seen, _) = it.world.refresh(stage.pointer, &state).await;
        assert_eq!(seen.unwrap().object["connection_id"], text(&it.ids[0]), "{}", stage.label);
        it.edit(&it.ids[0], r#"{"active":"false"}"#);
        it.edit(&it.ids[1], r#"{"active":"true"}"#);
        let (seen, problems) = it.world.refresh(stage.pointer, &state).await;
        let seen = seen.unwrap();
        assert_eq!(seen.object["connection_id"], text(&it.ids[1]), "{}", stage.label);
        assert_eq!(warnings(&problems).len(), 1, "{}", stage.label);
        it.point(Some(&seen), 0, &[]).await;
        it.active(&[0, 3]);
    }
}

#[tokio::test]
async fn a_pointer_that_moves_to_another_domain_switches_off_what_it_chose_before() {
    for stage in NATIVE {
        let it = Two::new(stage).await;
        it.edit(&it.ids[2], r#"{"active":"false"}"#);
        let state = it.point(None, 0, &[]).await;
        it.active(&[0]);
        let state = it.point(Some(&state), 3, &[]).await;
        it.active(&[3]);
        assert_eq!(state.object["previous_connection_id"], text(&it.ids[0]), "{}", stage.label);
    }
}

#[tokio::test]
async fn each_domain_may_have_a_pointer_of_its_own() {
    let it = Two::new(NATIVE[0]).await;
    let config = |number: usize| it.stage.pointer(&it.world, (&it.group, text(&it.ids[number])), &[]);
    let (_, _, problems) = it.world.plan(it.stage.pointer, None, &config(0)).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    let (_, _, problems) = it.world.plan_beside(it.stage.pointer, None, &config(2)).await;
    assert_eq!(errors(&problems), Vec::<String>::new(), "another domain");
    let (_, _, problems) = it.world.plan_beside(it.stage.pointer, None, &config(3)).await;
    assert_eq!(errors(&problems).len(), 1, "the same domain: {problems:?}");
}

#[tokio::test]
async fn an_import_does_not_choose_between_domains() {
    let it = Two::new(NATIVE[0]).await;
    it.edit(&it.ids[0], r#"{"active":"true"}"#);
    let state = it.world.import(it.stage.pointer, "orders").await.unwrap();
    let (state, problems) = it.world.refresh(it.stage.pointer, &state).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    let state = state.unwrap();
    assert_eq!(state.object["connection_id"], Value::Null);
    it.point(Some(&state), 2, &[]).await;
    it.active(&[0, 2]);
}

#[tokio::test]
async fn a_declared_connection_that_is_gone_does_not_make_another_domain_drift() {
    let it = Two::new(NATIVE[0]).await;
    let state = it.point(None, 0, &[]).await;
    let path = format!("/api/now/table/{}/{}", it.stage.table, it.ids[0]);
    assert_eq!(it.world.hand(Method::Delete, &path, "").status, 204);
    let (state, _) = it.world.refresh(it.stage.pointer, &state).await;
    assert_eq!(state.unwrap().object["connection_id"], Value::Null);
}

#[tokio::test]
async fn an_environment_leaves_what_is_active_in_another_domain_alone() {
    for stage in NATIVE {
        let it = Two::new(stage).await;
        let environment = |number: usize| {
            let choices = [(it.group.clone(), text(&it.ids[number]))].into_iter().collect();
            let members = [("name", text("test")), ("connections", Value::Map(choices))];
            config(&it.world, ENVIRONMENT, &members)
        };
        let state = it.world.put(ENVIRONMENT, None, &environment(0)).await;
        it.active(&[0, 2]);
        let state = it.world.put(ENVIRONMENT, Some(&state), &environment(1)).await;
        it.active(&[1, 2]);
        let (state, problems) = it.world.refresh(ENVIRONMENT, &state).await;
        assert_eq!(warnings(&problems), Vec::<String>::new(), "{}", stage.label);
        assert_eq!(state.unwrap().object["connections"], environment(1)["connections"], "{}", stage.label);
    }
}
