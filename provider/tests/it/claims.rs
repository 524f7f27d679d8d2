//! Two resources of one plan that say which connection is active.

use servicenow_core::Method;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::world::stage::{STAGES, Stage, USUAL, errors, id, warnings};
use crate::world::{World, attribute, text};

/// A group with two connections that nobody activates.
pub struct Integration {
    world: World,
    pub stage: &'static Stage,
    group: (Object, State),
    pub blue: (Object, State),
    pub green: (Object, State),
}

impl Integration {
    pub async fn new(stage: &'static Stage) -> Integration {
        let world = stage.world().await;
        let group = stage.new_group(&world, "orders").await;
        let of = id(&group);
        let blue = stage.new_member(&world, ("orders", &of), "blue").await;
        let green = stage.new_member(&world, ("orders", &of), "green").await;
        stage.begins(&world);
        Integration { world, stage, group, blue, green }
    }

    pub fn pointer(&self, to: Value) -> Object {
        self.stage.pointer(&self.world, (&id(&self.group), to), &[])
    }

    pub fn id(&self, of: &(Object, State)) -> Value {
        text(&id(of))
    }

    /// Plans these in one plan. A connection or a pointer, with or without a state before.
    pub async fn plan(&self, all: &[(&str, Option<&State>, Object)]) -> Diagnostics {
        let mut problems = Diagnostics::none();
        for (index, (type_name, prior, config)) in all.iter().enumerate() {
            let (_, _, said) = if index == 0 {
                self.world.plan(type_name, *prior, config).await
            } else {
                self.world.plan_beside(type_name, *prior, config).await
            };
            problems.extend(said);
        }
        problems
    }
}

fn with_active(config: &Object, active: bool) -> Object {
    let mut config = config.clone();
    config.insert("active".to_owned(), Value::Bool(active));
    config
}

#[track_caller]
fn both_are_named(problems: &Diagnostics, parts: &[&str]) {
    let [problem] = &errors(problems)[..] else { panic!("{problems:?}") };
    for part in ["Two resources choose the active connection of \"orders\"", "Keep one"].iter().chain(parts) {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

#[tokio::test]
async fn two_pointers_to_different_connections_are_refused_and_named() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        let all = [
            (it.stage.pointer, None, it.pointer(it.id(&it.blue))),
            (it.stage.pointer, None, it.pointer(it.id(&it.green))),
        ];
        let problems = it.plan(&all).await;
        both_are_named(&problems, &["that chooses \"blue\"", "that chooses \"green\""]);
    }
}

#[tokio::test]
async fn two_pointers_to_the_same_connection_are_a_warning() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        let all = [
            (it.stage.pointer, None, it.pointer(it.id(&it.blue))),
            (it.stage.pointer, None, it.pointer(it.id(&it.blue))),
        ];
        let problems = it.plan(&all).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        assert!(warnings(&problems)[0].contains("They agree now"), "{problems:?}");
    }
}

#[tokio::test]
async fn two_active_connections_of_one_alias_are_refused_and_named() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        let all = [
            (it.stage.member, Some(&it.blue.1), with_active(&it.blue.0, true)),
            (it.stage.member, Some(&it.green.1), with_active(&it.green.0, true)),
        ];
        let problems = it.plan(&all).await;
        both_are_named(&problems, &["\"blue\" with `active = true`", "\"green\" with `active = true`"]);
    }
}

#[tokio::test]
async fn a_pointer_beside_an_active_that_is_set_is_refused() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        for (connection, active, expected) in [
            (&it.blue, true, "\"blue\" with `active = true`"),
            (&it.green, true, "\"green\" with `active = true`"),
            (&it.blue, false, "\"blue\" with `active = false`"),
        ] {
            let set = (it.stage.member, Some(&connection.1), with_active(&connection.0, active));
            let problems = it.plan(&[set, (it.stage.pointer, None, it.pointer(it.id(&it.blue)))]).await;
            both_are_named(&problems, &[expected, "that chooses \"blue\""]);
        }
        let inactive = (it.stage.member, Some(&it.green.1), with_active(&it.green.0, false));
        let problems = it.plan(&[inactive, (it.stage.pointer, None, it.pointer(it.id(&it.blue)))]).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "it says what the pointer says");
    }
}

