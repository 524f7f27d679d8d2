//! Words that the instance keeps a list of: what is stored may be anything, and people write what they see.

use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::catalogue::{id, world};
use crate::world::{World, attribute, config, errors, text};

const CONNECTION: &str = "servicenow_unifi_connection";

fn connection(world: &World, more: &[(&str, Value)]) -> Object {
    let members = [("integration_id", text(&id("integra"))), ("environment", text("Test"))];
    config(world, CONNECTION, &members.into_iter().chain(more.iter().cloned()).collect::<Vec<_>>())
}

/// The choices of `authentication` on an instance of its own kind.
fn offer(world: &World, choices: &[(&str, &str)]) {
    let path = "/api/now/table/sys_choice";
    let is_own = |it: &std::collections::BTreeMap<String, String>| {
        it["name"] == "x_snd_eb_connection" && it["element"] == "authentication"
    };
    for row in world.simulator.rows("sys_choice").into_iter().filter(is_own) {
        assert_eq!(world.hand(Method::Delete, &format!("{path}/{}", row["sys_id"]), "").status, 204);
    }
    for (value, label) in choices {
        let row = serde_json::json!({
            "name": "x_snd_eb_connection", "element": "authentication", "value": value, "label": label,
            "language": "en", "inactive": "false",
        });
        assert_eq!(world.hand(Method::Post, path, &row.to_string()).status, 201);
    }
}

fn stored(world: &World, state: &State) -> String {
    world.rows("x_snd_eb_connection", "sys_id")[&attribute(state, "id")]["authentication"].clone()
}

#[tokio::test]
async fn a_way_to_sign_in_is_written_as_the_instance_stores_it_and_kept_as_it_was_spelt() {
    let basic = [("user", text("svc"))];
    let oauth = [("oauth_profile", text("flows"))];
    for (choices, word, expected) in [
        ([("basic", "Basic"), ("oauth", "OAuth 2.0")], "basic", "basic"),
        ([("1", "Basic"), ("2", "OAuth 2.0")], "basic", "1"),
        ([("1", "Basic"), ("2", "OAuth 2.0")], "Basic", "1"),
        ([("1", "Basic"), ("2", "OAuth 2.0")], "1", "1"),
        ([("1", "Basic"), ("2", "OAuth 2.0")], "OAuth 2.0", "2"),
        ([("basic_auth", "User and password"), ("oauth2", "Token")], "oauth", "oauth2"),
    ] {
        let world = world().await;
        offer(&world, &choices);
        let more = if word.to_lowercase().contains("oauth") { &oauth } else { &basic };
        let wish = connection(&world, &[&[("authentication", text(word))], &more[..]].concat());
        let state = world.put(CONNECTION, None, &wish).await;
        assert_eq!(
            (stored(&world, &state), attribute(&state, "authentication")),
            (expected.into(), word.into())
        );
        assert_eq!(world.drift(CONNECTION, &state, &wish).await, Vec::<String>::new(), "{word}");
        let mut respelt = wish.clone();
        respelt.insert("authentication".to_owned(), text(expected));
        assert_eq!(world.drift(CONNECTION, &state, &respelt).await, Vec::<String>::new(), "{word}");
        let imported = world.import(CONNECTION, &attribute(&state, "id")).await.unwrap();
        assert_eq!(world.drift(CONNECTION, &imported, &wish).await, Vec::<String>::new(), "{word}");
    }
}

#[tokio::test]
async fn a_word_that_is_no_choice_is_refused_with_those_that_are() {
    let world = world().await;
    offer(&world, &[("1", "Basic"), ("2", "OAuth 2.0")]);
    let wish = connection(&world, &[("authentication", text("Kerberos"))]);
    let (state, problems) = world.apply(CONNECTION, None, &wish).await;
    let told = errors(&problems).join("\n");
    assert!(state.is_none() && told.contains("`Kerberos`") && told.contains("\"OAuth 2.0\" (`2`)"), "{told}");
    assert_eq!(world.simulator.rows("x_snd_eb_connection").len(), 0);
}

#[tokio::test]
async fn without_the_right_to_read_choices_a_word_of_ours_is_the_value() {
    let world = world().await;
    let body = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception"},"status":"failure"}"#;
    let refused = FaultKind::RefusedBefore { status: 403, body: body.to_owned() };
    world.simulator.fault(Fault::next(refused).on_path("/sys_choice").times(100));
    let more = [("authentication", text("OAuth 2.0")), ("oauth_profile", text("flows"))];
    let wish = connection(&world, &more);
    let state = world.put(CONNECTION, None, &wish).await;
    assert_eq!(stored(&world, &state), "oauth");
    assert_eq!(world.drift(CONNECTION, &state, &wish).await, Vec::<String>::new());
}
