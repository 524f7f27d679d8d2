//! Several active connections of an alias that allows them: exactly the declared ones, in their order.

use std::collections::BTreeSet;

use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text, warnings};

pub const POINTER: &str = "servicenow_connection_activation";
const RULES: [&str; 3] = ["cascade", "refuse", "none"];
const COLOURS: [&str; 4] = ["blue", "green", "red", "white"];

/// Requests that a switch may take at most.
const REQUESTS_MAX: u32 = 40;

/// An alias with four connections, none of which is active.
pub struct Fleet {
    pub world: World,
    pub alias: (Object, State),
    ids: Vec<String>,
}

impl Fleet {
    pub async fn new(rule: &str) -> Fleet {
        Fleet::with(rule, &[]).await
    }

    pub async fn with(rule: &str, settings: &[(&str, Value)]) -> Fleet {
        let world = World::over(crate::world::empty());
        world.simulator.set("one_active_rule", rule).unwrap();
        assert_eq!(errors(&world.configure_with(settings).await), Vec::<String>::new());
        let members = [("name", text("orders")), ("multiple_connections", Value::Bool(true))];
        let declared = config(&world, "servicenow_connection_alias", &members);
        let alias = world.put("servicenow_connection_alias", None, &declared).await;
        let id = attribute(&alias, "id");
        let mut ids = Vec::new();
        for colour in COLOURS {
            let answer = world.hand(
                Method::Post,
                "/api/now/table/http_connection",
                &format!(r#"{{"name":"{colour}","active":"false","connection_alias":"{id}","connection_url":"https://{colour}.example"}}"#),
            );
            let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            ids.push(json["result"]["sys_id"].as_str().unwrap().to_owned());
        }
        Fleet { world, alias: (declared, alias), ids }
    }

    pub fn id(&self, colour: &str) -> String {
        self.ids[COLOURS.iter().position(|it| *it == colour).unwrap()].clone()
    }

    fn list(&self, colours: &[&str]) -> Value {
        Value::List(colours.iter().map(|it| text(&self.id(it))).collect())
    }

    pub fn to(&self, colours: &[&str], more: &[(&str, Value)]) -> Object {
        let alias = text(&attribute(&self.alias.1, "id"));
        let members = [("connection_alias_id", alias), ("connection_ids", self.list(colours))];
        config(&self.world, POINTER, &[&members, more].concat())
    }

    pub async fn put(&self, state: Option<&State>, colours: &[&str]) -> State {
        self.world.put(POINTER, state, &self.to(colours, &[])).await
    }

    async fn refreshed(&self, state: &State) -> (State, Diagnostics) {
        let (state, problems) = self.world.refresh(POINTER, state).await;
        (state.unwrap(), problems)
    }

    pub fn by_hand(&self, colour: &str, cells: &str) {
        let path = format!("/api/now/table/http_connection/{}", self.id(colour));
        assert_eq!(self.world.hand(Method::Patch, &path, cells).status, 200);
    }

    /// The active ones in the order in which the instance has them.
    fn active(&self) -> Vec<String> {
        let rows =
            self.world.simulator.rows("sys_connection").into_iter().filter(|it| it["active"] == "true");
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|it| (it["order"].parse::<i64>().unwrap_or(i64::MAX), it["name"].clone()));
        rows.into_iter().map(|it| it["name"].clone()).collect()
    }

    fn colours(&self, value: &Value) -> Vec<String> {
        let colour = |it: &Value| {
            let at = self.ids.iter().position(|id| Some(id.as_str()) == it.as_str()).unwrap();
            COLOURS[at].to_owned()
        };
        value.as_elements().unwrap_or_default().iter().map(colour).collect()
    }

    /// The writes to connections since then, with their colours.
    fn writes_since(&self, count: usize) -> Vec<String> {
        let mut writes = self.world.writes().split_off(count);
        for (id, colour) in self.ids.iter().zip(COLOURS) {
            for write in &mut writes {
                *write = write.replace(&format!("/api/now/table/http_connection/{id}"), colour);
            }
        }
        writes
    }
}

