//! Asking the other system before and after a switch.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use servicenow_client::{Transport, TransportError};
use servicenow_core::{InstanceUrl, Request, Response, SysId};
use terraform_provider_servicenow::outside::Outside;
use tf_core::{Number, Object, Value};
use tf_plugin::State;

use crate::world::stage::{STAGES, Stage, USUAL, errors};
use crate::world::{World, text};

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

/// A world whose other systems answer with 200 to everything.
pub fn accepting() -> Outside {
    within(&Other::default())
}

fn within(other: &Other) -> Outside {
    let to = other.clone();
    let reach = move |url: InstanceUrl, _: Duration| -> Arc<dyn Transport> { Arc::new(To(url, to.clone())) };
    Outside { reach: Arc::new(reach), ..Outside::default() }
}

/// An alias with two connections and a pointer to the first that verifies.
pub struct Story {
    world: World,
    stage: &'static Stage,
    other: Other,
    green: String,
    config: Object,
    state: State,
}

impl Story {
    pub async fn new(stage: &'static Stage, block: &[(&str, Value)], first: &[u16]) -> Story {
        let other = Other::default();
        other.answers.lock().unwrap().extend(first);
        let world = World::over(stage.instance()).within(within(&other));
        stage.configure(&world, &[]).await;
        let (group, ids) = stage.by_hand(&world, "orders", &["blue", "green"]);
        stage.begins(&world);
        let mut verify: Object =
            ["method", "path", "expect_status", "timeout_seconds", "vantage", "endpoint_path"]
                .map(|it| (it.to_owned(), Value::Null))
                .into();
        verify.extend(block.iter().map(|(name, it)| ((*name).to_owned(), it.clone())));
        let verify = [("verify", Value::Map(verify))];
        let config = stage.pointer(&world, (&group, text(&ids[0])), &verify);
        let state = world.put(stage.pointer, None, &config).await;
        other.asked.lock().unwrap().clear();
        let green = ids[1].clone();
        Story { world, stage, other, green, config, state }
    }

    /// Switches to green while the other system gives these answers.
    pub async fn switch(&self, answers: &[u16]) -> (Option<State>, Vec<String>) {
        self.other.answers.lock().unwrap().extend(answers);
        let mut config = self.config.clone();
        config.insert("connection_id".to_owned(), text(&self.green));
        let (state, _) = self.world.refresh(self.stage.pointer, &self.state).await;
        let (state, problems) = self.world.apply(self.stage.pointer, state.as_ref(), &config).await;
        (state, errors(&problems))
    }

    fn active(&self) -> Vec<String> {
        self.stage.active(&self.world)
    }
}

#[tokio::test]
async fn the_other_system_is_asked_before_and_after_as_declared() {
    for stage in USUAL {
        let statuses =
            Value::List(vec![Value::Number(Number::from(204_i64)), Value::Number(Number::from(401_i64))]);
        let it = Story::new(stage, &[], &[]).await;
        let (state, problems) = it.switch(&[200, 200]).await;
        assert_eq!((problems, it.active()), (vec![], vec!["green".to_owned()]));
        assert_eq!(*it.other.asked.lock().unwrap(), ["GET https://green.example/api/"; 2]);
        it.other.asked.lock().unwrap().clear();
        let mut config = it.config.clone();
        config.insert("connection_id".to_owned(), text(&it.green));
        it.world.put(it.stage.pointer, state.as_ref(), &config).await;
        assert!(it.other.asked.lock().unwrap().is_empty(), "nothing is switched, so nobody is asked");
        let block =
            [("method", text("HEAD")), ("path", text("/health?key=secret")), ("expect_status", statuses)];
        let declared = Story::new(stage, &block, &[204, 401]).await;
        let (_, problems) = declared.switch(&[204, 401]).await;
        assert_eq!((problems, declared.active()), (vec![], vec!["green".to_owned()]));
        assert_eq!(
            declared.other.asked.lock().unwrap()[0],
            "HEAD https://green.example/api/health?key=secret"
        );
    }
}

