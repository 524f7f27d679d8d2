//! Which connection is active: switching, healing, adopting, and what the instance sees of it.

use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text, warnings};

pub const ACTIVATION: &str = "servicenow_connection_activation";
const RULES: [&str; 3] = ["cascade", "refuse", "none"];

/// An alias with two connections, and a pointer to the first.
pub struct BlueGreen {
    pub world: World,
    pub alias: String,
    pub blue: String,
    pub green: String,
    config: Object,
    pub pointer: State,
}

impl BlueGreen {
    pub async fn new(rule: &str) -> BlueGreen {
        let world = World::new().await;
        world.simulator.set("one_active_rule", rule).unwrap();
        let alias = config(&world, "servicenow_connection_alias", &[("name", text("orders"))]);
        let alias = attribute(&world.put("servicenow_connection_alias", None, &alias).await, "id");
        let mut ids = Vec::new();
        for name in ["blue", "green"] {
            let members = [
                ("name", text(name)),
                ("connection_alias_id", text(&alias)),
                ("connection_url", text(&format!("https://{name}.example"))),
            ];
            let config = config(&world, "servicenow_http_connection", &members);
            ids.push(attribute(&world.put("servicenow_http_connection", None, &config).await, "id"));
        }
        let members = [("connection_alias_id", text(&alias)), ("connection_id", text(&ids[0]))];
        let config = config(&world, ACTIVATION, &members);
        let pointer = world.put(ACTIVATION, None, &config).await;
        let [blue, green] = ids.try_into().unwrap();
        BlueGreen { world, alias, blue, green, config, pointer }
    }

    fn active(&self) -> Vec<String> {
        let rows = self.world.rows("http_connection", "name");
        rows.into_iter().filter(|(_, row)| row["active"] == "true").map(|(name, _)| name).collect()
    }

    pub fn to(&self, id: &str) -> Object {
        let mut config = self.config.clone();
        config.insert("connection_id".to_owned(), text(id));
        config
    }

    pub fn by_hand(&self, id: &str, active: bool) {
        let path = format!("/api/now/table/http_connection/{id}");
        assert_eq!(
            self.world.hand(Method::Patch, &path, &format!("{{\"active\":\"{active}\"}}")).status,
            200
        );
    }

    async fn refreshed(&self) -> State {
        let (state, problems) = self.world.refresh(ACTIVATION, &self.pointer).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        state.unwrap()
    }
}

