//! What is assumed of states, columns and pauses, each of which may be otherwise: nothing is switched then, and the message
//! names what corrects it.

use serde_json::json;
use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::Value;

use super::{INTEGRATION, STAGE, Story, TRANSACTION, nothing};
use crate::world::text;

/// Nothing was switched and nothing stays paused, and one message has these parts.
async fn check_refused(it: &mut Story, parts: &[&str]) {
    let (problems, _) = it.switch().await;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    for part in
        parts.iter().chain(&["Could not drain the Unifi integration \"orders\"", "Nothing was switched."])
    {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert_eq!((STAGE.active(&it.world), it.traffic.state().as_str()), (vec!["blue".to_owned()], "active"));
    assert!(!it.writes().contains(&"PATCH green".to_owned()), "{:?}", it.writes());
}

fn map(pairs: &[(&str, Value)]) -> Value {
    Value::Map(pairs.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect())
}

fn words(words: &[&str]) -> Value {
    Value::List(words.iter().map(|it| text(it)).collect())
}

/// The choices of a column on an instance of its own kind.
fn offer(it: &Story, table: &str, choices: &[(&str, &str)]) {
    let path = "/api/now/table/sys_choice";
    for row in it
        .world
        .simulator
        .rows("sys_choice")
        .iter()
        .filter(|it| it["name"] == table && it["element"] == "state")
    {
        it.world.hand(Method::Delete, &format!("{path}/{}", row["sys_id"]), "");
    }
    for (value, label) in choices {
        let row = json!({
            "name": table, "element": "state", "value": value, "label": label, "language": "en", "inactive": "false",
        });
        assert_eq!(it.world.hand(Method::Post, path, &row.to_string()).status, 201);
    }
}

#[tokio::test]
async fn a_pause_that_is_refused_or_ignored_ends_before_anything_is_switched() {
    for (setting, parts) in [
        ("refused", &["403", "Unifi: active follows the connections"][..]),
        ("ignored", &["set to `paused` and is `active`", "`columns`", "`unifi_states`"]),
    ] {
        let mut it = Story::new(None).await;
        it.world.simulator.set("unifi_pause", setting).unwrap();
        check_refused(&mut it, parts).await;
    }
}

#[tokio::test]
async fn a_pause_that_holds_nothing_back_is_noticed_by_what_is_sent_all_the_same() {
    let mut it = Story::new(None).await;
    for (setting, value) in [("unifi_pause", "hollow"), ("unifi_sending", "slow")] {
        it.world.simulator.set(setting, value).unwrap();
    }
    let (traffic, mut patched) = (it.traffic.clone(), false);
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/x_snd_eb_integration") && !patched {
            patched = true;
            traffic.comes("TX1");
        } else if what == "wait" && patched {
            traffic.comes("TX2");
        }
    });
    check_refused(
        &mut it,
        &["It was paused, and the transaction TX2 was taken into work all the same", "`paused`"],
    )
    .await;
}

