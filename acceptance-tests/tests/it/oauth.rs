//! Signing in with OAuth through real Terraform: what is set up on the instance, what the configuration says, and how often
//! a token is asked for.

use acceptance_tests::World;
use serde_json::{Value, json};

use super::sign_in::{check, nobody, user_id};

/// Unlike every other word of these tests, so that it would be found.
pub const CLIENT_SECRET: &str = "ClientSecretOfATest-4711";

/// Registers an application, and gives what its block begins with.
pub fn application(world: &World) -> Value {
    let user = user_id(world, &world.instance.username);
    let application = json!({
        "name": "terraform", "type": "client", "client_id": "app-1", "client_secret": CLIENT_SECRET, "user": user,
    });
    let row = world.instance.insert("oauth_entity", &application).unwrap();
    let property = "glide.oauth.inbound.client.credential.grant_type.enabled";
    let known = world.instance.rows("sys_properties", &format!("name={property}")).unwrap();
    match known.first().and_then(|it| it.get("sys_id")).and_then(Value::as_str) {
        Some(id) => world.edit("sys_properties", id, &json!({"value": "true"})),
        None => {
            let cells = json!({"name": property, "value": "true"});
            world.instance.insert("sys_properties", &cells).unwrap();
        }
    }
    world.conceal(CLIENT_SECRET);
    world.environment("SERVICENOW_OAUTH_CLIENT_SECRET", CLIENT_SECRET);
    row.get("sys_id").cloned().expect("the record has an id")
}

/// How often the instance was asked for a token.
fn token_requests(world: &World) -> usize {
    let journal = world.instance.journal().unwrap();
    journal.iter().filter(|it| it.path.starts_with("/oauth_token.do")).count()
}

#[test]
fn an_application_signs_in_with_its_own_credentials_and_one_token_for_each_run() {
    let world = nobody();
    application(&world);
    check(&world, "  oauth = {\n    client_id = \"app-1\"\n  }");
    world.instance.forget_journal().unwrap();
    world.plan_is_empty();
    assert_eq!(token_requests(&world), 1, "{:#?}", world.instance.journal());
    world
        .environment("SERVICENOW_OAUTH_CLIENT_SECRET", "a-wrong-client-secret")
        .conceal("a-wrong-client-secret");
    let run = world.plan().ends_with(1).says("POST /oauth_token.do").says("`oauth.client_id`");
    assert_eq!(run.errors(), 1, "{run}");
}

#[test]
fn an_application_signs_in_for_a_user_by_password_and_by_refresh_token() {
    let world = nobody();
    application(&world);
    world.environment("SERVICENOW_PASSWORD", &world.instance.password);
    let user = format!("  username = \"{}\"", world.instance.username);
    check(
        &world,
        &format!("{user}\n  oauth = {{\n    grant_type = \"password\"\n    client_id = \"app-1\"\n  }}"),
    );
    let tokens = world.instance.rows("oauth_credential", "type=refresh_token").unwrap();
    let id = tokens.first().and_then(|it| it.get("sys_id")).and_then(Value::as_str).unwrap();
    let token = world.instance.secret("oauth_credential", id, "token_received").unwrap().unwrap();
    world.without_environment("SERVICENOW_PASSWORD").conceal(&token);
    world.environment("SERVICENOW_OAUTH_REFRESH_TOKEN", &token);
    check(&world, "  oauth = {\n    grant_type = \"refresh_token\"\n    client_id = \"app-1\"\n  }");
}
