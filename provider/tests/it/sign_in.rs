//! One message before anything happens, whatever is wrong with the sign-in.

use servicenow_core::{Method, Request};
use tf_core::Value;

use crate::world::{World, empty, errors};

async fn check(world: &World, parts: &[&str]) {
    let problems = errors(&world.configure().await);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    for part in parts.iter().chain(&["Nothing was read or changed"]) {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_one_message() {
    let world = World::signed_in_as(empty(), "admin", "wrong");
    check(&world, &["Could not sign in", "401", "User Not Authenticated", "SERVICENOW_PASSWORD"]).await;
}

#[tokio::test]
async fn an_instance_that_does_not_answer_as_one_is_one_message() {
    for (state, parts) in
        [("hibernating", &["ibernat"][..]), ("maintenance", &["503"]), ("login_page", &["instance_url"])]
    {
        let world = World::over(empty());
        world.simulator.set("state", state).unwrap();
        check(&world, parts).await;
    }
}

#[tokio::test]
async fn a_user_without_roles_keeps_the_state_and_is_told() {
    let admin = World::new().await;
    let trio = crate::records::Trio::new(&admin).await;
    let body = r#"{"user_name":"guest","user_password":"guest password","active":"true"}"#;
    let mut request = Request::new(Method::Post, "/api/now/table/sys_user");
    request.query.push(("sysparm_input_display_value".to_owned(), "true".to_owned()));
    assert_eq!(admin.hand_request(request, body).status, 201);
    let world = World::signed_in_as(admin.simulator.clone(), "guest", "guest password");
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
    for (type_name, (config, state)) in trio.all() {
        let (_, problems) = world.refresh(type_name, state).await;
        let problems = errors(&problems);
        assert!(problems.len() == 1 && problems[0].contains("may not see it"), "{type_name}: {problems:?}");
        let (created, problems) = world.apply(type_name, None, config).await;
        let problems = errors(&problems);
        assert!(created.is_none() && problems.len() == 1, "{type_name}: {problems:?}");
        assert!(problems[0].contains("Nothing was changed"), "{type_name}: {problems:?}");
    }
}

/// Settings of `expected_instance`.
fn expected(name: &str, id: &str, when_unreadable: &str) -> (&'static str, Value) {
    let text = |it: &str| if it.is_empty() { Value::Null } else { Value::string(it) };
    let members = [("name", text(name)), ("id", text(id)), ("when_unreadable", text(when_unreadable))];
    ("expected_instance", Value::Map(members.map(|(name, value)| (name.to_owned(), value)).into()))
}

/// An instance that calls itself something, or hides what it calls itself where that is empty.
fn named(name: &str, id: &str) -> World {
    let world = World::over(empty());
    for (property, value) in [("instance_name", name), ("instance_id", id)] {
        if let Some(row) = world.rows("sys_properties", "name").get(property) {
            let path = format!("/api/now/table/sys_properties/{}", row["sys_id"]);
            assert_eq!(world.hand(Method::Delete, &path, "").status, 204, "{property}");
        }
        if !value.is_empty() {
            let body = format!(r#"{{"name":"{property}","value":"{value}"}}"#);
            assert_eq!(world.hand(Method::Post, "/api/now/table/sys_properties", &body).status, 201);
        }
    }
    world
}

/// What creating an alias says, and whether it created one.
async fn create(world: &World) -> (bool, Vec<String>) {
    let config =
        crate::world::config(world, "servicenow_connection_alias", &[("name", Value::string("orders"))]);
    let (state, problems) = world.apply("servicenow_connection_alias", None, &config).await;
    (state.is_some(), errors(&problems))
}

#[tokio::test]
async fn the_expected_instance_is_written_to() {
    let world = named("dev1", "0a1b");
    for settings in [expected("DEV1", "", ""), expected("", "0a1b", ""), expected("dev1", "0a1b", "refuse")] {
        assert_eq!(errors(&world.configure_with(&[settings]).await), Vec::<String>::new());
    }
    assert_eq!(create(&world).await, (true, Vec::new()));
}

#[tokio::test]
async fn a_clone_under_a_known_address_is_refused_before_anything_else() {
    let world = named("dev1", "copy");
    let problems = errors(&world.configure_with(&[expected("dev1", "original", "")]).await);
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    for part in ["`instance_id` is `copy`", "`original`", "clone", "Nothing is written"] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

#[tokio::test]
async fn a_clone_is_not_written_to_even_where_nothing_is_looked_at_first() {
    for validate in ["off", "warn"] {
        let world = named("dev2", "copy");
        let mode = ("validate", Value::string(validate));
        let said = world.configure_with(&[mode, expected("dev1", "", "")]).await;
        assert_eq!(errors(&said), Vec::<String>::new());
        assert_eq!(said.is_empty(), validate == "off", "{said:?}");
        let (is_created, problems) = create(&world).await;
        assert!(!is_created && problems.len() == 1, "{problems:?}");
        for part in ["was not sent", "`instance_name` is `dev2`", "`dev1`", "Nothing was"] {
            assert!(problems[0].contains(part), "{part} is missing in {problems:?}");
        }
    }
}

#[tokio::test]
async fn an_instance_that_does_not_tell_its_name_is_read_and_not_written_to() {
    let world = named("", "");
    let said = world.configure_with(&[expected("dev1", "", "")]).await;
    assert_eq!(errors(&said), Vec::<String>::new());
    assert!(said.0.len() == 1 && said.0[0].detail.contains("role `admin`"), "{said:?}");
    let (is_created, problems) = create(&world).await;
    assert!(!is_created && problems[0].contains("no `instance_name`"), "{problems:?}");
    let allowed = world.configure_with(&[expected("dev1", "", "allow")]).await;
    assert!(allowed.is_empty(), "{allowed:?}");
    assert_eq!(create(&world).await, (true, Vec::new()));
}

#[tokio::test]
async fn a_look_at_the_instance_can_be_a_warning_or_left_out() {
    let world = World::signed_in_as(empty(), "admin", "wrong");
    let said = world.configure_with(&[("validate", Value::string("warn"))]).await;
    assert!(errors(&said).is_empty() && said.0.len() == 1 && said.0[0].detail.contains("401"), "{said:?}");
    assert!(world.configure_with(&[("validate", Value::string("off"))]).await.is_empty());
    let (is_created, problems) = create(&world).await;
    assert!(!is_created && problems[0].contains("401"), "{problems:?}");
}

#[tokio::test]
async fn the_table_that_is_looked_at_can_be_chosen() {
    let world = World::over(empty());
    let table = |name: &str| [("validate_table", Value::string(name))];
    assert!(world.configure_with(&table("sys_alias")).await.is_empty());
    let problems = errors(&world.configure_with(&table("no_such_table")).await);
    assert!(problems.len() == 1 && problems[0].contains("Check `validate_table`"), "{problems:?}");
}
