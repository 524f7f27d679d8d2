//! Unifi connections: variables, the active one, the inbound user, and the application that may be missing.

use servicenow_core::Method;
use servicenow_sim::settings::{APPLICATIONS, Allowed, Setting};
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::catalogue::{id, renew, world};
use crate::world::{World, attribute, attribute as attribute_of, config, errors, text, warnings};

const CONNECTION: &str = "servicenow_unifi_connection";
const POINTER: &str = "servicenow_unifi_activation";

fn connection(world: &World, environment: &str, more: &[(&str, Value)]) -> Object {
    let members = [("integration_id", text(&id("integra"))), ("environment", text(environment))];
    config(world, CONNECTION, &members.into_iter().chain(more.iter().cloned()).collect::<Vec<_>>())
}

async fn three(world: &World) -> Vec<State> {
    let mut states = Vec::new();
    for environment in ["Production", "Test", "Development"] {
        let url = [("endpoint_url", text("https://orders.example"))];
        states.push(world.put(CONNECTION, None, &connection(world, environment, &url)).await);
    }
    states
}

fn active(world: &World) -> Vec<String> {
    let rows = world.simulator.rows("x_snd_eb_connection").into_iter();
    rows.filter(|it| it["active"] == "true").map(|it| it["name"].clone()).collect()
}

fn integration_is_active(world: &World) -> bool {
    world.rows("x_snd_eb_integration", "name")["Orders"]["active"] == "true"
}

#[tokio::test]
async fn the_pointer_moves_whatever_the_instance_does_and_the_integration_follows() {
    let world = world().await;
    let words = |it: &'static Setting| match it.allowed {
        Allowed::Words(words) => words.iter().map(|word| (it, *word)).collect(),
        _ => Vec::new(),
    };
    let settings = APPLICATIONS.iter().filter(|it| it.name.starts_with("unifi_")).flat_map(words);
    for (setting, value) in settings {
        renew(&world).await;
        world.simulator.set(setting.name, value).unwrap();
        let written = world.writes().len();
        let place = format!("{} = {value}", setting.name);
        let states = three(&world).await;
        let mut pointer: Option<State> = None;
        for wish in [0, 1, 2, 0] {
            let members = [
                ("integration_id", text(&id("integra"))),
                ("connection_id", states[wish].object["id"].clone()),
            ];
            let config = config(&world, POINTER, &members);
            let state = world.put(POINTER, pointer.as_ref(), &config).await;
            assert_eq!(active(&world).len(), 1, "{place}");
            let row = &world.rows("x_snd_eb_connection", "sys_id")[&attribute(&states[wish], "id")];
            assert_eq!(row["active"], "true", "{place}");
            assert_eq!(world.drift(POINTER, &state, &config).await, Vec::<String>::new(), "{place}");
            pointer = Some(state);
        }
        assert_eq!(
            integration_is_active(&world),
            value != "off" || setting.name != "unifi_workflow",
            "{place}"
        );
        let writes = world.writes().split_off(written);
        assert!(
            !writes.iter().any(|it| it.starts_with("PATCH") && it.contains("x_snd_eb_integration")),
            "its flag is nobody's to write: {writes:?}"
        );
        assert_eq!(world.simulator.rows("x_snd_eb_connection").len(), 3, "no trial record");
        world.simulator.set(setting.name, setting.default).unwrap();
    }
}