#[track_caller]
fn says(problems: &[String], parts: &[&str]) {
    let [problem] = problems else { panic!("{problems:?}") };
    for part in parts {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

/// Whatever was active between two writes was active together before or is declared together now.
#[track_caller]
fn no_mixture(world: &World, before: &[&str], after: &[&str], label: &str) {
    let set = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<String>>();
    let (before, after) = (set(before), set(after));
    for now in world.sets.lock().unwrap().iter() {
        assert!(now.is_subset(&before) || now.is_subset(&after), "{label}: {now:?} were active together");
    }
}

#[tokio::test]
async fn exactly_the_declared_ones_become_active_in_their_order_under_every_rule() {
    for rule in RULES {
        let it = Fleet::new(rule).await;
        let state = it.put(None, &["green", "blue"]).await;
        assert_eq!(it.active(), ["green", "blue"], "{rule}");
        assert_eq!(
            it.world.drift(POINTER, &state, &it.to(&["green", "blue"], &[])).await,
            Vec::<String>::new()
        );
        assert_eq!(state.object["previous_connection_ids"], Value::Null, "nothing was active");
        let (state, _) = it.refreshed(&state).await;
        let next = it.to(&["red", "blue"], &[]);
        let (planned, _, problems) = it.world.plan(POINTER, Some(&state), &next).await;
        assert_eq!((errors(&problems), warnings(&problems)), (vec![], vec![]), "{rule}");
        assert_eq!(
            planned["deactivates"],
            Value::List(vec![text("green")]),
            "{rule}: the plan shows the collateral"
        );
        assert_eq!(
            it.colours(&planned["previous_connection_ids"]),
            ["green", "blue"],
            "{rule}: and the way back"
        );
        it.world.sets.lock().unwrap().clear();
        let writes = it.world.writes().len();
        let state = it.put(Some(&state), &["red", "blue"]).await;
        assert_eq!(it.active(), ["red", "blue"], "{rule}");
        let expected = ["PATCH green", "PATCH red", "PATCH red"];
        assert_eq!(it.writes_since(writes), expected, "{rule}: off, placed, on; blue is not touched");
        no_mixture(&it.world, &["green", "blue"], &["red", "blue"], rule);
        assert!(it.world.sets.lock().unwrap().iter().all(|it| it.contains("blue")), "{rule}: never dark");
        let (state, _) = it.refreshed(&state).await;
        let back: Vec<String> = it.colours(&state.object["previous_connection_ids"]);
        let state = it.put(Some(&state), &back.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(it.active(), ["green", "blue"], "{rule}: back in one change");
        let writes = it.world.writes().len();
        it.put(Some(&state), &["green", "blue"]).await;
        assert_eq!(it.world.writes().len(), writes, "{rule}: nothing is written when it is so already");
    }
}

#[tokio::test]
async fn another_order_of_the_same_ones_is_a_change_that_switches_nothing() {
    let it = Fleet::new("cascade").await;
    let state = it.put(None, &["green", "blue"]).await;
    let (state, _) = it.refreshed(&state).await;
    it.world.sets.lock().unwrap().clear();
    let state = it.put(Some(&state), &["blue", "green"]).await;
    assert_eq!(it.active(), ["blue", "green"]);
    assert!(it.world.sets.lock().unwrap().iter().all(|it| it.len() == 2));
    let (_, problems) = it.refreshed(&state).await;
    assert_eq!(warnings(&problems), Vec::<String>::new());
}

#[tokio::test]
async fn one_of_several_is_written_without_a_place_and_a_single_one_may_be_declared() {
    let it = Fleet::new("none").await;
    let writes = it.world.writes().len();
    it.put(None, &["red"]).await;
    assert_eq!(
        (it.writes_since(writes), it.active()),
        (vec!["PATCH red".to_owned()], vec!["red".to_owned()])
    );
}

#[tokio::test]
async fn each_attribute_is_refused_where_the_other_one_belongs() {
    let it = Fleet::new("cascade").await;
    let alias = attribute(&it.alias.1, "id");
    let members = [("connection_alias_id", text(&alias)), ("connection_id", text(&it.id("blue")))];
    let one = config(&it.world, POINTER, &members);
    let (_, problems) = it.world.apply(POINTER, None, &one).await;
    says(&errors(&problems), &["may have several active ones", "`connection_ids`", "Nothing was changed"]);
    // Where the alias is in the same plan, the plan says so.
    it.world.plan("servicenow_connection_alias", Some(&it.alias.1), &it.alias.0).await;
    let (_, _, problems) = it.world.plan_beside(POINTER, None, &one).await;
    says(&errors(&problems), &["may have several active ones", "`connection_ids`"]);
    let path = format!("/api/now/table/sys_alias/{alias}");
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"false"}"#);
    let (_, _, problems) = it.world.plan(POINTER, None, &it.to(&["blue", "green"], &[])).await;
    says(
        &errors(&problems),
        &["\"orders\" may have one active connection", "`connection_id`", "multiple_connections = true"],
    );
    // What is planned for the alias counts.
    it.world.plan("servicenow_connection_alias", Some(&it.alias.1), &it.alias.0).await;
    let (_, _, problems) = it.world.plan_beside(POINTER, None, &it.to(&["blue", "green"], &[])).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    assert_eq!(it.active(), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_one_twice_none_and_both_attributes_are_refused_before_anything_is_asked() {
    let it = Fleet::new("cascade").await;
    let schema = it.world.resource(POINTER).schema();
    let one = ("connection_id", text(&it.id("blue")));
    for (declared, expected) in [
        (it.to(&["blue", "blue"], &[]), "is there twice"),
        (it.to(&[], &[]), "connection_ids"),
        (it.to(&["blue"], &[one]), "connection_id"),
        (it.to(&["blue"], &[("connection_ids", Value::Null)]), "connection_id"),
    ] {
        let problems = tf_core::check::run(&schema, &declared);
        assert!(errors(&problems).join(" ").contains(expected), "{problems:?}");
    }
    assert_eq!(errors(&tf_core::check::run(&schema, &it.to(&["blue", "green"], &[]))), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_switched_or_put_in_another_order_by_hand_is_seen_and_healed() {
    for rule in RULES {
        let it = Fleet::new(rule).await;
        let declared = it.to(&["green", "blue"], &[]);
        let mut state = it.put(None, &["green", "blue"]).await;
        for (colour, cells, live) in [
            ("red", r#"{"active":"true"}"#, vec!["green", "blue", "red"]),
            ("blue", r#"{"active":"false"}"#, vec!["green"]),
            ("blue", r#"{"order":"5"}"#, vec!["blue", "green"]),
        ] {
            it.by_hand(colour, cells);
            let (seen, problems) = it.refreshed(&state).await;
            says(
                &warnings(&problems),
                &["\"orders\" were switched outside", "\"green\" and \"blue\"", "last changed by admin"],
            );
            assert_eq!(it.colours(&seen.object["connection_ids"]), live, "{rule}: {cells}");
            state = it.world.put(POINTER, Some(&seen), &declared).await;
            assert_eq!(it.active(), ["green", "blue"], "{rule}: {cells}");
        }
        it.by_hand("green", r#"{"active":"false"}"#);
        it.by_hand("blue", r#"{"active":"false"}"#);
        let (seen, problems) = it.refreshed(&state).await;
        says(&warnings(&problems), &["No connection is active"]);
        it.world.put(POINTER, Some(&seen), &declared).await;
        assert_eq!(it.active(), ["green", "blue"], "{rule}");
    }
}

#[tokio::test]
async fn what_somebody_else_activated_is_treated_as_declared() {
    let more = |on: &str| [("on_foreign_active", text(on))];
    let it = Fleet::new("cascade").await;
    let adopts = it.to(&["green", "blue"], &more("adopt"));
    let state = it.world.put(POINTER, None, &adopts).await;
    it.by_hand("red", r#"{"active":"true"}"#);
    let (seen, _) = it.refreshed(&state).await;
    let (planned, _, problems) = it.world.plan(POINTER, Some(&seen), &adopts).await;
    says(&warnings(&problems), &["is active and stays so", "\"red\"", "connection_ids"]);
    assert_eq!(it.colours(&planned["connection_ids"]), ["green", "blue", "red"]);
    let others = it.to(&["blue"], &more("adopt"));
    let state = it.world.put(POINTER, Some(&seen), &others).await;
    assert_eq!(it.active(), ["blue"], "a new declaration counts");
    let refuses = it.to(&["blue"], &more("error"));
    let state = it.world.put(POINTER, Some(&it.refreshed(&state).await.0), &refuses).await;
    it.by_hand("white", r#"{"active":"true"}"#);
    let (seen, _) = it.refreshed(&state).await;
    let (_, problems) = it.world.apply(POINTER, Some(&seen), &refuses).await;
    says(&errors(&problems)[..1], &["Another connection", "\"white\" is active"]);
    // What became active after the plan stops the apply.
    let it = Fleet::new("none").await;
    let state = it.put(None, &["green", "blue"]).await;
    let (seen, _) = it.refreshed(&state).await;
    it.by_hand("red", r#"{"active":"true"}"#);
    let (_, problems) = it.world.apply(POINTER, Some(&seen), &it.to(&["green"], &[])).await;
    says(&errors(&problems), &["since the plan was made", "\"red\""]);
}

#[tokio::test]
async fn what_is_active_is_imported_in_the_order_of_the_instance() {
    let it = Fleet::new("none").await;
    for (colour, order) in [("green", 20), ("white", 10), ("blue", 30)] {
        it.by_hand(colour, &format!(r#"{{"active":"true","order":"{order}"}}"#));
    }
    let state = it.world.import(POINTER, "orders").await.unwrap();
    assert_eq!(it.colours(&state.object["connection_ids"]), ["white", "green", "blue"]);
    assert_eq!(state.object["connection_id"], Value::Null);
    let declared = it.to(&["white", "green", "blue"], &[]);
    assert_eq!(it.world.drift(POINTER, &state, &declared).await, Vec::<String>::new());
    it.world.put(POINTER, Some(&state), &it.to(&["blue", "green"], &[])).await;
    assert_eq!(it.active(), ["blue", "green"]);
}

#[tokio::test]
async fn destroying_keeps_or_deactivates_all_of_them_as_declared() {
    for (on_destroy, left) in [("keep", vec!["green", "blue"]), ("deactivate", vec![])] {
        let it = Fleet::new("cascade").await;
        let declared = it.to(&["green", "blue"], &[("on_destroy", text(on_destroy))]);
        let state = it.world.put(POINTER, None, &declared).await;
        let said = warnings(&it.world.resource(POINTER).plan_deletion(&state).await);
        if left.is_empty() {
            says(&said, &["\"orders\" goes dark", "\"green\" and \"blue\""]);
        }
        assert_eq!(it.world.delete(POINTER, &state).await.0, None);
        assert_eq!(it.active(), left);
    }
}

#[tokio::test]
async fn one_that_is_refused_leads_back_to_all_that_was() {
    for rule in RULES {
        for (at, times, back) in [(1, 1, "changed back"), (2, 1, "changed back"), (2, 100, "failed too")] {
            let it = Fleet::new(rule).await;
            let state = it.put(None, &["green", "blue"]).await;
            let (state, _) = it.refreshed(&state).await;
            let orders = it.world.rows("http_connection", "name");
            let body = r#"{"error":{"message":"Operation Failed","detail":"aborted by Business Rule 'Freeze^1'"},"status":"failure"}"#;
            let refused = FaultKind::RefusedBefore { status: 403, body: body.to_owned() };
            let fault = Fault::nth(at, refused).times(times).on_method("PATCH").on_path(&it.id("white"));
            it.world.simulator.fault(fault);
            it.world.sets.lock().unwrap().clear();
            let next = it.to(&["white", "red"], &[]);
            let (after, problems) = it.world.apply(POINTER, Some(&state), &next).await;
            says(&errors(&problems), &["Freeze", "\"white\" and \"red\" had to be active", back]);
            says(&errors(&problems), &["Now \"blue\" and \"green\" are active"]);
            no_mixture(&it.world, &["green", "blue"], &["white", "red"], rule);
            assert_eq!(it.active(), ["green", "blue"], "{rule}");
            for (name, row) in it.world.rows("http_connection", "name") {
                if times == 1 {
                    assert_eq!(row["order"], orders[&name]["order"], "{rule}: {name} has its place again");
                }
            }
            it.world.simulator.clear_faults();
            it.put(after.as_ref(), &["white", "red"]).await;
            assert_eq!(it.active(), ["white", "red"], "{rule}");
        }
    }
}

/// What goes wrong, and how many requests in a row.
fn kinds() -> Vec<(FaultKind, u32)> {
    let refused = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception"},"status":"failure"}"#;
    vec![
        (FaultKind::RefusedBefore { status: 403, body: refused.to_owned() }, 1),
        (FaultKind::RefusedBefore { status: 403, body: refused.to_owned() }, 10_000),
        (FaultKind::LostAfter, 1),
        (FaultKind::LostAfter, 10_000),
        (FaultKind::LostBefore, 10_000),
        (FaultKind::TruncatedBody, 1),
        (FaultKind::Status { status: 503, retry_after_s: None }, 10_000),
    ]
}

#[tokio::test]
async fn whatever_request_fails_no_mixture_is_active_and_the_next_apply_goes_through() {
    let it = Fleet::new("cascade").await;
    let state = it.put(None, &["green", "blue"]).await;
    it.world.simulator.snapshot("moment").unwrap();
    let mut disturbed = 0;
    for (kind, times) in kinds() {
        for at in 1..REQUESTS_MAX {
            let label = format!("{kind:?} at request {at}, {times} times");
            it.world.simulator.restore("moment").unwrap();
            it.world.simulator.clear_journal();
            it.world.sets.lock().unwrap().clear();
            it.world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
            let next = it.to(&["red", "white", "blue"], &[]);
            let (seen, mut problems) = it.world.refresh(POINTER, &state).await;
            let mut kept = seen.or(Some(state.clone()));
            if !problems.has_errors() {
                (kept, problems) = it.world.apply(POINTER, kept.as_ref(), &next).await;
            }
            let is_over = it.world.requests().len() < at as usize;
            it.world.simulator.clear_faults();
            disturbed += usize::from(problems.has_errors());
            no_mixture(&it.world, &["green", "blue"], &["red", "white", "blue"], &label);
            // The next command is another process.
            assert_eq!(errors(&it.world.configure().await), Vec::<String>::new());
            let (seen, problems) = it.world.refresh(POINTER, &kept.unwrap()).await;
            assert_eq!(errors(&problems), Vec::<String>::new(), "{label}");
            let healed = it.world.put(POINTER, seen.as_ref(), &next).await;
            assert_eq!(it.active(), ["red", "white", "blue"], "{label}");
            assert_eq!(it.world.drift(POINTER, &healed, &next).await, Vec::<String>::new(), "{label}");
            if is_over {
                break;
            }
            assert!(at < REQUESTS_MAX - 1, "{label}: the loop does not end");
        }
    }
    assert!(disturbed > 20, "the faults were met: {disturbed}");
}

#[tokio::test]
async fn an_instance_without_the_column_keeps_exactly_the_declared_ones_and_says_that_the_order_is_not_kept()
{
    let columns = Value::Map([("sys_connection.order".to_owned(), text(""))].into());
    let it = Fleet::with("cascade", &[("columns", columns)]).await;
    let declared = it.to(&["white", "blue"], &[]);
    let (state, problems) = it.world.apply(POINTER, None, &declared).await;
    says(&warnings(&problems), &["order of the active connections is not kept", "`sys_connection.order`"]);
    let rows = it.world.rows("http_connection", "name");
    assert!(rows.values().all(|it| it["order"].is_empty()), "nothing is written to it");
    assert_eq!(it.world.drift(POINTER, &state.unwrap(), &declared).await, Vec::<String>::new());
}

#[tokio::test]
async fn two_resources_that_choose_several_are_refused_and_named() {
    let it = Fleet::new("cascade").await;
    it.world.plan(POINTER, None, &it.to(&["blue", "green"], &[])).await;
    let (_, _, problems) = it.world.plan_beside(POINTER, None, &it.to(&["green", "blue"], &[])).await;
    says(&errors(&problems), &["Two resources choose", "\"blue\" and \"green\"", "\"green\" and \"blue\""]);
}

#[tokio::test]
async fn an_alias_that_comes_to_allow_several_moves_from_one_attribute_to_the_other() {
    let it = Fleet::new("refuse").await;
    let path = format!("/api/now/table/sys_alias/{}", attribute(&it.alias.1, "id"));
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"false"}"#);
    let nobody = [("connection_ids", Value::Null), ("connection_id", text(&it.id("blue")))];
    let one = it.to(&[], &nobody);
    let state = it.world.put(POINTER, None, &one).await;
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"true"}"#);
    let (state, _) = it.refreshed(&state).await;
    let state = it.put(Some(&state), &["green", "blue"]).await;
    assert_eq!(it.active(), ["green", "blue"]);
    assert_eq!(attribute(&state, "previous_connection_id"), it.id("blue"));
    it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"false"}"#);
    let (state, _) = it.refreshed(&state).await;
    let state = it.world.put(POINTER, Some(&state), &one).await;
    assert_eq!(it.active(), ["blue"]);
    assert_eq!(it.colours(&state.object["previous_connection_ids"]), ["green", "blue"]);
    assert_eq!(it.world.drift(POINTER, &state, &one).await, Vec::<String>::new());
}
