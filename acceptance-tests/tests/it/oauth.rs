//! Signing in with OAuth through real Terraform: what is set up on the instance, what the configuration says, and how often
//! a token is asked for.

use std::fs;

use acceptance_tests::World;
use serde_json::{Value, json};

use super::sign_in::{check, key, nobody, secret_file, user_id};

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

#[test]
fn an_application_signs_in_for_a_user_with_a_signed_assertion() {
    let world = nobody();
    let application = application(&world);
    let verifier = json!({
        "name": "terraform", "kid": "key-1", "oauth_entity": application,
        "pem_public_key": include_str!("keys/assertion-key.pub.pem"),
    });
    world.instance.insert("jwt_verifier_map", &verifier).unwrap();
    let block = |key_id: &str| {
        format!(
            "  oauth = {{\n    grant_type = \"jwt_bearer\"\n    client_id = \"app-1\"\n    subject = \"{}\"\n    key_id = \
             \"{key_id}\"\n    private_key_file = \"{}\"\n  }}",
            world.instance.username,
            key("assertion-key.pem")
        )
    };
    check(&world, &block("key-1"));
    let provider = format!("provider \"servicenow\" {{\n{}\n}}\n", block("another"));
    world.hcl_with_provider(&provider, "").plan().ends_with(1).says("verifier map");
}

#[test]
fn a_token_that_is_refused_in_the_middle_is_asked_for_again() {
    let world = nobody();
    application(&world);
    let block = "provider \"servicenow\" {\n  oauth = {\n    client_id = \"app-1\"\n  }\n}\n";
    let unauthorized =
        json!({"error": {"message": "User Not Authenticated", "detail": "x"}, "status": "failure"});
    let kind = json!({"refused_before": {"status": 401, "body": unauthorized.to_string()}});
    let fault = json!({"times": 1, "method": "POST", "path_contains": "sys_alias", "kind": kind});
    let alias = "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n";
    world.hcl_with_provider(block, alias);
    world.instance.fault(&fault).unwrap();
    world.converges();
    let journal = world.instance.journal().unwrap();
    let writes = journal.iter().filter(|it| it.path.contains("sys_alias") && it.is_write());
    let statuses: Vec<u16> = writes.map(|it| it.status).collect();
    assert_eq!(statuses, [401, 201], "{journal:#?}");
    assert!(token_requests(&world) >= 3, "for the plan, for the apply, and after the refusal: {journal:#?}");
}

/// An access token that the instance has issued.
fn issued_token(world: &World) -> String {
    let rows = world.instance.rows("oauth_credential", "type=access_token").unwrap();
    let id = rows.first().and_then(|it| it.get("sys_id")).and_then(Value::as_str).unwrap();
    world.instance.secret("oauth_credential", id, "token_received").unwrap().unwrap()
}

#[test]
fn a_token_of_ones_own_comes_from_the_environment_a_file_or_a_command_that_is_run_again() {
    let world = nobody();
    application(&world);
    check(&world, "  oauth = {\n    client_id = \"app-1\"\n  }");
    world.without_environment("SERVICENOW_OAUTH_CLIENT_SECRET");
    let token = issued_token(&world);
    world.conceal(&token).environment("SERVICENOW_TOKEN", &token);
    check(&world, "");
    world.without_environment("SERVICENOW_TOKEN");
    let file = secret_file(&world, "token", &token);
    check(&world, &format!("  token_file = \"{file}\""));
    // The first time in each run it writes a token that is worn out.
    let script = world.configuration().join("token.sh");
    let been = world.configuration().join("been").display().to_string();
    let body =
        format!("if [ -e {been} ]; then rm {been}; cat {file}; else touch {been}; echo worn-out; fi\n");
    fs::write(&script, body).unwrap();
    check(&world, &format!("  token_command = [\"sh\", \"{}\"]", script.display()));
}
