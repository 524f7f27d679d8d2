//! What happens to an active connection that is to go, and to one that somebody else activated.

use servicenow_core::Method;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::world::stage::{STAGES, Stage, USUAL, errors, id, warnings};
use crate::world::{World, attribute, text};

/// A group with three connections, and a pointer to the first.
pub struct Trio {
    pub world: World,
    pub stage: &'static Stage,
    pub connections: Vec<(Object, State)>,
    pub config: Object,
    pub pointer: State,
}

impl Trio {
    pub async fn new(stage: &'static Stage, members: &[(&str, Value)], settings: &[(&str, Value)]) -> Trio {
        let world = stage.world_with(settings).await;
        let group = id(&stage.new_group(&world, "orders").await);
        let mut connections = Vec::new();
        for name in ["blue", "green", "red"] {
            connections.push(stage.new_member(&world, ("orders", &group), name).await);
        }
        stage.begins(&world);
        let config = stage.pointer(&world, (&group, text(&id(&connections[0]))), members);
        let pointer = world.put(stage.pointer, None, &config).await;
        Trio { world, stage, connections, config, pointer }
    }

    fn id(&self, index: usize) -> String {
        attribute(&self.connections[index].1, "id")
    }

    fn active(&self) -> Vec<String> {
        self.stage.active(&self.world)
    }

    pub fn by_hand(&self, index: usize, active: bool) {
        self.stage.edit(&self.world, &self.id(index), active);
    }

    pub fn to(&self, index: usize) -> Object {
        let mut config = self.config.clone();
        config.insert("connection_id".to_owned(), text(&self.id(index)));
        config
    }

    pub async fn refreshed(&self) -> State {
        let (state, problems) = self.world.refresh(self.stage.pointer, &self.pointer).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        state.unwrap()
    }
}

fn states(object: &Object, name: &str, value: Value) -> Object {
    let mut object = object.clone();
    object.insert(name.to_owned(), value);
    object
}

