//! What is found out beside objects: the status of an alias, whether another system answers, and what a user lacks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use servicenow_client::{Cause, Transport, TransportError};
use servicenow_core::{Method, Request, Response, SysId};
use servicenow_sim::{Fixture, Options, Simulator};
use terraform_provider_servicenow::SOURCE_ADDRESS;
use terraform_provider_servicenow::outside::Outside;
use tf_core::{Object, Value};
use tf_plugin::harness::Client;

use crate::world::{World, errors, text};

const JIRA: &str = "a11a5000000000000000000000000001";
const JIRA_PRODUCTION: &str = "c0e00000000000000000000000000001";

/// 2026-01-02 03:04:05.
pub const NOW_S: u64 = 1_767_323_045;

/// Another system: it answers with a status, or not at all.
struct Other(Result<u16, Cause>);

#[async_trait]
impl Transport for Other {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        assert_eq!(request.method, Method::Get);
        assert!(
            !request.headers.iter().any(|it| it.0.eq_ignore_ascii_case("authorization")),
            "it was signed in"
        );
        let failed = |kind| TransportError { sent: false, kind, reason: "nobody is there".to_owned() };
        self.0.map(|status| Response { status, headers: Vec::new(), body: Vec::new() }).map_err(failed)
    }

    async fn sleep(&self, _wait: Duration) {}

    fn now_ms(&self) -> u64 {
        0
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes([0; 16])
    }
}

pub fn outside(answer: Result<u16, Cause>) -> Outside {
    Outside { clock: Arc::new(|| NOW_S), reach: Arc::new(move |_, _| Arc::new(Other(answer))) }
}

/// Other systems that answer in turn, and how often they were asked.
pub fn in_turn(answers: Vec<Result<u16, Cause>>) -> (Outside, Arc<AtomicUsize>) {
    let asked: Arc<AtomicUsize> = Arc::default();
    let counted = asked.clone();
    let reach = move |_, _| -> Arc<dyn Transport> {
        let at = counted.fetch_add(1, Ordering::Relaxed);
        Arc::new(Other(answers[at]))
    };
    (Outside { clock: Arc::new(|| NOW_S), reach: Arc::new(reach) }, asked)
}

fn company() -> Simulator {
    Simulator::open(Options { fixture: Fixture::Demo, ..Options::default() }).unwrap()
}

pub async fn host(simulator: Simulator, answer: Result<u16, Cause>) -> Client {
    signed_in(World::over(simulator), answer).await
}

async fn signed_in(world: World, answer: Result<u16, Cause>) -> Client {
    within(world, outside(answer)).await
}

/// The provider in a world, signed in.
pub async fn within(world: World, outside: Outside) -> Client {
    let provider = world.into_provider_within(outside);
    let client = Client::in_process(provider, SOURCE_ADDRESS).await.unwrap();
    assert_eq!(errors(&client.configure(&Object::new()).await.unwrap()), Vec::<String>::new());
    client
}

pub async fn read(client: &Client, type_name: &str, config: &[(&str, Value)]) -> Object {
    let config: Object = config.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
    let outcome = client.read_data(type_name, &config).await.unwrap();
    outcome.object.unwrap_or_else(|| panic!("{:?}", errors(&outcome.diagnostics)))
}

async fn status(client: &Client, alias: &str, test: bool) -> (String, String) {
    let config = [("connection_alias_id", text(alias)), ("test", Value::Bool(test))];
    let found = read(client, "servicenow_connection_status", &config).await;
    assert_eq!(found["status_source"], text("derived"));
    let word = |name: &str| found[name].as_str().unwrap().to_owned();
    (word("status"), word("status_reason"))
}

pub fn edit(world: &World, table: &str, id: &str, cells: &serde_json::Value) {
    let path = format!("/api/now/table/{table}/{id}");
    assert_eq!(world.hand(Method::Patch, &path, &cells.to_string()).status, 200);
}

#[tokio::test]
async fn an_alias_is_in_one_of_five_states() {
    let simulator = company();
    let world = World::over(simulator.clone());
    let client = host(simulator, Ok(200)).await;
    assert_eq!(status(&client, JIRA, false).await.0, "Configured");
    let (connected, reason) = status(&client, JIRA, true).await;
    assert_eq!(connected, "Connected", "{reason}");
    let (bare, reason) = status(&client, "a11a5000000000000000000000000007", false).await;
    assert!(bare == "Not Configured" && reason.contains("do not travel"), "{bare} {reason}");
    edit(&world, "http_connection", JIRA_PRODUCTION, &json!({"active": "false"}));
    let (off, reason) = status(&client, JIRA, true).await;
    assert!(off == "Deactivated" && reason.contains("by admin at"), "{off} {reason}");
}

