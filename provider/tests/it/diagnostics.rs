//! Every message of the catalogue comes about in some situation: each is brought about here, and recognized by words that no
//! other message has.

mod asking;
mod choosing;
mod marks;
mod several;

use std::collections::BTreeSet;

use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind, Later};
use terraform_provider_servicenow::errors::catalogue::entries;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use self::marks::MARKS;
use crate::activation::BlueGreen;
use crate::doubts::{CONTROL, instance, person};
use crate::found::{company, host};
use crate::obstacles::{Ends, all_said};
use crate::records::Trio;
use crate::rows::rotation::Rotating;
use crate::world::stage::STAGES;
use crate::world::{World, attribute, config, empty, errors, text, warnings};

const ALIAS: &str = "servicenow_connection_alias";
const CREDENTIAL: &str = "servicenow_basic_auth_credential";
const CONNECTION: &str = "servicenow_http_connection";

#[test]
fn every_message_has_its_situation_here() {
    let here: BTreeSet<&str> = MARKS.iter().map(|it| it.0).collect();
    let all: BTreeSet<&str> = entries().map(|it| it.name).collect();
    assert_eq!(here, all, "a new message needs its words in MARKS and its situation in `brought_about`");
}

#[tokio::test]
async fn every_message_comes_about() {
    let mut missing = Vec::new();
    for (name, mark) in MARKS {
        let said = brought_about(name).await;
        if !said.iter().any(|it| it.contains(mark)) {
            missing.push(format!("{name}: {mark} is not in {said:#?}"));
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

fn all(problems: &Diagnostics) -> Vec<String> {
    [errors(problems), warnings(problems)].concat()
}

/// What is said in the situation that a message is about.
async fn brought_about(name: &str) -> Vec<String> {
    match name {
        "not_configured" => not_configured().await,
        "missing_setting" => settings(&[("USERNAME", "me")]).await,
        "two_instances" => settings(&[("INSTANCE_URL", "https://dev2.service-now.com")]).await,
        "bad_instance" => settings(&[("INSTANCE", "a/b"), ("TOKEN", "t")]).await,
        "bad_setting" => settings(&[("PROXY_URL", "ftp://x"), ("TOKEN", "t")]).await,
        "bad_variable" => settings(&[("VALIDATE", "perhaps"), ("TOKEN", "t")]).await,
        "two_settings" => {
            settings(&[("USERNAME", "me"), ("PASSWORD", "secret"), ("PASSWORD_FILE", "/nowhere")]).await
        }
        "two_methods" => settings(&[("TOKEN", "t"), ("API_KEY", "k")]).await,
        "no_method" => settings(&[]).await,
        "not_expected" => settings(&[("EXPECTED_INSTANCE_ID", "original"), ("TOKEN", "t")]).await,
        "sign_in" => {
            let variables = [("SERVICENOW_INSTANCE", "dev1"), ("SERVICENOW_TOKEN", "t")];
            all_said(Ends::Answer(401, ""), &variables).await
        }
        "service" | "maybe_created" | "missing_reference" | "bug" => creating(name).await,
        "no_such_column" | "no_column_to_write" | "not_stored" | "not_verified" | "hidden_columns"
        | "hidden_record" => columns(name).await,
        "nothing_to_import" | "several_to_import" | "bad_import" => importing(name).await,
        "changed_meanwhile" | "vanished" | "version_without_secret" | "secret_may_differ" => {
            changing(name).await
        }
        "unknown_name" | "ambiguous_name" | "out_of_place" | "lacking" | "doubtful" => {
            through_mid(name).await
        }
        "not_drained" | "waiting_goes_to_new" | "still_paused" | "group_is_paused" => {
            crate::draining::said(name).await
        }
        "no_condition" | "id_and_condition" | "unknown_type" | "gone_again" => looking(name).await,
        "nothing_found" | "several_found" | "bad_condition" | "other_instance" | "fields_missing"
        | "kind_unseen" => asking::looking(name).await,
        "condition_left_out" => asking::condition_left_out().await,
        "test_failed" | "no_token" => asking::actions(name).await,
        "grant_lacks" | "token_refused" => asking::tokens(name).await,
        "no_such_field" => asking::no_such_field("incident").await,
        "no_such_table" => asking::no_such_field("incidents").await,
        "active_stays" | "active_will_go" | "member_goes_dark" | "group_goes_dark" => {
            choosing::darkness(name).await
        }
        "foreign_active" | "foreign_adopted" | "activated_meanwhile" => choosing::foreign(name).await,
        "endpoint_misfit"
        | "pinned_elsewhere"
        | "winner_doubtful"
        | "winner_unable"
        | "verify_failed"
        | "two_claims"
        | "group_does_not_follow" => choosing::doubts(name).await,
        "environment_will_switch"
        | "environment_goes_dark"
        | "environment_failed"
        | "bad_environment_import" => choosing::environments(name).await,
        "unknown_choice" | "foretold" => asking::unknown_choice().await,
        "one_allowed" | "several_failed" | "several_switched_outside" | "order_not_kept" => {
            several::brought_about(name).await
        }
        "secret_not_accepted" => {
            Rotating::new("servicenow_unifi_connection", &[]).await.rotate("refused 4711", "2").await.1
        }
        "secret_not_proven" => {
            Rotating::new("servicenow_api_key_credential", &[]).await.rotate("unused 4711", "2").await.2
        }
        "mismatch" => mismatch().await,
        "no_group" => no_group().await,
        other => switching(other).await,
    }
}

/// Configures with these variables, by what comes after their prefix.
async fn settings(variables: &[(&str, &str)]) -> Vec<String> {
    let mut named: Vec<(String, &str)> =
        variables.iter().map(|(name, value)| (format!("SERVICENOW_{name}"), *value)).collect();
    if !variables.iter().any(|it| it.0 == "INSTANCE") {
        named.push(("SERVICENOW_INSTANCE".to_owned(), "dev1"));
    }
    let named: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    all_said(Ends::Answer(200, r#"{"result":[]}"#), &named).await
}

async fn not_configured() -> Vec<String> {
    let world = World::over(empty());
    world.configure_with(&[("password", Value::Unknown(None))]).await;
    let config = config(&world, ALIAS, &[("name", text("orders"))]);
    all(&world.apply(ALIAS, None, &config).await.1)
}

async fn creating(name: &str) -> Vec<String> {
    let world = World::new().await;
    let alias = config(&world, ALIAS, &[("name", text("orders"))]);
    let acl = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception Insert Failed"},"status":"failure"}"#;
    match name {
        "service" => {
            let refused = FaultKind::RefusedBefore { status: 403, body: acl.to_owned() };
            world.simulator.fault(Fault::next(refused).on_method("POST"));
        }
        "maybe_created" => {
            world.simulator.fault(Fault::next(FaultKind::LostBefore).on_path("sys_alias").times(10_000));
        }
        "missing_reference" => {
            let members = [
                ("name", text("orders")),
                ("connection_alias_id", text(&"0".repeat(32))),
                ("connection_url", text("https://orders.example")),
            ];
            return all(&world.apply(CONNECTION, None, &config(&world, CONNECTION, &members)).await.1);
        }
        // A state that nobody could have written.
        _ => {
            let state = State { object: alias.clone(), private: Vec::new() };
            return all(&world.refresh(ALIAS, &state).await.1);
        }
    }
    all(&world.apply(ALIAS, None, &alias).await.1)
}

async fn columns(name: &str) -> Vec<String> {
    let read = CONTROL.replace("\"write\"", "\"read\"");
    let (tables, people) = match name {
        "no_column_to_write" => {
            (r#"{"tables":[{"name":"sys_connection","without":["connection_url"]}]}"#.to_owned(), vec![])
        }
        "no_such_column" => {
            let without = ["sys_connection", "http_connection"]
                .map(|it| format!(r#"{{"name":"{it}","without":["mid_capabilities"]}}"#));
            (format!(r#"{{"tables":[{}]}}"#, without.join(",")), vec![])
        }
        "not_stored" => (
            r#"{"tables":[{"name":"sys_connection","columns":["connection_url | U | string 8"]}]}"#
                .to_owned(),
            vec![],
        ),
        "hidden_record" => ("{}".to_owned(), vec![person(&["credential_admin"])]),
        _ => (read, vec![]),
    };
    let simulator = instance(&tables, &people);
    let world = World::over(simulator.clone());
    world.configure().await;
    let alias = world.put(ALIAS, None, &config(&world, ALIAS, &[("name", text("orders"))])).await;
    let members = [
        ("name", text("orders")),
        ("connection_alias_id", text(&attribute(&alias, "id"))),
        ("connection_url", text("https://orders.example")),
    ];
    let (state, problems) = world.apply(CONNECTION, None, &config(&world, CONNECTION, &members)).await;
    let world = match people.is_empty() {
        true => world,
        false => World::signed_in_as(simulator, "integration", "planted"),
    };
    world.configure().await;
    match (name, state) {
        ("hidden_columns" | "hidden_record" | "no_such_column", Some(state)) => {
            all(&world.refresh(CONNECTION, &state).await.1)
        }
        _ => all(&problems),
    }
}

async fn importing(name: &str) -> Vec<String> {
    let world = World::new().await;
    let members = [("name", text("twin")), ("user_name", text("u"))];
    for _ in 0..2 {
        world.put(CREDENTIAL, None, &config(&world, CREDENTIAL, &members)).await;
    }
    let id = match name {
        "nothing_to_import" => "nobody",
        "several_to_import" => "twin",
        _ => "a^b",
    };
    let import = world.resource(CREDENTIAL);
    all(&import.import().unwrap().by_id(id).await.unwrap_err())
}

async fn changing(name: &str) -> Vec<String> {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    if name == "version_without_secret" {
        let (mut config, state) = trio.credential;
        config.insert("password_wo".to_owned(), Value::Null);
        config.insert("password_wo_version".to_owned(), text("2"));
        return all(&world.plan(CREDENTIAL, Some(&state), &config).await.2);
    }
    if name == "secret_may_differ" {
        let state = trio.credential.1;
        let path = format!("/api/now/table/basic_auth_credentials/{}", attribute(&state, "id"));
        world.hand(Method::Patch, &path, r#"{"user_name":"somebody.else"}"#);
        return all(&world.refresh(CREDENTIAL, &state).await.1);
    }
    let (mut config, state) = trio.connection;
    let path = format!("/api/now/table/http_connection/{}", attribute(&state, "id"));
    match name {
        "vanished" => world.hand(Method::Delete, &path, ""),
        _ => world.hand(Method::Patch, &path, r#"{"connection_url":"https://moved.example"}"#),
    };
    config.insert("name".to_owned(), text("renamed"));
    all(&world.apply(CONNECTION, Some(&state), &config).await.1)
}

async fn through_mid(name: &str) -> Vec<String> {
    let world = World::new().await;
    for _ in 0..2 {
        world.hand(Method::Post, "/api/now/table/ecc_agent_cluster", r#"{"name":"twin"}"#);
    }
    let alias = world.put(ALIAS, None, &config(&world, ALIAS, &[("name", text("orders"))])).await;
    let yes = || Value::Bool(true);
    let more = match name {
        "unknown_name" | "ambiguous_name" => {
            let cluster = if name == "unknown_name" { "nobody" } else { "twin" };
            vec![
                ("use_mid", yes()),
                ("mid_selection", text("specific_mid_cluster")),
                ("mid_cluster", text(cluster)),
            ]
        }
        "out_of_place" => vec![("mid_server", text("twin"))],
        "lacking" => vec![("mutual_auth", yes())],
        _ => vec![("mutual_auth", yes()), ("use_mid", yes()), ("protocol_profile", text("x"))],
    };
    let members = [
        ("name", text("orders")),
        ("connection_alias_id", text(&attribute(&alias, "id"))),
        ("connection_url", text("https://orders.example")),
    ];
    let config = config(&world, CONNECTION, &[&members[..], &more].concat());
    let problems = world.resource(CONNECTION).validate(&config);
    if problems.0.is_empty() { all(&world.apply(CONNECTION, None, &config).await.1) } else { all(&problems) }
}

async fn looking(name: &str) -> Vec<String> {
    let simulator = company();
    let client = host(simulator.clone()).await;
    let object = |members: &[(&str, Value)]| -> Object {
        members.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect()
    };
    let ghost = object(&[("name", text("Ghost"))]);
    let read = match name {
        "no_condition" => {
            return all(&client.validate_data_source(CONNECTION, &Object::new()).await.unwrap());
        }
        "id_and_condition" => {
            let both = object(&[("id", text(&"0".repeat(32))), ("name", text("Jira"))]);
            return all(&client.validate_data_source(CONNECTION, &both).await.unwrap());
        }
        "unknown_type" => {
            let types = Value::set(vec![text("servicenow_connection")]);
            client.read_data("servicenow_preflight", &object(&[("resource_types", types)])).await
        }
        _ => {
            let row = r#"{"result":[{"sys_id":"00000000000000000000000000000001","name":"Ghost"}]}"#;
            let shown = FaultKind::RefusedBefore { status: 200, body: row.to_owned() };
            simulator.fault(Fault::next(shown).on_path("http_connection"));
            client.read_data(CONNECTION, &ghost).await
        }
    };
    all(&read.unwrap().diagnostics)
}

/// No host hands over a value of another type than the schema says; here it is one that does.
async fn mismatch() -> Vec<String> {
    let world = World::new().await;
    let sources = world.into_provider().data_sources();
    let preflight = sources.iter().find(|it| it.type_name() == "servicenow_preflight").unwrap();
    let outcome = preflight.read(Object::from([("roles".to_owned(), Value::Bool(true))])).await;
    all(&outcome.diagnostics)
}

/// A connection whose alias does not show cannot be the active one of it.
async fn no_group() -> Vec<String> {
    let hidden = CONTROL.replace("\"write\"", "\"read\"").replace("connection_url", "connection_alias");
    let world = World::over(instance(&hidden, &[]));
    world.configure().await;
    let alias = world.put(ALIAS, None, &config(&world, ALIAS, &[("name", text("orders"))])).await;
    let members = [
        ("name", text("orders")),
        ("connection_alias_id", text(&attribute(&alias, "id"))),
        ("connection_url", text("https://orders.example")),
        ("active", Value::Bool(true)),
    ];
    all(&world.apply(CONNECTION, None, &config(&world, CONNECTION, &members)).await.1)
}

fn frozen() -> FaultKind {
    let detail = "Operation against file 'http_connection' was aborted by Business Rule 'Freeze^1'";
    let body =
        format!(r#"{{"error":{{"message":"Operation Failed","detail":"{detail}"}},"status":"failure"}}"#);
    FaultKind::RefusedBefore { status: 403, body }
}

async fn switching(name: &str) -> Vec<String> {
    let it = BlueGreen::new(STAGES[2]).await;
    let simulator = &it.world.simulator;
    let mut config = it.to(&it.green);
    let mut state = Some(it.pointer.clone());
    match name {
        "no_member" => {
            config.insert("connection_id".to_owned(), text(&"0".repeat(32)));
        }
        "no_such_group" => {
            config.insert("connection_alias_id".to_owned(), text(&"0".repeat(32)));
            state = None;
        }
        "several_allowed" => {
            let path = format!("/api/now/table/sys_alias/{}", it.group);
            it.world.hand(Method::Patch, &path, r#"{"multiple_connections":"true"}"#);
        }
        "unsteady" => simulator.later(back_on()),
        "switch_failed" | "swap_failed" => {
            if name == "switch_failed" {
                // Nothing is active that would have to be switched off.
                it.by_hand(&it.blue, false);
                state = it.world.refresh(STAGES[2].pointer, &it.pointer).await.0;
            }
            simulator.fault(Fault::next(frozen()).on_method("PATCH").on_path(&it.green));
        }
        "switched_outside" => {
            it.by_hand(&it.blue, false);
            return all(&it.world.refresh(STAGES[2].pointer, &it.pointer).await.1);
        }
        "will_deactivate" => state = None,
        _ => simulator.fault(Fault::next(frozen()).on_method("DELETE").times(10_000)),
    }
    if name == "trial_record_stays" {
        // The first switch of a run with a rival makes the trial, whose first look is left alone.
        simulator.clear_faults();
        simulator.fault(Fault::nth(3, frozen()).on_method("DELETE").times(10_000));
    }
    all(&it.world.apply(STAGES[2].pointer, state.as_ref(), &config).await.1)
}

/// Somebody who activates "blue" again whenever it was switched off.
fn back_on() -> Later {
    let pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    Later {
        table: "sys_connection".to_owned(),
        when: pairs(&[("name", "orders - blue"), ("active", "false")]),
        after_ms: 0,
        user_name: "operator".to_owned(),
        values: pairs(&[("active", "true")]),
    }
}

/// What a message looks like in the catalogue has its words, and no other message has them.
#[test]
fn the_words_of_a_message_are_those_of_no_other() {
    for (name, mark) in MARKS {
        let with_mark: Vec<&str> = entries()
            // They quote another message.
            .filter(|it| it.name == *name || !["environment_failed", "foretold"].contains(&it.name))
            .filter(|it| {
                let example = (it.example)();
                format!("{}: {}", example.summary, example.detail).contains(mark)
            })
            .map(|it| it.name)
            .collect();
        assert_eq!(with_mark, [*name], "{mark}");
    }
}
