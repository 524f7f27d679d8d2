//! Asking the other system before and after a switch.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use servicenow_client::{Transport, TransportError};
use servicenow_core::{InstanceUrl, Method, Request, Response, SysId};
use terraform_provider_servicenow::outside::Outside;
use tf_core::{Number, Object, Value};
use tf_plugin::State;

use crate::world::{World, config, empty, errors, text};

const POINTER: &str = "servicenow_connection_activation";

/// What the other system was asked, and what it will answer.
#[derive(Clone, Default)]
struct Other {
    asked: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

struct To(InstanceUrl, Other);

#[async_trait]
impl Transport for To {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.1.asked.lock().unwrap().push(format!("{} {}{}", request.method.as_str(), self.0, request.path));
        let status = self.1.answers.lock().unwrap().pop_front().unwrap_or(200);
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

/// An alias with two connections and a pointer to the first that verifies.
struct Story {
    world: World,
    other: Other,
    green: String,
    config: Object,
    state: State,
}

impl Story {
    async fn new(rule: &str, block: &[(&str, Value)], first: &[u16]) -> Story {
        let other = Other::default();
        other.answers.lock().unwrap().extend(first);
        let to = other.clone();
        let reach =
            move |url: InstanceUrl, _: Duration| -> Arc<dyn Transport> { Arc::new(To(url, to.clone())) };
        let outside = Outside { reach: Arc::new(reach), ..Outside::default() };
        let world = World::over(empty()).within(outside);
        assert_eq!(errors(&world.configure().await), Vec::<String>::new());
        world.simulator.set("one_active_rule", rule).unwrap();
        let new = |table: &str, body: &str| {
            let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), body);
            let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            json["result"]["sys_id"].as_str().unwrap().to_owned()
        };
        let alias = new("sys_alias", r#"{"name":"orders"}"#);
        let ids = ["blue", "green"].map(|name| {
            let body = format!(
                r#"{{"name":"{name}","connection_alias":"{alias}","active":"false","connection_url":"https://{name}.example/api/"}}"#
            );
            new("http_connection", &body)
        });
        let mut verify: Object = ["method", "path", "expect_status", "timeout_seconds", "vantage"]
            .map(|it| (it.to_owned(), Value::Null))
            .into();
        verify.extend(block.iter().map(|(name, it)| ((*name).to_owned(), it.clone())));
        let members = [
            ("connection_alias_id", text(&alias)),
            ("connection_id", text(&ids[0])),
            ("verify", Value::Map(verify)),
        ];
        let config = config(&world, POINTER, &members);
        let state = world.put(POINTER, None, &config).await;
        other.asked.lock().unwrap().clear();
        let [_, green] = ids;
        Story { world, other, green, config, state }
    }

    /// Switches to green while the other system gives these answers.
    async fn switch(&self, answers: &[u16]) -> (Option<State>, Vec<String>) {
        self.other.answers.lock().unwrap().extend(answers);
        let mut config = self.config.clone();
        config.insert("connection_id".to_owned(), text(&self.green));
        let (state, _) = self.world.refresh(POINTER, &self.state).await;
        let (state, problems) = self.world.apply(POINTER, state.as_ref(), &config).await;
        (state, errors(&problems))
    }

    fn active(&self) -> Vec<String> {
        let rows: BTreeMap<_, _> = self.world.rows("http_connection", "name");
        rows.into_iter().filter(|(_, row)| row["active"] == "true").map(|(name, _)| name).collect()
    }
}

#[tokio::test]
async fn the_other_system_is_asked_before_and_after_as_declared() {
    let statuses =
        Value::List(vec![Value::Number(Number::from(204_i64)), Value::Number(Number::from(401_i64))]);
    let it = Story::new("cascade", &[], &[]).await;
    let (state, problems) = it.switch(&[200, 200]).await;
    assert_eq!((problems, it.active()), (vec![], vec!["green".to_owned()]));
    assert_eq!(*it.other.asked.lock().unwrap(), ["GET https://green.example/api/"; 2]);
    it.other.asked.lock().unwrap().clear();
    let mut config = it.config.clone();
    config.insert("connection_id".to_owned(), text(&it.green));
    it.world.put(POINTER, state.as_ref(), &config).await;
    assert!(it.other.asked.lock().unwrap().is_empty(), "nothing is switched, so nobody is asked");
    let block = [("method", text("HEAD")), ("path", text("/health?key=secret")), ("expect_status", statuses)];
    let declared = Story::new("cascade", &block, &[204, 401]).await;
    let (_, problems) = declared.switch(&[204, 401]).await;
    assert_eq!((problems, declared.active()), (vec![], vec!["green".to_owned()]));
    assert_eq!(declared.other.asked.lock().unwrap()[0], "HEAD https://green.example/api/health?key=secret");
}

#[tokio::test]
async fn nothing_is_switched_when_the_other_system_does_not_answer_as_expected() {
    let it = Story::new("cascade", &[], &[]).await;
    let writes = it.world.writes().len();
    let (_, problems) = it.switch(&[503]).await;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    for part in [
        "\"green\" does not answer",
        "`GET https://green.example/api/`",
        "answered with 503",
        "Nothing was changed",
    ] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert_eq!((it.active(), it.world.writes().len()), (vec!["blue".to_owned()], writes));
}

#[tokio::test]
async fn a_switch_that_does_not_work_leads_back_under_every_rule() {
    for rule in ["cascade", "refuse", "none"] {
        let it = Story::new(rule, &[], &[]).await;
        it.world.doubled.lock().unwrap().clear();
        let (state, problems) = it.switch(&[200, 500]).await;
        let [problem] = &problems[..] else { panic!("{rule}: {problems:?}") };
        assert!(problem.contains("\"blue\" was activated again and is active now"), "{rule}: {problem}");
        assert_eq!(it.active(), ["blue"], "{rule}");
        assert!(it.world.doubled.lock().unwrap().is_empty(), "{rule}: two were active");
        assert_eq!(state.unwrap().object["connection_id"], it.state.object["connection_id"], "{rule}");
    }
}
