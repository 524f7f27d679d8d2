//! Records that are found by what they refer to, and values that are parts of what the provider computes.

use super::*;

const UNIFI: &str = r#"
resource "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

resource "servicenow_unifi_connection" "orders" {
  for_each       = toset(["Test", "Development"])
  integration_id = servicenow_unifi_integration.orders.id
  environment    = each.value
  endpoint_url   = "https://orders.example.com/${each.value}"
}

resource "servicenow_unifi_activation" "orders" {
  integration_id = servicenow_unifi_integration.orders.id
  connection_id  = servicenow_unifi_connection.orders["Test"].id
}
"#;

const OAUTH: &str = r#"
resource "servicenow_oauth_provider" "orders" {
  name               = "Orders"
  client_id          = "servicenow"
  default_grant_type = "client_credentials"
  token_url          = "https://login.example.com/token"

  scopes = {
    reading = { scope = "orders:read" }
    writing = { scope = "orders:write" }
  }
}

resource "servicenow_oauth_profile" "orders" {
  name              = "Orders, reading only"
  oauth_provider_id = servicenow_oauth_provider.orders.id
  grant_type        = "client_credentials"
  scopes            = [servicenow_oauth_provider.orders.scopes["reading"].id]
}
"#;

#[tokio::test]
async fn a_connection_is_found_by_the_name_of_its_environment() {
    let world = World::applied(UNIFI).await;
    let report = world.report(&Options::default()).await;
    check(&report, &[]);
    assert_eq!(report.undecided, []);
    assert_eq!((report.counts.declared, report.counts.clean), (4, 4), "{:?}", report.counts);
    let id = world.id("x_snd_eb_connection", "endpoint_url", "https://orders.example.com/Development");
    world.edit("x_snd_eb_connection", &id, r#"{"endpoint_url": "https://elsewhere.example"}"#);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::Changed, "servicenow_unifi_connection.orders[\"Development\"]")]);
    world.remove("x_snd_eb_connection", &id);
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::Missing, "servicenow_unifi_connection.orders[\"Development\"]")]);
}

#[tokio::test]
async fn an_environment_that_nobody_sees_leaves_its_connection_undecided() {
    let world = World::applied(UNIFI).await;
    world.declare(&UNIFI.replace("\"Development\"", "\"Nowhere\""));
    let report = world.report(&Options::default()).await;
    let [only] = report.undecided.as_slice() else { panic!("{:?}", report.undecided) };
    assert_eq!(only.address, "servicenow_unifi_connection.orders[\"Nowhere\"]");
    assert!(only.reasons.concat().contains("no record of `x_snd_eb_environment`"), "{only:?}");
    assert!(!found(&report).iter().any(|it| it.0 == Class::Missing), "{:?}", report.findings);
}

#[tokio::test]
async fn a_part_that_the_provider_computes_is_the_live_one() {
    let world = World::applied(OAUTH).await;
    let report = world.report(&Options::default()).await;
    check(&report, &[]);
    assert_eq!(report.undecided, []);
    assert_eq!((report.counts.declared, report.counts.clean), (2, 2), "{:?}", report.counts);
    world.declare(&OAUTH.replace("scopes[\"reading\"]", "scopes[\"writing\"]"));
    let report = world.report(&Options::default()).await;
    check(&report, &[(Class::Changed, "servicenow_oauth_profile.orders")]);
}

#[tokio::test]
async fn what_a_plan_would_refuse_is_undecided_and_not_clean() {
    let world = World::applied(UNIFI).await;
    let id = world.id("x_snd_eb_connection", "endpoint_url", "https://orders.example.com/Development");
    world.edit("x_snd_eb_connection", &id, r#"{"mutual_auth": "true"}"#);
    world.declare(&UNIFI.replace(
        "environment    = each.value",
        "environment = each.value\n  mutual_auth = each.value == \"Development\"",
    ));
    let report = world.report(&Options::default()).await;
    let [only] = report.undecided.as_slice() else { panic!("{:?}", report.undecided) };
    assert_eq!(only.address, "servicenow_unifi_connection.orders[\"Development\"]");
    assert!(only.reasons.concat().contains("protocol profile"), "{only:?}");
    assert!(!report.clean.contains(&only.address), "{:?}", report.clean);
}