#[track_caller]
fn says(problems: &[String], parts: &[&str]) {
    let [problem] = problems else { panic!("{problems:?}") };
    for part in parts {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

#[tokio::test]
async fn an_active_connection_is_not_deleted_and_the_message_names_the_ways_out() {
    for stage in USUAL {
        let it = Trio::new(stage, &[], &[]).await;
        let writes = it.world.writes().len();
        let (state, _) = it.world.refresh(it.stage.member, &it.connections[0].1).await;
        let (left, problems) = it.world.delete(it.stage.member, &state.unwrap()).await;
        assert!(left.is_some(), "it stays in the state");
        let remedies = ["create_before_destroy = true", "on_destroy = \"deactivate\"", "on_active_destroy"];
        says(
            &errors(&problems),
            &[&["Could not delete", "\"blue\"", "\"orders\"", "Nothing was changed"][..], &remedies].concat(),
        );
        assert_eq!((it.active(), it.world.writes().len()), (vec!["blue".to_owned()], writes));
        let (left, problems) = it.world.delete(it.stage.member, &it.connections[1].1).await;
        assert_eq!((left, errors(&problems)), (None, vec![]), "an inactive one goes");
    }
}

#[tokio::test]
async fn an_active_connection_is_switched_off_and_deleted_where_that_is_applied() {
    for stage in USUAL {
        let it = Trio::new(stage, &[], &[]).await;
        let asked = states(&it.connections[0].0, "on_active_destroy", text("deactivate"));
        let (state, _) = it.world.refresh(it.stage.member, &it.connections[0].1).await;
        let writes = it.world.writes().len();
        let state = it.world.put(it.stage.member, state.as_ref(), &asked).await;
        assert_eq!(it.world.writes().len(), writes, "it is an attribute of the state alone");
        assert_eq!(it.world.delete(it.stage.member, &state).await.0, None);
        let methods: Vec<String> = it
            .world
            .writes()
            .split_off(writes)
            .iter()
            .map(|it| it.split(' ').next().unwrap().to_owned())
            .collect();
        assert_eq!((methods, it.active()), (vec!["PATCH".to_owned(), "DELETE".to_owned()], vec![]));
    }
}

#[tokio::test]
async fn an_active_connection_of_an_alias_that_is_gone_is_deleted() {
    for stage in USUAL {
        let it = Trio::new(stage, &[], &[]).await;
        let path = format!("/api/now/table/{}/{}", stage.table, it.id(0));
        let column = if stage.is_unifi() { "integration" } else { "connection_alias" };
        assert_eq!(it.world.hand(Method::Patch, &path, &format!(r#"{{"{column}":""}}"#)).status, 200);
        let (state, _) = it.world.refresh(it.stage.member, &it.connections[0].1).await;
        assert_eq!(it.world.delete(it.stage.member, &state.unwrap()).await.0, None);
    }
}

#[tokio::test]
async fn a_plan_warns_of_what_goes_dark() {
    for stage in USUAL {
        let it = Trio::new(stage, &[("on_destroy", text("deactivate"))], &[]).await;
        let resource = it.world.resource(it.stage.member);
        let (state, _) = it.world.refresh(it.stage.member, &it.connections[0].1).await;
        let blue = state.unwrap();
        let warned = |problems: Diagnostics| (errors(&problems).len(), warnings(&problems));
        let (none, said) = warned(resource.plan_deletion(&blue).await);
        assert_eq!(none, 0);
        says(&said, &["\"blue\" is to be deleted", "create_before_destroy"]);
        assert_eq!(warned(resource.plan_deletion(&it.connections[1].1).await), (0, vec![]));
        let off = states(&it.connections[0].0, "active", Value::Bool(false));
        let (_, _, problems) = it.world.plan(it.stage.member, Some(&blue), &off).await;
        says(&warnings(&problems), &["\"blue\" will be switched off", "nothing is sent"]);
        let moved = states(&it.connections[0].0, it.stage.group_id, Value::unknown());
        let (_, _, problems) = it.world.plan(it.stage.member, Some(&blue), &moved).await;
        says(&warnings(&problems), &["\"blue\" is to be deleted"]);
        let (_, said) = warned(it.world.resource(it.stage.pointer).plan_deletion(&it.pointer).await);
        says(&said, &["\"orders\" goes dark", "\"blue\"", "on_destroy = \"keep\""]);
        let keeps =
            State { object: states(&it.pointer.object, "on_destroy", text("keep")), ..it.pointer.clone() };
        assert_eq!(warned(it.world.resource(it.stage.pointer).plan_deletion(&keeps).await), (0, vec![]));
    }
}

#[tokio::test]
async fn a_replacement_that_a_person_asks_for_warns_in_its_second_plan() {
    for stage in USUAL {
        let it = Trio::new(stage, &[], &[]).await;
        let (config, state) = &it.connections[0];
        let (state, _) = it.world.refresh(it.stage.member, state).await;
        let (_, private, problems) = it.world.plan(it.stage.member, state.as_ref(), config).await;
        assert_eq!(warnings(&problems), Vec::<String>::new(), "the first plan does not know of it");
        let problems = it.world.plan_replacement(it.stage.member, private, config).await;
        says(&warnings(&problems), &["\"blue\" is to be deleted"]);
        let problems = it.world.plan_replacement(it.stage.member, Vec::new(), config).await;
        assert_eq!(warnings(&problems), Vec::<String>::new(), "a new one replaces nothing");
    }
}

#[tokio::test]
async fn what_somebody_else_activated_is_adopted_until_another_one_is_declared() {
    for stage in STAGES {
        let rule = stage.label;
        let it = Trio::new(stage, &[("on_foreign_active", text("adopt"))], &[]).await;
        it.by_hand(0, false);
        it.by_hand(2, true);
        let state = it.refreshed().await;
        let (planned, _, problems) = it.world.plan(it.stage.pointer, Some(&state), &it.config).await;
        says(&warnings(&problems), &["is active and stays so", "\"red\""]);
        assert_eq!(planned["connection_id"], text(&it.id(2)), "{rule}: nothing to change");
        assert_eq!(
            it.world.drift(it.stage.pointer, &it.pointer, &it.config).await,
            Vec::<String>::new(),
            "{rule}"
        );
        it.world.put(it.stage.pointer, Some(&state), &it.to(1)).await;
        assert_eq!(it.active(), ["green"], "{rule}: a new declaration counts");
    }
}

#[tokio::test]
async fn adopting_does_not_forget_what_was_declared() {
    for stage in USUAL {
        let it = Trio::new(stage, &[("on_foreign_active", text("adopt"))], &[]).await;
        it.by_hand(2, true);
        let keeps = states(&it.config, "on_destroy", text("deactivate"));
        let state = it.world.put(it.stage.pointer, Some(&it.refreshed().await), &keeps).await;
        assert_eq!(it.active(), ["red"], "another change switches nothing");
        assert_eq!(it.world.drift(it.stage.pointer, &state, &keeps).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_somebody_else_activated_ends_the_plan_where_that_is_wished() {
    for stage in USUAL {
        let it = Trio::new(stage, &[("on_foreign_active", text("error"))], &[]).await;
        assert_eq!(it.world.drift(it.stage.pointer, &it.pointer, &it.config).await, Vec::<String>::new());
        it.world.put(it.stage.pointer, Some(&it.refreshed().await), &it.to(1)).await;
        let it = Trio::new(stage, &[("on_foreign_active", text("error"))], &[]).await;
        it.by_hand(2, true);
        let state = it.refreshed().await;
        for config in [&it.config, &it.to(1)] {
            let (_, problems) = it.world.apply(it.stage.pointer, Some(&state), config).await;
            says(&errors(&problems)[..1], &["Another connection", "\"red\" is active", "on_foreign_active"]);
        }
        let named = it.world.put(it.stage.pointer, Some(&state), &it.to(2)).await;
        assert_eq!((it.active(), attribute(&named, "connection_id")), (vec!["red".to_owned()], it.id(2)));
    }
}

#[tokio::test]
async fn a_new_pointer_that_may_not_switch_off_is_refused_at_plan_time() {
    for stage in USUAL {
        let it = Trio::new(stage, &[], &[]).await;
        for on_foreign_active in ["adopt", "error"] {
            let config = states(&it.to(1), "on_foreign_active", text(on_foreign_active));
            let (_, _, problems) = it.world.plan(it.stage.pointer, None, &config).await;
            says(&errors(&problems), &["\"blue\" is active", "Nothing was changed"]);
        }
    }
}

#[tokio::test]
async fn a_switch_by_hand_after_the_plan_stops_the_apply() {
    for stage in USUAL {
        let it = Trio::new(stage, &[], &[]).await;
        let state = it.refreshed().await;
        it.by_hand(2, true);
        let (left, problems) = it.world.apply(it.stage.pointer, Some(&state), &it.to(1)).await;
        says(
            &errors(&problems),
            &["since the plan was made", "\"red\" is active, last changed by admin", "Plan again"],
        );
        assert_eq!(
            (it.active(), attribute(&left.unwrap(), "connection_id")),
            (vec!["red".to_owned()], it.id(0))
        );
        it.world.put(it.stage.pointer, Some(&it.refreshed().await), &it.to(1)).await;
        assert_eq!(it.active(), ["green"]);
        let it = Trio::new(stage, &[], &[("on_conflict", text("overwrite"))]).await;
        let state = it.refreshed().await;
        it.by_hand(2, true);
        it.world.put(it.stage.pointer, Some(&state), &it.to(1)).await;
        assert_eq!(it.active(), ["green"]);
    }
}

#[tokio::test]
async fn an_endpoint_that_does_not_fit_its_environment_is_named_in_the_plan() {
    for stage in USUAL {
        let hosts = |it: &str| Value::List(vec![text(it)]);
        let rules = Value::Map(
            [
                ("test", "blue.example"),
                ("production", "green.example"),
                ("blue", "blue.example"),
                ("green", "own.example"),
            ]
            .map(|(name, it)| (name.to_owned(), hosts(it)))
            .into(),
        );
        let it = Trio::new(stage, &[], &[("environment", text("test")), ("environment_hosts", rules)]).await;
        // A connection of Unifi names its environment itself.
        let (environment, own) =
            if stage.is_unifi() { ("`green`", "own.example") } else { ("`test`", "blue.example") };
        let state = it.refreshed().await;
        let (_, _, problems) = it.world.plan(it.stage.pointer, Some(&state), &it.config).await;
        assert_eq!(warnings(&problems), Vec::<String>::new());
        let (_, _, problems) = it.world.plan(it.stage.pointer, Some(&state), &it.to(1)).await;
        says(
            &warnings(&problems),
            &["\"green\" does not fit", "`green.example`", environment, "`production`"],
        );
        // What is planned for the connection counts, not what is still there.
        let moved = states(&it.connections[1].0, it.stage.address, text(&format!("https://{own}")));
        it.world.plan(it.stage.member, Some(&it.connections[1].1), &moved).await;
        let (_, _, problems) = it.world.plan_beside(it.stage.pointer, Some(&state), &it.to(1)).await;
        assert_eq!(warnings(&problems), Vec::<String>::new());
        let active = states(&it.connections[1].0, "active", Value::Bool(true));
        let (_, _, problems) = it.world.plan(it.stage.member, Some(&it.connections[1].1), &active).await;
        says(&warnings(&problems), &["\"green\" does not fit"]);
    }
}
