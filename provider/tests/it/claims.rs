//! Two resources of one plan that say which connection is active.

use servicenow_core::Method;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text, warnings};

const ALIAS: &str = "servicenow_connection_alias";
const CONNECTION: &str = "servicenow_http_connection";
const POINTER: &str = "servicenow_connection_activation";

/// An alias with two connections that nobody activates.
struct Integration {
    world: World,
    alias: (Object, State),
    blue: (Object, State),
    green: (Object, State),
}

impl Integration {
    async fn new() -> Integration {
        let world = World::new().await;
        let declared = config(&world, ALIAS, &[("name", text("orders"))]);
        let alias = world.put(ALIAS, None, &declared).await;
        let id = attribute(&alias, "id");
        let (blue, green) =
            (connection(&world, "blue", text(&id)).await, connection(&world, "green", text(&id)).await);
        Integration { world, alias: (declared, alias), blue, green }
    }

    fn pointer(&self, to: Value) -> Object {
        let alias = attribute(&self.alias.1, "id");
        config(&self.world, POINTER, &[("connection_alias_id", text(&alias)), ("connection_id", to)])
    }

    fn id(&self, (_, state): &(Object, State)) -> Value {
        text(&attribute(state, "id"))
    }

    /// Plans these in one plan. A connection or a pointer, with or without a state before.
    async fn plan(&self, all: &[(&str, Option<&State>, Object)]) -> Diagnostics {
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

async fn connection(world: &World, name: &str, alias: Value) -> (Object, State) {
    let url = text(&format!("https://{name}.example"));
    let members = [("name", text(name)), ("connection_alias_id", alias), ("connection_url", url)];
    let config = config(world, CONNECTION, &members);
    let state = world.put(CONNECTION, None, &config).await;
    (config, state)
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
    let it = Integration::new().await;
    let all = [(POINTER, None, it.pointer(it.id(&it.blue))), (POINTER, None, it.pointer(it.id(&it.green)))];
    let problems = it.plan(&all).await;
    both_are_named(&problems, &["that chooses \"blue\"", "that chooses \"green\""]);
}

#[tokio::test]
async fn two_pointers_to_the_same_connection_are_a_warning() {
    let it = Integration::new().await;
    let all = [(POINTER, None, it.pointer(it.id(&it.blue))), (POINTER, None, it.pointer(it.id(&it.blue)))];
    let problems = it.plan(&all).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    assert!(warnings(&problems)[0].contains("They agree now"), "{problems:?}");
}

#[tokio::test]
async fn two_active_connections_of_one_alias_are_refused_and_named() {
    let it = Integration::new().await;
    let all = [
        (CONNECTION, Some(&it.blue.1), with_active(&it.blue.0, true)),
        (CONNECTION, Some(&it.green.1), with_active(&it.green.0, true)),
    ];
    let problems = it.plan(&all).await;
    both_are_named(&problems, &["\"blue\" with `active = true`", "\"green\" with `active = true`"]);
}

#[tokio::test]
async fn a_pointer_beside_an_active_that_is_set_is_refused() {
    let it = Integration::new().await;
    for (connection, active, expected) in [
        (&it.blue, true, "\"blue\" with `active = true`"),
        (&it.green, true, "\"green\" with `active = true`"),
        (&it.blue, false, "\"blue\" with `active = false`"),
    ] {
        let set = (CONNECTION, Some(&connection.1), with_active(&connection.0, active));
        let problems = it.plan(&[set, (POINTER, None, it.pointer(it.id(&it.blue)))]).await;
        both_are_named(&problems, &[expected, "that chooses \"blue\""]);
    }
    let inactive = (CONNECTION, Some(&it.green.1), with_active(&it.green.0, false));
    let problems = it.plan(&[inactive, (POINTER, None, it.pointer(it.id(&it.blue)))]).await;
    assert_eq!(errors(&problems), Vec::<String>::new(), "it says what the pointer says");
}

#[tokio::test]
async fn an_alias_that_allows_several_has_several_active_connections() {
    let it = Integration::new().await;
    let both = [
        (CONNECTION, Some(&it.blue.1), with_active(&it.blue.0, true)),
        (CONNECTION, Some(&it.green.1), with_active(&it.green.0, true)),
    ];
    let mut alias = it.alias.0.clone();
    alias.insert("multiple_connections".to_owned(), Value::Bool(true));
    let planned = [&[(ALIAS, Some(&it.alias.1), alias)], &both[..]].concat();
    assert_eq!(errors(&it.plan(&planned).await), Vec::<String>::new(), "the same plan allows it");
    let path = format!("/api/now/table/sys_alias/{}", attribute(&it.alias.1, "id"));
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"true"}"#);
    assert_eq!(errors(&it.plan(&both).await), Vec::<String>::new(), "the instance allows it");
}

#[tokio::test]
async fn ids_that_are_known_after_apply_are_compared_then() {
    let it = Integration::new().await;
    let (blue, new) = (it.pointer(it.id(&it.blue)), it.pointer(Value::unknown()));
    let problems = it.plan(&[(POINTER, None, blue.clone()), (POINTER, None, new)]).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    assert!(warnings(&problems)[0].contains("known after apply"), "{problems:?}");
    // The apply plans again, one after the other, and the second one stops before it writes.
    it.world.put(POINTER, None, &blue).await;
    let writes = it.world.writes().len();
    let (_, _, problems) = it.world.plan_beside(POINTER, None, &it.pointer(it.id(&it.green))).await;
    both_are_named(&problems, &["\"blue\"", "\"green\""]);
    assert_eq!(it.world.writes().len(), writes);
}

#[tokio::test]
async fn a_replacement_is_planned_twice_and_is_one_resource() {
    let it = Integration::new().await;
    let pointer = it.world.put(POINTER, None, &it.pointer(it.id(&it.blue))).await;
    let (_, private, problems) = it.world.plan(POINTER, Some(&pointer), &it.pointer(it.id(&it.blue))).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    // Terraform gives the second plan what the first one left, and no state. Without `ignore_changes` it may say more.
    let again = it.world.plan_replacement(POINTER, private, &it.pointer(it.id(&it.green))).await;
    assert_eq!(errors(&again), Vec::<String>::new());
    assert!(!warnings(&again).iter().any(|it| it.contains("Two resources")), "{again:?}");
}

#[tokio::test]
async fn another_alias_and_another_plan_are_no_conflict() {
    let it = Integration::new().await;
    let other = config(&it.world, ALIAS, &[("name", text("invoices"))]);
    let other = attribute(&it.world.put(ALIAS, None, &other).await, "id");
    let red = connection(&it.world, "red", text(&other)).await;
    let elsewhere =
        config(&it.world, POINTER, &[("connection_alias_id", text(&other)), ("connection_id", it.id(&red))]);
    let blue = it.pointer(it.id(&it.blue));
    let problems = it.plan(&[(POINTER, None, blue.clone()), (POINTER, None, elsewhere)]).await;
    assert_eq!((errors(&problems), warnings(&problems)), (vec![], vec![]));
    let pointer = it.world.put(POINTER, None, &blue).await;
    for to in [&it.green, &it.blue] {
        let (_, _, problems) = it.world.plan(POINTER, Some(&pointer), &it.pointer(it.id(to))).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
    }
    assert_eq!(errors(&it.world.configure().await), Vec::<String>::new());
    let (_, _, problems) = it.world.plan_beside(POINTER, Some(&pointer), &it.pointer(it.id(&it.green))).await;
    assert_eq!(errors(&problems), Vec::<String>::new(), "a process that serves many commands");
}

#[tokio::test]
async fn a_pointer_that_is_replaced_does_not_switch_off_what_the_new_one_chose() {
    let it = Integration::new().await;
    let mut declared = it.pointer(it.id(&it.blue));
    declared.insert("on_destroy".to_owned(), text("deactivate"));
    let old = it.world.put(POINTER, None, &declared).await;
    it.world.put(POINTER, None, &declared).await;
    assert_eq!(it.world.delete_beside(POINTER, &old).await.0, None);
    let rows = it.world.rows("http_connection", "name");
    assert_eq!(rows["blue"]["active"], "true");
    assert_eq!(it.world.delete(POINTER, &old).await.0, None);
    assert_eq!(it.world.rows("http_connection", "name")["blue"]["active"], "false");
}