#[tokio::test]
async fn an_oauth_connection_expires_with_its_tokens() {
    let simulator = company();
    let world = World::over(simulator.clone());
    let create = |table: &str, cells: serde_json::Value| {
        let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), &cells.to_string());
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        body["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
    };
    let credential = create("oauth_2_0_credentials", json!({"name": "Jira OAuth"}));
    let requestor = create(
        "oauth_requestor_profile",
        json!({"requestor": credential, "requestor_context": "oauth_2_0_credentials"}),
    );
    edit(&world, "http_connection", JIRA_PRODUCTION, &json!({"credential": credential}));
    let client = host(simulator, Ok(200)).await;
    assert_eq!(status(&client, JIRA, false).await.0, "Configured");
    let token = |kind: &str, expires: &str| {
        create(
            "oauth_credential",
            json!({"type": kind, "expires": expires, "oauth_requestor_profile": requestor}),
        )
    };
    let access = token("access_token", "2026-01-02 03:30:00");
    assert_eq!(status(&client, JIRA, false).await.0, "Connected");
    edit(&world, "oauth_credential", &access, &json!({"expires": "2026-01-02 03:00:00"}));
    let (expired, reason) = status(&client, JIRA, false).await;
    assert!(expired == "Expired" && reason.contains("2026-01-02 03:00:00"), "{expired} {reason}");
    token("refresh_token", "2026-04-02 03:00:00");
    assert_eq!(status(&client, JIRA, false).await.0, "Connected");
}

#[tokio::test]
async fn a_test_shows_what_another_system_answers() {
    for (answer, mode, passed, class) in [
        (Ok(200), "strict", true, "ok"),
        (Ok(401), "strict", true, "credentials"),
        (Ok(401), "unifi_compatible", false, "credentials"),
        (Ok(404), "strict", false, "content"),
        (Ok(503), "strict", false, "server"),
        (Ok(503), "unifi_compatible", true, "server"),
        (Err(Cause::Name), "strict", false, "name"),
        (Err(Cause::Timeout), "unifi_compatible", false, "network"),
    ] {
        let client = host(company(), answer).await;
        let config = [("connection_id", text(JIRA_PRODUCTION)), ("mode", text(mode))];
        let found = read(&client, "servicenow_connection_test", &config).await;
        assert_eq!(found["passed"], Value::Bool(passed), "{answer:?} {mode}");
        assert_eq!(found["class"], text(class));
        assert_eq!(found["answered"], Value::Bool(answer.is_ok()));
        assert_eq!(found["url"], text("https://jira.acme.example/rest"));
        assert_eq!(found["vantage_point"], text("runner"));
    }
}

