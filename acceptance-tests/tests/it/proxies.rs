//! Requests through a proxy that the environment names, as every other program on a machine takes it.

use super::sign_in::nobody;

const ALIAS: &str = "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n";

/// Where nothing listens.
const NOWHERE: &str = "http://127.0.0.1:9";

/// A name that nobody resolves: what answers under it was asked through a proxy.
const FAR_AWAY: &str = "far-away.invalid";

#[test]
fn the_usual_variables_name_the_proxy() {
    let world = nobody();
    // The simulated instance answers to any name, so that it can stand for a proxy and what is behind it.
    world
        .environment("SERVICENOW_INSTANCE_URL", &format!("http://{FAR_AWAY}"))
        .environment("SERVICENOW_ALLOW_HTTP", "true")
        .environment("SERVICENOW_USERNAME", &world.instance.username)
        .environment("SERVICENOW_PASSWORD", &world.instance.password)
        .environment("HTTP_PROXY", &world.instance.url);
    world.hcl(ALIAS).converges();
    world.environment("NO_PROXY", "invalid").plan().ends_with(1).says("is unknown").says(FAR_AWAY);
}

#[test]
fn the_proxy_of_encrypted_requests_is_another_one() {
    let world = nobody();
    world
        .environment("SERVICENOW_INSTANCE_URL", &format!("https://{FAR_AWAY}"))
        .environment("SERVICENOW_USERNAME", &world.instance.username)
        .environment("SERVICENOW_PASSWORD", &world.instance.password)
        .environment("HTTPS_PROXY", NOWHERE);
    let run = world.hcl(ALIAS).plan().ends_with(1).says("The proxy `127.0.0.1:9`").says("`HTTPS_PROXY`");
    assert_eq!(run.errors(), 1, "{run}");
    world.environment("NO_PROXY", &format!("localhost,{FAR_AWAY}"));
    world.plan().ends_with(1).says("is unknown").says(FAR_AWAY);
}

#[test]
fn what_runs_on_this_machine_is_not_behind_a_proxy() {
    let world = nobody();
    world
        .environment("SERVICENOW_USERNAME", &world.instance.username)
        .environment("SERVICENOW_PASSWORD", &world.instance.password)
        .environment("HTTP_PROXY", NOWHERE)
        .environment("ALL_PROXY", NOWHERE);
    world.hcl(ALIAS).converges();
}

#[test]
fn a_proxy_of_ones_own_comes_before_the_usual_variables() {
    let world = nobody();
    world
        .environment("SERVICENOW_INSTANCE_URL", &format!("http://{FAR_AWAY}"))
        .environment("SERVICENOW_ALLOW_HTTP", "true")
        .environment("SERVICENOW_USERNAME", &world.instance.username)
        .environment("SERVICENOW_PASSWORD", &world.instance.password)
        .environment("HTTP_PROXY", NOWHERE)
        .environment("SERVICENOW_PROXY_URL", &world.instance.url);
    world.hcl(ALIAS).converges();
}
