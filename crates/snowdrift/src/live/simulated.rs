//! A simulated instance in the same process, for the tests of this crate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use servicenow_client::{Cause, Transport, TransportError};
use servicenow_core::{Method, Request, Response, SysId};
use servicenow_sim::{Fixture, Options, Person, Simulator};
use tf_core::{Object, Value};
use tf_plugin::{Apply, Provider, State};

use super::{Live, Refused, empty_block};
use crate::commands::Variables;

struct InProcess {
    simulator: Simulator,
    authorization: (String, String),
    ids: AtomicU64,
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let mut request = request.clone();
        request.headers.push(self.authorization.clone());
        tokio::task::yield_now().await;
        let response = self.simulator.answer(&request);
        match response.status {
            0 => Err(TransportError {
                sent: true,
                kind: Cause::Lost,
                reason: "the answer got lost".to_owned(),
            }),
            _ => Ok(response),
        }
    }

    async fn sleep(&self, wait: Duration) {
        // Waits are short here; those of the client's line are for company alone.
        tokio::time::sleep(wait.min(Duration::from_millis(5))).await;
    }

    fn now_ms(&self) -> u64 {
        0
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        let number = self.ids.fetch_add(1, Ordering::Relaxed) + 1;
        SysId::from_bytes((0xfeed_0000_0000_0000_0000_0000_0000_0000_u128 + u128::from(number)).to_be_bytes())
    }
}

/// An instance with an administrator, these people and nothing else.
pub fn empty(applications: &[&str], people: Vec<Person>) -> Simulator {
    let applications = applications.iter().map(|it| (*it).to_owned()).collect();
    Simulator::open(Options { fixture: Fixture::Empty, applications, people, ..Options::default() }).unwrap()
}

/// Signs in as the administrator, with these settings of the provider block.
pub async fn sign_in(simulator: &Simulator, settings: &[(&str, Value)]) -> Result<Live, Refused> {
    sign_in_as(simulator, &simulator.username(), &simulator.password(), settings).await
}

/// Signs in as somebody.
pub async fn sign_in_as(
    simulator: &Simulator,
    user: &str,
    password: &str,
    settings: &[(&str, Value)],
) -> Result<Live, Refused> {
    use base64::Engine as _;
    let proof = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    let transport: Arc<dyn Transport> = Arc::new(InProcess {
        simulator: simulator.clone(),
        authorization: ("Authorization".to_owned(), format!("Basic {proof}")),
        ids: AtomicU64::default(),
    });
    let variables = [
        ("SERVICENOW_INSTANCE", "simulated"),
        ("SERVICENOW_USERNAME", user),
        ("SERVICENOW_PASSWORD", password),
    ];
    let variables: Variables = variables.map(|(name, it)| (name.to_owned(), it.to_owned())).into();
    let mut block = empty_block();
    for (name, value) in settings {
        assert!(block.insert((*name).to_owned(), value.clone()).is_some(), "there is no setting {name}");
    }
    Live::over(None, block, &variables, Arc::new(move |_| transport.clone())).await
}

/// A change made by hand, as the administrator.
pub fn hand(simulator: &Simulator, method: Method, path: &str, body: &str) -> Response {
    let mut request = Request::new(method, path);
    request.headers.push(simulator.authorization());
    request.body = Some(body.to_owned());
    simulator.answer(&request)
}

/// Creates an object as an apply does, and returns its state.
pub async fn create(live: &Live, type_name: &str, config: &Object) -> State {
    live.plan_anew();
    let planned = live.plan(type_name, None, config).await;
    assert!(!planned.said.has_errors(), "{type_name}: {:?}", planned.said);
    let change = Apply { planned: Some(planned.object), config: Some(config.clone()), ..Apply::default() };
    let resource = live.provider.resources().into_iter().find(|it| it.type_name() == type_name).unwrap();
    let applied = resource.apply(change).await;
    assert!(!applied.diagnostics.has_errors(), "{type_name}: {:?}", applied.diagnostics);
    applied.state.unwrap()
}

/// A configuration from its members; what is left out is null.
pub fn config(live: &Live, type_name: &str, members: &[(&str, Value)]) -> Object {
    let block = &live.schema(type_name).unwrap().block;
    let names = block.attributes.iter().map(|it| &it.name).chain(block.blocks.iter().map(|it| &it.name));
    let mut object: Object = names.map(|it| (it.clone(), Value::Null)).collect();
    for (name, value) in members {
        assert!(object.insert((*name).to_owned(), value.clone()).is_some(), "{type_name} has no {name}");
    }
    object
}