#[tokio::test]
async fn an_alias_that_allows_several_has_several_active_connections() {
    let it = Integration::new(STAGES[0]).await;
    let both = [
        (it.stage.member, Some(&it.blue.1), with_active(&it.blue.0, true)),
        (it.stage.member, Some(&it.green.1), with_active(&it.green.0, true)),
    ];
    let mut alias = it.group.0.clone();
    alias.insert("multiple_connections".to_owned(), Value::Bool(true));
    let planned = [&[(it.stage.group, Some(&it.group.1), alias)], &both[..]].concat();
    assert_eq!(errors(&it.plan(&planned).await), Vec::<String>::new(), "the same plan allows it");
    let path = format!("/api/now/table/sys_alias/{}", attribute(&it.group.1, "id"));
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"true"}"#);
    assert_eq!(errors(&it.plan(&both).await), Vec::<String>::new(), "the instance allows it");
}

#[tokio::test]
async fn ids_that_are_known_after_apply_are_compared_then() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        let (blue, new) = (it.pointer(it.id(&it.blue)), it.pointer(Value::unknown()));
        let problems =
            it.plan(&[(it.stage.pointer, None, blue.clone()), (it.stage.pointer, None, new)]).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        assert!(warnings(&problems)[0].contains("known after apply"), "{problems:?}");
        // The apply plans again, one after the other, and the second one stops before it writes.
        it.world.put(it.stage.pointer, None, &blue).await;
        let writes = it.world.writes().len();
        let (_, _, problems) =
            it.world.plan_beside(it.stage.pointer, None, &it.pointer(it.id(&it.green))).await;
        both_are_named(&problems, &["\"blue\"", "\"green\""]);
        assert_eq!(it.world.writes().len(), writes);
    }
}

#[tokio::test]
async fn a_replacement_is_planned_twice_and_is_one_resource() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        let pointer = it.world.put(it.stage.pointer, None, &it.pointer(it.id(&it.blue))).await;
        let (_, private, problems) =
            it.world.plan(it.stage.pointer, Some(&pointer), &it.pointer(it.id(&it.blue))).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        // Terraform gives the second plan what the first one left, and no state. Without `ignore_changes` it may say more.
        let again = it.world.plan_replacement(it.stage.pointer, private, &it.pointer(it.id(&it.green))).await;
        assert_eq!(errors(&again), Vec::<String>::new());
        assert!(!warnings(&again).iter().any(|it| it.contains("Two resources")), "{again:?}");
    }
}

#[tokio::test]
async fn another_alias_and_another_plan_are_no_conflict() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        let other = id(&stage.new_group(&it.world, "invoices").await);
        let red = stage.new_member(&it.world, ("invoices", &other), "red").await;
        let elsewhere = stage.pointer(&it.world, (&other, it.id(&red)), &[]);
        let blue = it.pointer(it.id(&it.blue));
        let problems =
            it.plan(&[(it.stage.pointer, None, blue.clone()), (it.stage.pointer, None, elsewhere)]).await;
        assert_eq!((errors(&problems), warnings(&problems)), (vec![], vec![]));
        let pointer = it.world.put(it.stage.pointer, None, &blue).await;
        for to in [&it.green, &it.blue] {
            let (_, _, problems) =
                it.world.plan(it.stage.pointer, Some(&pointer), &it.pointer(it.id(to))).await;
            assert_eq!(errors(&problems), Vec::<String>::new());
        }
        stage.configure(&it.world, &[]).await;
        let (_, _, problems) =
            it.world.plan_beside(it.stage.pointer, Some(&pointer), &it.pointer(it.id(&it.green))).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "a process that serves many commands");
    }
}

#[tokio::test]
async fn a_pointer_that_is_replaced_does_not_switch_off_what_the_new_one_chose() {
    for stage in USUAL {
        let it = Integration::new(stage).await;
        let mut declared = it.pointer(it.id(&it.blue));
        declared.insert("on_destroy".to_owned(), text("deactivate"));
        let old = it.world.put(it.stage.pointer, None, &declared).await;
        it.world.put(it.stage.pointer, None, &declared).await;
        assert_eq!(it.world.delete_beside(it.stage.pointer, &old).await.0, None);
        assert_eq!(stage.active(&it.world), ["blue"]);
        assert_eq!(it.world.delete(it.stage.pointer, &old).await.0, None);
        assert_eq!(stage.active(&it.world), Vec::<String>::new());
    }
}
