//! After a secret was written, each active connection that signs in with it is asked, signed in with it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use servicenow_client::{Transport, TransportError};
use servicenow_core::{InstanceUrl, Method, Request, Response, SysId};
use terraform_provider_servicenow::outside::Outside;
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::catalogue::{id, world};
use crate::world::{World, attribute, config, errors, text, warnings};

const BASIC: &str = "servicenow_basic_auth_credential";
const KEY: &str = "servicenow_api_key_credential";
const UNIFI: &str = "servicenow_unifi_connection";

/// The secret that other systems accept, and another one.
const GOOD: &str = "open sesame 4711";
const BAD: &str = "shut sesame 4711";

/// The systems that connections lead to: what they were asked, with the value of the header that proves who asks.
#[derive(Clone, Default)]
struct Others {
    asked: Arc<Mutex<Vec<(String, String)>>>,
}

struct To(InstanceUrl, Others);

#[async_trait]
impl Transport for To {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let proof = request.headers.iter().find(|it| it.0 == "Authorization" || it.0 == "X-Orders-Key");
        let proof = proof.map(|it| it.1.clone()).unwrap_or_default();
        let url = format!("{} {}{}", request.method.as_str(), self.0, request.path);
        let status = if proof == basic(GOOD) || proof == GOOD { 200 } else { 401 };
        self.1.asked.lock().unwrap().push((url, proof));
        Ok(Response { status, headers: Vec::new(), body: Vec::new() })
    }

    async fn sleep(&self, _wait: Duration) {}

    fn now_ms(&self) -> u64 {
        0
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes([7; 16])
    }
}