#[tokio::test]
async fn messages_that_come_in_are_no_concern_of_a_pause() {
    let mut it = Story::new(None).await;
    let id = it.traffic.comes("in");
    let path = format!("/api/now/table/{TRANSACTION}/{id}");
    assert_eq!(
        it.world.hand(Method::Patch, &path, r#"{"state":"sending","direction":"inbound"}"#).status,
        200
    );
    assert_eq!(it.switch().await, nothing());
}

#[tokio::test]
async fn hidden_messages_are_no_empty_queue() {
    let hidden = |headers: &[(&str, &str)]| FaultKind::Answer {
        status: 200,
        headers: headers.iter().map(|(name, it)| ((*name).to_owned(), (*it).to_owned())).collect(),
        body: r#"{"result":[]}"#.to_owned(),
    };
    for headers in [&[("X-Total-Count", "3")][..], &[]] {
        let mut it = Story::new(None).await;
        it.world.simulator.fault(Fault::next(hidden(headers)).times(100).on_path(TRANSACTION));
        check_refused(&mut it, &["the user may not see", "a role that reads all of them"]).await;
        assert_eq!(it.writes(), Vec::<String>::new());
    }
    let refused = FaultKind::Status { status: 403, retry_after_s: None };
    let mut it = Story::new(None).await;
    it.world.simulator.fault(Fault::next(refused).times(100).on_path(TRANSACTION));
    check_refused(&mut it, &["403"]).await;
}

#[tokio::test]
async fn a_column_that_is_not_there_is_named_and_never_taken_for_an_empty_queue() {
    for (rows, dictionary) in [("false", true), ("true", true), ("true", false)] {
        for column in ["state", "integration"] {
            let mut it = Story::new(None).await;
            it.world.simulator.set("invalid_query_returns_no_rows", rows).unwrap();
            it.traffic.comes("TX1");
            let columns = map(&[(&format!("{TRANSACTION}.{column}"), text("u_nowhere"))]);
            STAGE.configure(&it.world, &[("columns", columns)]).await;
            if !dictionary {
                let refused = FaultKind::Status { status: 403, retry_after_s: None };
                it.world.simulator.fault(Fault::next(refused).times(100).on_path("sys_dictionary"));
            }
            check_refused(&mut it, &[&format!("`{TRANSACTION}` has no column `u_nowhere`"), "`columns`"])
                .await;
        }
    }
}

#[tokio::test]
async fn a_column_that_is_called_otherwise_is_written_under_its_name() {
    let mut it = Story::new(None).await;
    let columns = map(&[(&format!("{INTEGRATION}.state"), text("status"))]);
    STAGE.configure(&it.world, &[("columns", columns)]).await;
    check_refused(
        &mut it,
        &["\"paused\" is no choice of `x_snd_eb_integration.state`", "\"Up\" (`up`)", "`paused`"],
    )
    .await;
    let states = map(&[("paused", words(&["Down"]))]);
    let columns = map(&[(&format!("{INTEGRATION}.state"), text("status"))]);
    STAGE.configure(&it.world, &[("columns", columns), ("unifi_states", states)]).await;
    let (traffic, seen) = (it.traffic.clone(), std::sync::Arc::new(std::sync::Mutex::new(Vec::new())));
    let noted = seen.clone();
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/x_snd_eb_connection") {
            noted
                .lock()
                .unwrap()
                .extend(traffic.simulator.rows(INTEGRATION).iter().map(|it| it["status"].clone()));
        }
    });
    assert_eq!(it.switch().await, nothing());
    assert_eq!(*seen.lock().unwrap(), ["down"], "paused at the moment of the switch");
}

#[tokio::test]
async fn a_state_is_found_by_its_label_and_written_as_it_is_stored() {
    let mut it = Story::new(None).await;
    offer(&it, INTEGRATION, &[("1", "Active"), ("3", "Paused"), ("active", "Up")]);
    STAGE.configure(&it.world, &[]).await;
    let (traffic, seen) = (it.traffic.clone(), std::sync::Arc::new(std::sync::Mutex::new(Vec::new())));
    let noted = seen.clone();
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/x_snd_eb_connection") {
            noted.lock().unwrap().push(traffic.state());
        }
    });
    assert_eq!(it.switch().await, nothing());
    assert_eq!((seen.lock().unwrap().clone(), it.traffic.state().as_str()), (vec!["3".to_owned()], "active"));
}

#[tokio::test]
async fn states_of_messages_that_are_called_otherwise_are_never_taken_for_an_end() {
    // What is an end here is called otherwise: one of the past looks unfinished, and the message names its state.
    let mut it = Story::new(None).await;
    let choices = [("complete", "Complete"), ("queued", "Queued"), ("processed", "Processed")];
    offer(&it, TRANSACTION, &choices);
    let id = it.traffic.comes("TX1");
    it.traffic.becomes(&id, "processed");
    check_refused(&mut it, &["1 `processed`", "name it as `finished`"]).await;
    let states = map(&[("finished", words(&["Done"]))]);
    STAGE.configure(&it.world, &[("unifi_states", states)]).await;
    check_refused(&mut it, &["\"Done\" is no choice", "\"Complete\" (`complete`)", "meant by `finished`"])
        .await;
    let states = map(&[("finished", words(&["Processed"]))]);
    STAGE.configure(&it.world, &[("unifi_states", states)]).await;
    assert_eq!(it.switch().await, nothing());
}

#[tokio::test]
async fn a_setting_that_cannot_be_meant_is_refused() {
    let it = Story::new(None).await;
    for (key, words) in [("sending", words(&["x"])), ("paused", words(&["a", "b"]))] {
        let problems = it.world.configure_with(&[("unifi_states", map(&[(key, words)]))]).await;
        let told = crate::world::errors(&problems).join("");
        assert!(told.contains("`unifi_states`") && told.contains(&format!("`{key}`")), "{told}");
    }
}
