//! One message before anything happens, whatever is wrong with the sign-in.

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
    let mut request = servicenow_core::Request::new(servicenow_core::Method::Post, "/api/now/table/sys_user");
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