#[tokio::test]
async fn a_switch_by_hand_shows_in_the_pointer_alone() {
    let world = world().await;
    let states = three(&world).await;
    let members =
        [("integration_id", text(&id("integra"))), ("connection_id", states[0].object["id"].clone())];
    let wish = config(&world, POINTER, &members);
    let pointer = world.put(POINTER, None, &wish).await;
    let path = format!("/api/now/table/x_snd_eb_connection/{}", attribute(&states[1], "id"));
    assert_eq!(world.hand(Method::Patch, &path, r#"{"active":"true"}"#).status, 200);
    assert_eq!(
        world.drift(POINTER, &pointer, &wish).await,
        ["connection_id", "deactivates", "integration_active", "previous_connection_id"]
    );
    for (state, environment) in states.iter().zip(["Production", "Test", "Development"]) {
        let config = connection(&world, environment, &[("endpoint_url", text("https://orders.example"))]);
        assert_eq!(world.drift(CONNECTION, state, &config).await, Vec::<String>::new(), "{environment}");
    }
    assert_eq!(
        attribute(&world.import(POINTER, "Orders").await.unwrap(), "connection_id"),
        attribute(&states[1], "id")
    );
}

#[tokio::test]
async fn an_active_connection_is_never_moved_to_another_integration_in_place() {
    let world = world().await;
    let config = connection(&world, "Production", &[("active", Value::Bool(true))]);
    let state = world.put(CONNECTION, None, &config).await;
    let mut moved = config.clone();
    moved.insert("integration_id".to_owned(), text(&id("integr2")));
    assert!(world.replaces(CONNECTION, &state, &moved).await);
}

#[tokio::test]
async fn an_unfit_or_shared_inbound_user_is_a_warning_in_the_plan() {
    let world = world().await;
    let wish = connection(&world, "Test", &[("inbound_user", text("caller"))]);
    let (_, _, problems) = world.plan(CONNECTION, None, &wish).await;
    let told = warnings(&problems).join("\n");
    assert!(told.contains("does not have the role `x_snd_eb.integration`"), "{told}");
    let role = world.rows("sys_user_role", "name")["x_snd_eb.integration"]["sys_id"].clone();
    let grant = format!(r#"{{"user":"{}","role":"{role}"}}"#, id("caller"));
    assert_eq!(world.hand(Method::Post, "/api/now/table/sys_user_has_role", &grant).status, 201);
    let (_, _, problems) = world.plan(CONNECTION, None, &wish).await;
    assert_eq!(warnings(&problems), Vec::<String>::new(), "fit, and nobody else's");
    let other = [("inbound_user", text("caller")), ("active", Value::Bool(true))];
    let mut other = connection(&world, "Production", &other);
    other.insert("integration_id".to_owned(), text(&id("integr2")));
    world.put(CONNECTION, None, &other).await;
    let (_, _, problems) = world.plan(CONNECTION, None, &wish).await;
    let told = warnings(&problems).join("\n");
    assert!(told.contains("The inbound user is shared") && told.contains("Payments - Production"), "{told}");
}

#[tokio::test]
async fn what_the_form_hides_is_named_by_the_plan_of_an_import_and_removed() {
    let world = world().await;
    let row = |cells: &str| {
        let body = format!(
            r#"{{"integration":"{}","environment":"{}","authentication":"basic","user":"svc",{cells}}}"#,
            id("integra"),
            world.rows("x_snd_eb_environment", "name")["Test"]["sys_id"],
        );
        let answer = world.hand(Method::Post, "/api/now/table/x_snd_eb_connection", &body);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        json["result"]["sys_id"].as_str().unwrap().to_owned()
    };
    let declared = [("authentication", text("basic")), ("user", text("svc"))];
    let declared = connection(&world, "Test", &declared);
    for (cells, attribute, words) in [
        (format!(r#""oauth_profile":"{}""#, id("profile")), "oauth_profile", "`authentication = \"oauth\"`"),
        (
            format!(r#""mutual_auth":"false","protocol_profile":"{}""#, id("mutual")),
            "protocol_profile",
            "`mutual_auth = true`",
        ),
    ] {
        let sys_id = row(&cells);
        let state = world.import(CONNECTION, &sys_id).await.unwrap();
        // A change of anything leaves open what the rules make of `active`.
        assert_eq!(world.drift(CONNECTION, &state, &declared).await, ["active", attribute]);
        let (_, _, problems) = world.plan(CONNECTION, Some(&state), &declared).await;
        let told = warnings(&problems).join("\n");
        let value = attribute_of(&state, attribute);
        assert!(told.contains("has no effect") && told.contains(words) && told.contains(&value), "{told}");
        let state = world.put(CONNECTION, Some(&state), &declared).await;
        assert_eq!(world.rows("x_snd_eb_connection", "sys_id")[&sys_id][attribute], "");
        let (_, _, problems) = world.plan(CONNECTION, Some(&state), &declared).await;
        assert_eq!(warnings(&problems), Vec::<String>::new());
    }
}

#[tokio::test]
async fn without_the_application_the_first_request_says_so_and_nothing_is_written() {
    let world = World::over(crate::world::empty());
    assert!(!world.configure().await.has_errors());
    let config = config(&world, "servicenow_unifi_environment", &[("name", text("Rehearsal"))]);
    let (state, problems) = world.apply("servicenow_unifi_environment", None, &config).await;
    assert!(state.is_none() && errors(&problems)[0].contains("x_snd_eb_environment"), "{problems:?}");
}

#[tokio::test]
async fn the_account_of_terraform_itself_is_no_inbound_user() {
    let world = world().await;
    let wish = connection(&world, "Test", &[("inbound_user", text("admin"))]);
    let (_, _, problems) = world.plan(CONNECTION, None, &wish).await;
    let told = warnings(&problems).join("\n");
    assert!(told.contains("the user that Terraform signs in as"), "{told}");
}

#[tokio::test]
async fn an_environment_that_is_not_there_is_refused_with_those_that_are() {
    let world = world().await;
    let (state, problems) = world.apply(CONNECTION, None, &connection(&world, "Prodution", &[])).await;
    let told = errors(&problems).join("\n");
    assert!(state.is_none(), "{state:?}");
    for name in ["Production", "Pre-Production", "Test", "Development", "Sandbox"] {
        assert!(told.contains(&format!("\"{name}\"")), "{told}");
    }
}

#[tokio::test]
async fn every_environment_that_comes_with_the_application_has_its_connection() {
    let world = world().await;
    for environment in ["Production", "Pre-Production", "Test", "Development", "Sandbox"] {
        let wish = connection(&world, environment, &[]);
        let state = world.put(CONNECTION, None, &wish).await;
        let by_id = world.rows("x_snd_eb_environment", "name")[environment]["sys_id"].clone();
        let same = connection(&world, &by_id, &[]);
        assert_eq!(world.drift(CONNECTION, &state, &same).await, Vec::<String>::new(), "{environment}");
    }
}