fn items(found: &Object, name: &str) -> Vec<String> {
    found[name].as_elements().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

fn set(items: &[&str]) -> Value {
    Value::set(items.iter().map(|it| text(it)).collect())
}

#[tokio::test]
async fn a_preflight_says_what_a_user_lacks() {
    let wanted = [
        ("resource_types", set(&["servicenow_connection_alias", "servicenow_basic_auth_credential"])),
        ("tables", set(&["oauth_entity", "no_such_table"])),
        ("roles", set(&["connection_admin", "oauth_admin"])),
    ];
    let administrator = host(company(), Ok(200)).await;
    let found = read(&administrator, "servicenow_preflight", &wanted).await;
    assert_eq!(found["user_name"], text("admin"));
    assert_eq!(items(&found, "missing_roles"), Vec::<String>::new());
    assert_eq!(items(&found, "unreadable_tables"), ["no_such_table"]);
    let simulator = company();
    let body = json!({"name": "Orders", "type": "client"}).to_string();
    let made = World::over(simulator.clone()).hand(Method::Post, "/api/now/table/oauth_entity", &body);
    assert_eq!(made.status, 201);
    let robot = World::signed_in_as(simulator, "integration", "integration-password");
    let robot = signed_in(robot, Ok(200)).await;
    let found = read(&robot, "servicenow_preflight", &wanted).await;
    assert_eq!(found["ready"], Value::Bool(false));
    assert_eq!(found["user_name"], text("integration"));
    assert_eq!(items(&found, "missing_roles"), ["oauth_admin"]);
    assert!(items(&found, "present_roles").contains(&"connection_admin".to_owned()), "{found:?}");
    assert!(items(&found, "problems").contains(&"The user does not have the role `oauth_admin`.".to_owned()));
    let closed = [items(&found, "unreadable_tables"), items(&found, "hidden_tables")].concat();
    assert!(closed.contains(&"oauth_entity".to_owned()), "{found:?}");
    let enough =
        [("resource_types", set(&["servicenow_http_connection"])), ("roles", set(&["connection_admin"]))];
    assert_eq!(read(&robot, "servicenow_preflight", &enough).await["ready"], Value::Bool(true));
}

pub async fn invoke(client: &Client, action: &str, config: &[(&str, Value)]) -> (Vec<String>, Vec<String>) {
    let config: Object = config.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
    let done = client.invoke(action, &config).await.unwrap();
    (done.lines, errors(&done.diagnostics))
}

const JIRA_SANDBOX: &str = "c0e00000000000000000000000000002";

#[tokio::test]
async fn an_action_switches_and_says_what_was_active_before() {
    let simulator = company();
    let client = host(simulator.clone(), Ok(200)).await;
    let config = [("connection_id", text(JIRA_SANDBOX)), ("test_first", Value::Bool(true))];
    let (lines, failures) = invoke(&client, "servicenow_activate_connection", &config).await;
    assert_eq!(failures, Vec::<String>::new());
    let told = lines.join("\n");
    assert!(
        told.contains("active before: \"Jira production\"") && told.contains("active now: \"Jira sandbox\""),
        "{told}"
    );
    let active: Vec<String> = simulator
        .rows("http_connection")
        .into_iter()
        .filter(|it| it["connection_alias"] == JIRA && it["active"] == "true")
        .map(|it| it["name"].clone())
        .collect();
    assert_eq!(active, ["Jira sandbox"]);
}

#[tokio::test]
async fn an_action_that_tests_first_leaves_everything_when_nobody_answers() {
    let simulator = company();
    let client = host(simulator.clone(), Err(Cause::Tcp)).await;
    simulator.clear_journal();
    let config = [("connection_id", text(JIRA_SANDBOX)), ("test_first", Value::Bool(true))];
    let (_, failures) = invoke(&client, "servicenow_activate_connection", &config).await;
    assert!(failures.join("").contains("Nothing was changed"), "{failures:?}");
    assert!(!simulator.journal().to_string().contains("PATCH"));
    let several = [("connection_id", text("c0e00000000000000000000000000005"))];
    let (_, failures) = invoke(&client, "servicenow_activate_connection", &several).await;
    assert!(failures.join("").contains("may have several active ones"), "{failures:?}");
    let nobody = [("connection_id", text("00000000000000000000000000000000"))];
    let (_, failures) = invoke(&client, "servicenow_activate_connection", &nobody).await;
    assert!(failures.join("").contains("There is no such connection"), "{failures:?}");
}

#[tokio::test]
async fn an_action_tests_and_fails_where_a_data_source_would_show() {
    for (answer, expected) in
        [(Ok(200), None), (Ok(404), Some("`content`")), (Err(Cause::Name), Some("`name`"))]
    {
        let client = host(company(), answer).await;
        let config = [("connection_id", text(JIRA_PRODUCTION))];
        let (lines, failures) = invoke(&client, "servicenow_test_connection", &config).await;
        assert!(lines.iter().any(|it| it.contains("Jira production")), "{lines:?}");
        match expected {
            None => assert_eq!(failures, Vec::<String>::new()),
            Some(word) => assert!(failures.join("").contains(word), "{failures:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_is_refreshed_by_an_operation_of_the_instance_and_looked_at() {
    let simulator = company();
    let world = World::over(simulator.clone());
    let create = |table: &str, cells: serde_json::Value| {
        let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), &cells.to_string());
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        body["result"].clone()
    };
    let credential =
        create("oauth_2_0_credentials", json!({"name": "Jira OAuth"}))["sys_id"].as_str().unwrap().to_owned();
    let requestor = create("oauth_requestor_profile", json!({"requestor": credential}))["sys_id"].clone();
    let service =
        create("sys_ws_definition", json!({"name": "OAuth", "service_id": "oauth"}))["sys_id"].clone();
    let operation = create(
        "sys_ws_operation",
        json!({"name": "refresh", "web_service_definition": service, "http_method": "POST", "relative_path": "/refresh"}),
    );
    let path = operation["operation_uri"].as_str().unwrap().to_owned();
    let client = host(simulator, Ok(200)).await;
    let config = [("credential_id", text(&credential)), ("endpoint_path", text(&path))];
    let (_, failures) = invoke(&client, "servicenow_refresh_oauth_token", &config).await;
    assert!(failures.join("").contains("it has no access token"), "{failures:?}");
    let token = |expires: &str| {
        create(
            "oauth_credential",
            json!({"type": "access_token", "expires": expires, "oauth_requestor_profile": requestor}),
        )
    };
    token("2026-01-02 03:00:00");
    let (_, failures) = invoke(&client, "servicenow_refresh_oauth_token", &config).await;
    assert!(failures.join("").contains("ran out at 2026-01-02 03:00:00"), "{failures:?}");
    token("2026-01-02 03:30:00");
    let (lines, failures) = invoke(&client, "servicenow_refresh_oauth_token", &config).await;
    assert_eq!(failures, Vec::<String>::new());
    assert!(lines.join("").contains("valid until 2026-01-02 03:30:00"), "{lines:?}");
    let nowhere = [("credential_id", text(&credential)), ("endpoint_path", text("/api/nowhere/x"))];
    let (_, failures) = invoke(&client, "servicenow_refresh_oauth_token", &nowhere).await;
    assert!(failures.join("").contains("does not represent any resource"), "{failures:?}");
}

#[tokio::test]
async fn a_secret_is_made_up_anew_each_time() {
    let client = host(company(), Ok(200)).await;
    let mut secrets = Vec::new();
    for length in [20_i64, 32, 100] {
        let config = [("length".to_owned(), Value::Number(length.into()))].into();
        let opened = client.open("servicenow_inbound_secret", &config).await.unwrap();
        let secret = opened.result.unwrap()["secret"].as_str().unwrap().to_owned();
        assert_eq!(i64::try_from(secret.len()).unwrap(), length);
        secrets.push(secret);
    }
    let opened = client.open("servicenow_inbound_secret", &Object::new()).await.unwrap();
    let secret = opened.result.unwrap()["secret"].as_str().unwrap().to_owned();
    assert_eq!(secret.len(), 32);
    assert!(!secrets.iter().any(|it| it.starts_with(&secret)), "{secret}");
}

#[tokio::test]
async fn a_token_is_issued_or_refused_in_the_instances_words() {
    let simulator = company();
    let client = host(simulator, Ok(200)).await;
    let object = |members: &[(&str, &str)]| -> Object {
        members.iter().map(|(name, it)| ((*name).to_owned(), text(it))).collect()
    };
    let refused = object(&[("client_id", "nobody"), ("client_secret", "planted")]);
    let opened = client.open("servicenow_oauth_token", &refused).await.unwrap();
    let said = errors(&opened.diagnostics).join("");
    assert!(
        said.contains("issues no token") && said.contains("`nobody`") && !said.contains("planted"),
        "{said}"
    );
    let lacking = object(&[("client_id", "nobody"), ("grant_type", "password")]);
    let opened = client.open("servicenow_oauth_token", &lacking).await.unwrap();
    assert!(errors(&opened.diagnostics).join("").contains("needs `username`"));
}

#[tokio::test]
async fn records_of_any_table_are_texts() {
    let client = host(company(), Ok(200)).await;
    let fields = set(&["name", "connection_alias.id"]);
    let config = [
        ("table", text("http_connection")),
        ("query", text("active=true^ORDERBYDESCname")),
        ("fields", fields.clone()),
        ("limit", Value::Number(2_i64.into())),
    ];
    let found = read(&client, "servicenow_records", &config).await;
    let shown: Vec<(String, String)> = found["records"]
        .as_elements()
        .unwrap()
        .iter()
        .map(|it| it.as_object().unwrap())
        .map(|it| {
            (it["name"].as_str().unwrap().to_owned(), it["connection_alias.id"].as_str().unwrap().to_owned())
        })
        .collect();
    let pair = |name: &str, alias: &str| (name.to_owned(), alias.to_owned());
    assert_eq!(shown, [pair("Payments Europe", "Payments"), pair("Payments America", "Payments")]);
    assert_eq!(items(&found, "ids").len(), 2);
    let one = [("table", text("http_connection")), ("id", text(JIRA_SANDBOX)), ("fields", set(&["active"]))];
    let found = read(&client, "servicenow_record", &one).await;
    assert_eq!(found["values"].as_object().unwrap()["active"], text("false"));
    for (config, words) in [
        (
            [("table", text("no_such_table")), ("query", text("active=true")), ("fields", fields.clone())],
            "no_such_table",
        ),
        (
            [("table", text("http_connection")), ("query", text("active=true")), ("fields", fields.clone())],
            "More than one record",
        ),
        (
            [("table", text("http_connection")), ("query", text("name=nobody")), ("fields", fields.clone())],
            "There is no such record",
        ),
        ([("table", text("http_connection")), ("query", text("bogus=1")), ("fields", fields)], "`bogus`"),
    ] {
        let config: Object = config.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
        let outcome = client.read_data("servicenow_record", &config).await.unwrap();
        let said = errors(&outcome.diagnostics).join("");
        assert!(said.contains(words), "{words}: {said}");
    }
    let absent =
        [("table", text("http_connection")), ("id", text(JIRA_SANDBOX)), ("fields", set(&["bogus"]))];
    let config: Object = absent.into_iter().map(|(name, it)| (name.to_owned(), it)).collect();
    let outcome = client.read_data("servicenow_record", &config).await.unwrap();
    assert!(crate::world::warnings(&outcome.diagnostics).join("").contains("`bogus`"));
    assert!(outcome.object.is_some());
}