#[tokio::test]
async fn nothing_is_switched_when_the_other_system_does_not_answer_as_expected() {
    for stage in USUAL {
        let it = Story::new(stage, &[], &[]).await;
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
}

#[tokio::test]
async fn a_switch_that_does_not_work_leads_back_under_every_rule() {
    for stage in STAGES {
        let rule = stage.label;
        let it = Story::new(stage, &[], &[]).await;
        it.world.doubled.lock().unwrap().clear();
        let (state, problems) = it.switch(&[200, 500]).await;
        let [problem] = &problems[..] else { panic!("{rule}: {problems:?}") };
        assert!(problem.contains("\"blue\" was activated again and is active now"), "{rule}: {problem}");
        assert_eq!(it.active(), ["blue"], "{rule}");
        assert!(it.world.doubled.lock().unwrap().is_empty(), "{rule}: two were active");
        assert_eq!(state.unwrap().object["connection_id"], it.state.object["connection_id"], "{rule}");
    }
}

/// Declares an operation on the instance, which the simulator answers with 200. Gives its path.
fn operation(world: &World) -> String {
    let new = |table: &str, body: &str| -> serde_json::Value {
        let answer = world.hand(servicenow_core::Method::Post, &format!("/api/now/table/{table}"), body);
        serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap()["result"].clone()
    };
    let service = new("sys_ws_definition", r#"{"name":"Verify","service_id":"verify"}"#);
    let service = service["sys_id"].as_str().unwrap();
    let body = format!(
        r#"{{"name":"v","web_service_definition":"{service}","http_method":"POST","relative_path":"/connection"}}"#
    );
    new("sys_ws_operation", &body)["operation_uri"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_instance_asks_through_an_operation_where_that_is_declared() {
    for stage in STAGES {
        let it = Story::new(stage, &[], &[]).await;
        let asks = |path: &str| {
            let mut config = it.config.clone();
            let mut block = config["verify"].as_object().unwrap().clone();
            block.insert("vantage".to_owned(), text("instance"));
            block.insert("endpoint_path".to_owned(), text(path));
            config.insert("verify".to_owned(), Value::Map(block));
            config.insert("connection_id".to_owned(), text(&it.green));
            config
        };
        let (state, _) = it.world.refresh(stage.pointer, &it.state).await;
        let writes = it.world.writes().len();
        let nowhere = asks("/api/nowhere/x");
        let (_, problems) = it.world.apply(stage.pointer, state.as_ref(), &nowhere).await;
        let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
        for part in [
            "`POST /api/nowhere/x` was sent to the instance",
            "does not represent any resource",
            "Nothing was changed",
        ] {
            assert!(problem.contains(part), "{part} is missing in {problem}");
        }
        // The question itself changes nothing.
        assert_eq!(
            (it.active(), it.world.writes().len()),
            (vec!["blue".to_owned()], writes + 1),
            "{}",
            stage.label
        );
        let path = operation(&it.world);
        it.world.put(stage.pointer, state.as_ref(), &asks(&path)).await;
        assert_eq!(it.active(), ["green"], "{}", stage.label);
        let asked = it.world.requests().into_iter().filter(|it| *it == format!("POST {path}")).count();
        assert_eq!(asked, 2, "before and after");
        assert!(it.other.asked.lock().unwrap().is_empty(), "nobody asks from here");
    }
}

#[tokio::test]
async fn a_path_and_its_vantage_go_together() {
    let it = Story::new(STAGES[0], &[], &[]).await;
    for (vantage, path, expected) in [
        (text("instance"), Value::Null, Some("`verify.endpoint_path` is needed")),
        (Value::Null, text("/api/x/y"), Some("does not fit")),
        (text("instance"), text("/api/x/y"), None),
        (Value::Null, Value::Null, None),
    ] {
        let mut config = it.config.clone();
        let mut block = config["verify"].as_object().unwrap().clone();
        block.insert("vantage".to_owned(), vantage);
        block.insert("endpoint_path".to_owned(), path);
        config.insert("verify".to_owned(), Value::Map(block));
        let (_, _, problems) = it.world.plan(it.stage.pointer, Some(&it.state), &config).await;
        let said = errors(&problems);
        assert_eq!(said.len(), usize::from(expected.is_some()), "{said:?}");
        assert!(said.iter().all(|it| it.contains(expected.unwrap_or_default())), "{said:?}");
    }
}