fn names(value: &Value) -> Vec<&str> {
    value.as_elements().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_switch_makes_exactly_the_declared_one_active_under_every_rule() {
    for rule in RULES {
        let it = BlueGreen::new(rule).await;
        assert_eq!(it.active(), ["blue"], "{rule}");
        assert_eq!(it.world.drift(ACTIVATION, &it.pointer, &it.config).await, Vec::<String>::new(), "{rule}");
        let pointer = it.refreshed().await;
        let (planned, _, _) = it.world.plan(ACTIVATION, Some(&pointer), &it.to(&it.green)).await;
        assert_eq!(names(&planned["deactivates"]), ["blue"], "{rule}: the plan shows the collateral");
        let pointer = it.world.put(ACTIVATION, Some(&pointer), &it.to(&it.green)).await;
        assert_eq!(it.active(), ["green"], "{rule}");
        assert_eq!(it.world.rows("http_connection", "name").len(), 2, "{rule}: no trial record stays");
        assert_eq!(
            it.world.drift(ACTIVATION, &pointer, &it.to(&it.green)).await,
            Vec::<String>::new(),
            "{rule}"
        );
    }
}

#[tokio::test]
async fn never_two_are_active_and_where_the_instance_cascades_never_none() {
    for rule in RULES {
        let it = BlueGreen::new(rule).await;
        let before = it.world.writes().len();
        it.world.instants.lock().unwrap().clear();
        it.world.put(ACTIVATION, Some(&it.refreshed().await), &it.to(&it.green)).await;
        let instants = it.world.instants.lock().unwrap().clone();
        assert!(instants.iter().all(|it| *it <= 1), "{rule}: two were active: {instants:?}");
        assert_eq!(instants.contains(&0), rule != "cascade", "{rule}: {instants:?}");
        let writes: Vec<String> =
            it.world.writes().split_off(before).into_iter().filter(|it| it.starts_with("PATCH")).collect();
        let patch = |id: &str| format!("PATCH /api/now/table/http_connection/{id}");
        // Off before on, except where the one write does both.
        let expected =
            if rule == "cascade" { vec![patch(&it.green)] } else { vec![patch(&it.blue), patch(&it.green)] };
        assert_eq!(writes, expected, "{rule}");
    }
}

#[tokio::test]
async fn the_instance_is_asked_once_for_all_switches_of_a_run() {
    let it = BlueGreen::new("cascade").await;
    let pointer = it.world.put(ACTIVATION, Some(&it.refreshed().await), &it.to(&it.green)).await;
    let before = it.world.writes().len();
    let (pointer, _) = it.world.refresh(ACTIVATION, &pointer).await;
    it.world.put(ACTIVATION, pointer.as_ref(), &it.to(&it.blue)).await;
    assert_eq!(
        it.world.writes().split_off(before),
        [format!("PATCH /api/now/table/http_connection/{}", it.blue)]
    );
}

#[tokio::test]
async fn a_switch_by_hand_is_seen_with_who_and_is_healed() {
    for rule in RULES {
        let it = BlueGreen::new(rule).await;
        if rule != "cascade" {
            it.by_hand(&it.blue, false);
        }
        it.by_hand(&it.green, true);
        let (state, problems) = it.world.refresh(ACTIVATION, &it.pointer).await;
        let state = state.unwrap();
        let [warning] = &warnings(&problems)[..] else { panic!("{problems:?}") };
        for part in ["\"orders\"", "\"blue\"", "\"green\" is active, last changed by admin at "] {
            assert!(warning.contains(part), "{part} is missing in {warning}");
        }
        assert_eq!(attribute(&state, "connection_id"), it.green);
        it.world.put(ACTIVATION, Some(&state), &it.config).await;
        assert_eq!(it.active(), ["blue"], "{rule}");
    }
}

#[tokio::test]
async fn none_and_two_active_are_seen_and_healed() {
    let it = BlueGreen::new("none").await;
    it.by_hand(&it.blue, false);
    let state = it.refreshed().await;
    assert_eq!(state.object["connection_id"], Value::Null);
    it.world.put(ACTIVATION, Some(&state), &it.config).await;
    assert_eq!(it.active(), ["blue"]);
    it.by_hand(&it.green, true);
    let state = it.refreshed().await;
    let (planned, _, _) = it.world.plan(ACTIVATION, Some(&state), &it.config).await;
    assert_eq!(names(&planned["deactivates"]), ["green"]);
    it.world.put(ACTIVATION, Some(&state), &it.config).await;
    assert_eq!(it.active(), ["blue"]);
}

#[tokio::test]
async fn a_new_one_that_is_refused_leads_back_to_the_old_one() {
    for rule in ["refuse", "none"] {
        let it = BlueGreen::new(rule).await;
        let body = r#"{"error":{"message":"Operation Failed","detail":"Operation against file 'http_connection' was aborted by Business Rule 'Freeze^1'. Business Rule Stack:Freeze"},"status":"failure"}"#;
        let refused = FaultKind::RefusedBefore { status: 403, body: body.to_owned() };
        it.world.simulator.fault(Fault::next(refused).on_method("PATCH").on_path(&it.green));
        let pointer = it.refreshed().await;
        let (state, problems) = it.world.apply(ACTIVATION, Some(&pointer), &it.to(&it.green)).await;
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
    for rule in RULES {
        let it = BlueGreen::new(rule).await;
        // What a missing access right to the column looks like: the write is answered with the row as it was.
        let body = format!(r#"{{"result":{{"sys_id":"{}","active":"false"}}}}"#, it.green);
        let dropped = FaultKind::RefusedBefore { status: 200, body };
        it.world.simulator.fault(Fault::next(dropped).on_method("PATCH").on_path(&it.green));
        let pointer = it.refreshed().await;
        let (state, problems) = it.world.apply(ACTIVATION, Some(&pointer), &it.to(&it.green)).await;
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
    let it = BlueGreen::new("cascade").await;
    let other = config(&it.world, "servicenow_connection_alias", &[("name", text("other"))]);
    let other = attribute(&it.world.put("servicenow_connection_alias", None, &other).await, "id");
    let members = [("connection_alias_id", text(&other)), ("connection_id", text(&it.blue))];
    let config = config(&it.world, ACTIVATION, &members);
    let writes = it.world.writes().len();
    let (state, problems) = it.world.apply(ACTIVATION, None, &config).await;
    assert!(state.is_none() && errors(&problems)[0].contains("Nothing was changed"), "{problems:?}");
    assert_eq!((it.world.writes().len(), it.active()), (writes, vec!["blue".to_owned()]));
}

#[tokio::test]
async fn an_alias_that_allows_several_has_no_pointer() {
    let it = BlueGreen::new("none").await;
    let path = format!("/api/now/table/sys_alias/{}", it.alias);
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"true"}"#);
    let (_, problems) = it.world.apply(ACTIVATION, Some(&it.pointer), &it.to(&it.green)).await;
    assert!(errors(&problems)[0].contains("may have several active ones"), "{problems:?}");
    assert_eq!(it.active(), ["blue"]);
}

#[tokio::test]
async fn a_new_pointer_says_what_it_will_switch_off() {
    let it = BlueGreen::new("cascade").await;
    let (planned, _, problems) = it.world.plan(ACTIVATION, None, &it.to(&it.green)).await;
    assert!(warnings(&problems)[0].contains("\"blue\" is active now"), "{problems:?}");
    assert!(planned["deactivates"].is_unknown(), "not promised: it may change until the apply");
    let state = it.world.put(ACTIVATION, None, &it.to(&it.green)).await;
    assert_eq!(names(&state.object["deactivates"]), ["blue"]);
}

#[tokio::test]
async fn destroying_keeps_or_deactivates_as_declared() {
    let it = BlueGreen::new("cascade").await;
    assert_eq!(it.world.delete(ACTIVATION, &it.pointer).await.0, None);
    assert_eq!(it.active(), ["blue"]);
    let mut config = it.config.clone();
    config.insert("on_destroy".to_owned(), text("deactivate"));
    let pointer = it.world.put(ACTIVATION, Some(&it.pointer), &config).await;
    assert_eq!(it.world.delete(ACTIVATION, &pointer).await.0, None);
    assert_eq!(it.active(), Vec::<String>::new());
}

#[tokio::test]
async fn it_imports_by_id_and_by_qualified_name() {
    let it = BlueGreen::new("cascade").await;
    for id in [it.alias.as_str(), "orders"] {
        let state = it.world.import(ACTIVATION, id).await.unwrap();
        assert_eq!(it.world.drift(ACTIVATION, &state, &it.config).await, Vec::<String>::new(), "{id}");
    }
}

#[tokio::test]
async fn switches_of_one_alias_at_the_same_time_end_with_one_active() {
    for rule in RULES {
        let it = BlueGreen::new(rule).await;
        let pointer = it.refreshed().await;
        let (green, blue) = (it.to(&it.green), it.to(&it.blue));
        let (first, second) = tokio::join!(
            it.world.apply(ACTIVATION, Some(&pointer), &green),
            it.world.apply(ACTIVATION, Some(&pointer), &blue)
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