fn basic(secret: &str) -> String {
    let pair = format!("svc:{secret}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

/// A credential or connection with a secret, and the systems that it is for.
pub struct Rotating {
    world: World,
    others: Others,
    type_name: &'static str,
    config: Object,
    state: State,
}

impl Rotating {
    /// One with a first secret, before anybody uses it.
    pub async fn new(type_name: &'static str, verify: &[(&str, Value)]) -> Rotating {
        let others = Others::default();
        let to = others.clone();
        let reach =
            move |url: InstanceUrl, _: Duration| -> Arc<dyn Transport> { Arc::new(To(url, to.clone())) };
        let world = world().await.within(Outside { reach: Arc::new(reach), ..Outside::default() });
        assert_eq!(errors(&world.configure().await), Vec::<String>::new());
        let mut block: Object =
            ["method", "path", "expect_status", "timeout_seconds", "vantage", "endpoint_path"]
                .map(|it| (it.to_owned(), Value::Null))
                .into();
        block.extend(verify.iter().map(|(name, it)| ((*name).to_owned(), it.clone())));
        let mut members = vec![("verify", Value::Map(block))];
        members.extend(match type_name {
            BASIC => vec![("name", text("Billing")), ("user_name", text("svc"))],
            KEY => vec![("name", text("Billing")), ("header_name", text("X-Orders-Key"))],
            _ => vec![
                ("integration_id", text(&id("integra"))),
                ("environment", text("Test")),
                ("authentication", text("basic")),
                ("user", text("svc")),
                ("endpoint_url", text("https://orders.example/v1")),
                ("active", Value::Bool(true)),
            ],
        });
        let mut config = config(&world, type_name, &members);
        secret(type_name, &mut config, GOOD, "1");
        let state = world.put(type_name, None, &config).await;
        others.asked.lock().unwrap().clear();
        Rotating { world, others, type_name, config, state }
    }

    /// A connection that refers to the credential, made by hand.
    fn used_by(&self, table: &str, cells: &str) {
        let body = format!(
            r#"{{"credential":"{}","active":"true","connection_alias":"{}",{cells}}}"#,
            attribute(&self.state, "id"),
            id("several"),
        );
        let answer = self.world.hand(Method::Post, &format!("/api/now/table/{table}"), &body);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// Writes another secret.
    pub async fn rotate(&self, to: &str, version: &str) -> (State, Vec<String>, Vec<String>) {
        let mut config = self.config.clone();
        secret(self.type_name, &mut config, to, version);
        let (state, problems) = self.world.apply(self.type_name, Some(&self.state), &config).await;
        (state.unwrap(), errors(&problems), warnings(&problems))
    }

    fn asked(&self) -> Vec<(String, String)> {
        let mut asked = self.others.asked.lock().unwrap().clone();
        asked.sort();
        asked
    }
}

fn secret(type_name: &str, config: &mut Object, secret: &str, version: &str) {
    let name = if type_name == KEY { "api_key_wo" } else { "password_wo" };
    config.insert(name.to_owned(), text(secret));
    config.insert(format!("{name}_version"), text(version));
}

/// An alias that may have several active connections, and two of them that use the credential, where the instance lets them.
async fn two_users(type_name: &'static str, verify: &[(&str, Value)]) -> Rotating {
    let it = Rotating::new(type_name, verify).await;
    it.world.simulator.set("credential_once_rule", "none").unwrap();
    let alias = format!(
        r#"{{"sys_id":"{}","name":"several","connection_type":"http_connection","multiple_connections":"true"}}"#,
        id("several")
    );
    assert_eq!(it.world.hand(Method::Post, "/api/now/table/sys_alias", &alias).status, 201);
    it.used_by("http_connection", r#""name":"eu","connection_url":"https://eu.example/v1""#);
    it.used_by("http_connection", r#""name":"us","connection_url":"https://us.example/v1""#);
    it
}

#[tokio::test]
async fn every_active_connection_is_asked_with_the_new_secret_and_nobody_else() {
    for (type_name, proof) in [(BASIC, basic(GOOD)), (KEY, GOOD.to_owned())] {
        let it = two_users(type_name, &[("path", text("/health"))]).await;
        it.used_by(
            "http_connection",
            r#""name":"idle","connection_url":"https://idle.example","active":"false""#,
        );
        let (_, errors, warnings) = it.rotate(GOOD, "2").await;
        assert_eq!((errors, warnings), (vec![], vec![]), "{type_name}");
        let expected = ["eu", "us"].map(|it| (format!("GET https://{it}.example/v1/health"), proof.clone()));
        assert_eq!(it.asked(), expected, "{type_name}");
    }
}

#[tokio::test]
async fn a_secret_that_is_not_accepted_is_an_error_after_which_the_state_is_true() {
    for type_name in [BASIC, KEY] {
        let it = two_users(type_name, &[]).await;
        let (state, errors, _) = it.rotate(BAD, "2").await;
        let [error] = &errors[..] else { panic!("{errors:?}") };
        for part in [
            "\"Billing\" does not work",
            "\"eu\": `GET https://eu.example/v1` was sent from where Terraform runs, and 200 was expected: the other \
             system answered with 401",
            "\"us\": `GET https://us.example/v1`",
            "The new secret is stored",
            "nothing was restored",
            "_version`",
        ] {
            assert!(error.contains(part), "{part} is missing in {error}");
        }
        for hidden in [BAD, &basic(BAD)] {
            assert!(!format!("{error} {:?}", state.object).contains(hidden), "{error}");
        }
        let name = if type_name == KEY { "api_key_wo" } else { "password_wo" };
        assert_eq!(attribute(&state, &format!("{name}_version")), "2");
        let mut declared = it.config.clone();
        secret(type_name, &mut declared, BAD, "2");
        assert_eq!(it.world.drift(type_name, &state, &declared).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_a_warning_and_no_pass() {
    for (cells, table, reason) in [
        (
            r#""name":"mid","connection_url":"https://a.example","use_mid":"true""#,
            "http_connection",
            "a MID server",
        ),
        (
            r#""name":"mutual","connection_url":"https://a.example","use_mutual_auth":"true""#,
            "http_connection",
            "a certificate that only the instance has",
        ),
        (
            r#""name":"plain","connection_url":"http://a.example""#,
            "http_connection",
            "travels encrypted alone",
        ),
        (r#""name":"made","connection_url":"https://${host}/x""#, "http_connection", "filled in by a script"),
        (
            r#""name":"hidden","connection_url":"https://u:p4ss@a.example""#,
            "http_connection",
            "holds credentials",
        ),
        (r#""name":"bare""#, "http_connection", "there is no URL"),
        (r#""name":"machine","host":"a.example""#, "sys_connection", "no HTTP connection"),
    ] {
        let it = two_users(BASIC, &[]).await;
        it.used_by(table, cells);
        let (_, errors, warnings) = it.rotate(GOOD, "2").await;
        let [warning] = &warnings[..] else { panic!("{cells}: {warnings:?} {errors:?}") };
        assert_eq!(errors, Vec::<String>::new(), "{cells}");
        assert!(warning.contains("is not proven") && warning.contains(reason), "{cells}: {warning}");
        assert!(!warning.contains("p4ss") && it.asked().len() == 2, "{cells}: {warning}");
    }
}

#[tokio::test]
async fn without_an_active_connection_the_rotation_says_that_nobody_was_asked() {
    let it = Rotating::new(BASIC, &[]).await;
    let (_, errors, warnings) = it.rotate(BAD, "2").await;
    assert_eq!(errors, Vec::<String>::new());
    assert!(warnings[0].contains("no active connection signs in with it"), "{warnings:?}");
    assert!(it.asked().is_empty());
}

#[tokio::test]
async fn nobody_is_asked_when_no_secret_is_written() {
    let it = two_users(BASIC, &[]).await;
    let mut config = it.config.clone();
    config.insert("user_name".to_owned(), text("another"));
    let state = it.world.put(BASIC, Some(&it.state), &config).await;
    assert!(it.asked().is_empty());
    // And none of them without the attribute.
    let mut config = it.config.clone();
    config.insert("verify".to_owned(), Value::Null);
    secret(BASIC, &mut config, BAD, "2");
    it.world.put(BASIC, Some(&state), &config).await;
    assert!(it.asked().is_empty());
}

#[tokio::test]
async fn a_host_that_does_not_accept_a_secret_is_not_asked_again() {
    let it = two_users(BASIC, &[]).await;
    it.used_by("http_connection", r#""name":"eu-two","connection_url":"https://eu.example/v2""#);
    let (_, errors, _) = it.rotate(BAD, "2").await;
    assert!(errors[0].contains("\"eu-two\": not asked, because its host did not accept"), "{errors:?}");
    assert_eq!(it.asked().len(), 2, "{:?}", it.asked());
}

#[tokio::test]
async fn a_unifi_connection_is_asked_with_its_own_password() {
    let it =
        Rotating::new(UNIFI, &[("expect_status", Value::List(vec![Value::Number(200_i64.into())]))]).await;
    let (_, errors, warnings) = it.rotate(GOOD, "2").await;
    assert_eq!((errors, warnings), (vec![], vec![]));
    assert_eq!(it.asked(), [("GET https://orders.example/v1".to_owned(), basic(GOOD))]);
    let (state, errors, _) = it.rotate(BAD, "3").await;
    assert!(errors[0].contains("answered with 401"), "{errors:?}");
    assert_eq!(attribute(&state, "password_wo_version"), "3");
}

#[tokio::test]
async fn what_was_just_created_is_not_tainted_by_a_secret_that_is_not_accepted() {
    let it = Rotating::new(UNIFI, &[]).await;
    let mut config = it.config.clone();
    config.insert("environment".to_owned(), text("Production"));
    secret(UNIFI, &mut config, BAD, "1");
    let (state, problems) = it.world.apply(UNIFI, None, &config).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    let said = warnings(&problems).join("\n");
    assert!(state.is_some() && said.contains("does not work") && said.contains("401"), "{said}");
}

#[tokio::test]
async fn the_instance_is_asked_to_ask_without_the_secret() {
    let block = [("vantage", text("instance")), ("endpoint_path", text("/api/x_acme/connections/verify"))];
    let it = two_users(BASIC, &block).await;
    it.world.simulator.clear_journal();
    let (_, errors, _) = it.rotate(BAD, "2").await;
    assert!(errors[0].contains("to the instance, which asks the other system"), "{errors:?}");
    assert!(it.asked().is_empty());
    let asks = it.world.requests().into_iter().filter(|it| it.contains("/connections/verify")).count();
    assert!(asks >= 2 && !it.world.simulator.journal().to_string().contains(BAD));
}
