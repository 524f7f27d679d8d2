//! A simulated instance, the provider over it, and a host that asks as Terraform does.

mod active;
mod host;
mod in_process;
mod parts;
pub mod stage;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use servicenow_client::Transport;
use servicenow_core::{Method, Request, Response};
use servicenow_sim::{Options, Simulator};
use terraform_provider_servicenow::outside::Outside;
use terraform_provider_servicenow::{Environment, ServiceNow};
use tf_core::plan::{Ask, plan};
use tf_core::{Diagnostics, Object, Severity, Value};
use tf_plugin::{Apply, Configure, Planning, Provider, Resource, State};

use self::host::{keeps, propose, without_unknowns};
use self::in_process::{InProcess, Kill, Meanwhile};

/// Everything that one test needs.
pub struct World {
    /// The instance.
    pub simulator: Simulator,
    /// After every write: how many connections of an alias were active, for the alias with the most.
    pub instants: Arc<Mutex<Vec<usize>>>,
    /// Set it to have our own code panic after the next record was created.
    pub breaks: Arc<AtomicBool>,
    /// Aliases in which a write of ours made a second connection active.
    pub doubled: Arc<Mutex<Vec<String>>>,
    /// After every write: the names of the active connections of the platform.
    pub sets: Arc<Mutex<Vec<BTreeSet<String>>>>,
    /// Set it to have a batch of writes asked of the instance part by part, and looked at in between.
    pub each_part: Arc<AtomicBool>,
    kill: Arc<Kill>,
    meanwhile: Arc<Mutex<Meanwhile>>,
    provider: ServiceNow,
    transport: Arc<dyn Transport>,
    waited_ms: Arc<Mutex<u64>>,
}

impl World {
    /// A new, empty instance with the provider signed in.
    pub async fn new() -> World {
        let world = World::over(empty());
        assert_eq!(errors(&world.configure().await), Vec::<String>::new());
        world
    }

    /// The provider over an instance, not configured yet.
    pub fn over(simulator: Simulator) -> World {
        let login = (simulator.username(), simulator.password());
        World::signed_in_as(simulator, &login.0, &login.1)
    }

    /// The provider over an instance, with another user.
    pub fn signed_in_as(simulator: Simulator, username: &str, password: &str) -> World {
        let authorization = format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(format!("{username}:{password}"))
        );
        let instants: Arc<Mutex<Vec<usize>>> = Arc::default();
        let waited_ms: Arc<Mutex<u64>> = Arc::default();
        let breaks: Arc<AtomicBool> = Arc::default();
        let doubled: Arc<Mutex<Vec<String>>> = Arc::default();
        let kill: Arc<Kill> = Arc::default();
        let meanwhile: Arc<Mutex<Meanwhile>> = Arc::default();
        let sets: Arc<Mutex<Vec<BTreeSet<String>>>> = Arc::default();
        let each_part: Arc<AtomicBool> = Arc::default();
        let transport: Arc<dyn Transport> = Arc::new(InProcess {
            instants: instants.clone(),
            breaks: breaks.clone(),
            doubled: doubled.clone(),
            sets: sets.clone(),
            each_part: each_part.clone(),
            kill: kill.clone(),
            meanwhile: meanwhile.clone(),
            simulator: simulator.clone(),
            authorization,
            waited_ms: waited_ms.clone(),
            ids: AtomicU64::default(),
        });
        let environment = Environment::from_variables(|name| match name {
            "SERVICENOW_INSTANCE" => Some("simulated".to_owned()),
            "SERVICENOW_USERNAME" => Some(username.to_owned()),
            "SERVICENOW_PASSWORD" => Some(password.to_owned()),
            _ => None,
        });
        let wire = transport.clone();
        let provider = ServiceNow::over(environment, Arc::new(move |_| wire.clone()));
        World {
            simulator,
            instants,
            breaks,
            doubled,
            sets,
            each_part,
            kill,
            meanwhile,
            provider,
            transport,
            waited_ms,
        }
    }

    /// Does some work in a process that is killed at its nth request, before or after the instance carries it out. `None`:
    /// it was killed.
    pub async fn killed_at<T>(&self, at: u64, executed: bool, work: impl Future<Output = T>) -> Option<T> {
        self.kill.at.store(at, Ordering::Relaxed);
        self.kill.executed.store(executed, Ordering::Relaxed);
        let outcome = tokio::select! {
            biased;
            outcome = work => Some(outcome),
            () = self.kill.now.notified() => None,
        };
        self.kill.at.store(0, Ordering::Relaxed);
        outcome
    }

    /// From now on a batch of writes is asked of the instance part by part, so that what is active is seen between them.
    pub fn ask_for_each_part(&self) {
        self.each_part.store(true, Ordering::Relaxed);
    }

    /// From now on this goes on beside: it is told of every request, as `METHOD /path`, and of every `wait`.
    pub fn meanwhile(&self, goes_on: impl FnMut(&str) + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(goes_on));
    }

    /// The same world with another way to other systems; it has to be configured again.
    pub fn within(self, outside: Outside) -> World {
        World { provider: self.provider.within(outside), ..self }
    }

    /// Signs in with an empty provider block.
    pub async fn configure(&self) -> Diagnostics {
        self.configure_with(&[]).await
    }

    /// Signs in with a provider block that holds these settings. Each call is what a new command of Terraform begins with.
    pub async fn configure_with(&self, settings: &[(&str, Value)]) -> Diagnostics {
        let names = self.provider.schema().block.attributes;
        let mut config: Object = names.into_iter().map(|it| (it.name, Value::Null)).collect();
        for (name, value) in settings {
            assert!(config.insert((*name).to_owned(), value.clone()).is_some(), "there is no setting {name}");
        }
        self.provider.configure(Configure { terraform_version: "1.15.5".to_owned(), config }).await
    }

    /// The provider, for a host that asks it through the protocol.
    pub fn into_provider(self) -> Arc<dyn Provider> {
        Arc::new(self.provider)
    }

    /// The provider in a world where the time stands still and other systems answer with a status.
    pub fn into_provider_within(self, outside: Outside) -> Arc<dyn Provider> {
        Arc::new(self.provider.within(outside))
    }

    /// The way to the instance.
    pub fn transport(&self) -> Arc<dyn Transport> {
        self.transport.clone()
    }

    /// Milliseconds that were waited for so far, instead of waiting.
    pub fn waited_ms(&self) -> u64 {
        *self.waited_ms.lock().unwrap()
    }

    /// Every resource.
    pub fn resources(&self) -> Vec<Arc<dyn Resource>> {
        self.provider.resources()
    }

    /// A resource by its type name.
    pub fn resource(&self, type_name: &str) -> Arc<dyn Resource> {
        self.resources().into_iter().find(|it| it.type_name() == type_name).unwrap()
    }

    /// Plans one resource in a plan of its own, as Terraform does.
    pub async fn plan(
        &self,
        type_name: &str,
        prior: Option<&State>,
        config: &Object,
    ) -> (Object, Vec<u8>, Diagnostics) {
        self.provider.plan_anew();
        self.plan_beside(type_name, prior, config).await
    }

    /// Plans one more resource of the plan that is being made.
    pub async fn plan_beside(
        &self,
        type_name: &str,
        prior: Option<&State>,
        config: &Object,
    ) -> (Object, Vec<u8>, Diagnostics) {
        let private = prior.map(|it| it.private.clone()).unwrap_or_default();
        self.plan_with(type_name, prior.map(|it| &it.object), private, config).await
    }

    /// Plans the new half of a replacement: no state, and the private bytes that the plan with the state left.
    pub async fn plan_replacement(&self, type_name: &str, private: Vec<u8>, config: &Object) -> Diagnostics {
        self.plan_with(type_name, None, private, config).await.2
    }

    async fn plan_with(
        &self,
        type_name: &str,
        before: Option<&Object>,
        private: Vec<u8>,
        config: &Object,
    ) -> (Object, Vec<u8>, Diagnostics) {
        let resource = self.resource(type_name);
        let schema = resource.schema();
        let proposed = propose(&schema, before, config);
        let plan = plan(&schema, Ask { prior: before, config, proposed: &proposed });
        let mut planning = Planning { private, ..Planning::new(before, config, plan) };
        let problems = resource.adjust(&mut planning).await;
        (planning.plan.planned, planning.private, problems)
    }

    /// Whether a plan would replace the object.
    pub async fn replaces(&self, type_name: &str, prior: &State, config: &Object) -> bool {
        let resource = self.resource(type_name);
        let schema = resource.schema();
        let before = Some(&prior.object);
        let proposed = propose(&schema, before, config);
        let plan = plan(&schema, Ask { prior: before, config, proposed: &proposed });
        let private = prior.private.clone();
        let mut planning = Planning { private, ..Planning::new(before, config, plan) };
        resource.adjust(&mut planning).await;
        !planning.plan.requires_replace.is_empty()
    }

    /// Plans and applies. Returns the new state, as Terraform would keep it, and what was said.
    pub async fn apply(
        &self,
        type_name: &str,
        prior: Option<&State>,
        config: &Object,
    ) -> (Option<State>, Diagnostics) {
        let (planned, private, mut problems) = self.plan(type_name, prior, config).await;
        // Terraform applies no plan that failed.
        if problems.has_errors() {
            return (prior.cloned(), problems);
        }
        let before = prior.map(|it| it.object.clone());
        let change = Apply {
            prior: before,
            planned: Some(planned.clone()),
            config: Some(config.clone()),
            private,
            ..Apply::default()
        };
        let applied = self.resource(type_name).apply(change).await;
        problems.extend(applied.diagnostics);
        if let Some(state) = &applied.state
            && !problems.has_errors()
        {
            for (name, value) in &planned {
                let applied = state.object.get(name).unwrap_or(&Value::Null);
                assert!(
                    keeps(value, applied),
                    "{type_name}.{name} was promised: {value:?} became {applied:?}"
                );
            }
        }
        (applied.state.map(without_unknowns), problems)
    }

    /// Applies where no error is expected.
    pub async fn put(&self, type_name: &str, prior: Option<&State>, config: &Object) -> State {
        let (state, problems) = self.apply(type_name, prior, config).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{type_name}");
        let state = state.unwrap();
        assert!(state.object.values().all(Value::is_wholly_known), "{:?}", state.object);
        state
    }

    /// Reads.
    pub async fn refresh(&self, type_name: &str, state: &State) -> (Option<State>, Diagnostics) {
        let outcome = self.resource(type_name).read(state.clone()).await;
        (outcome.state, outcome.diagnostics)
    }

    /// The attributes that a refresh and a plan would change.
    pub async fn drift(&self, type_name: &str, state: &State, config: &Object) -> Vec<String> {
        let (state, problems) = self.refresh(type_name, state).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{type_name}");
        let state = state.unwrap();
        let (planned, _, _) = self.plan(type_name, Some(&state), config).await;
        // An absent block is null, as the framework fills it in.
        let before = |name: &String| state.object.get(name).unwrap_or(&Value::Null);
        let differs = |(name, value): &(&String, &Value)| before(name) != *value;
        planned.iter().filter(differs).map(|(name, _)| name.clone()).collect()
    }

    /// Deletes, in a run of its own.
    pub async fn delete(&self, type_name: &str, state: &State) -> (Option<State>, Diagnostics) {
        self.provider.plan_anew();
        self.delete_beside(type_name, state).await
    }

    /// Deletes in the run that is under way, as the old half of a replacement.
    pub async fn delete_beside(&self, type_name: &str, state: &State) -> (Option<State>, Diagnostics) {
        let change = Apply {
            prior: Some(state.object.clone()),
            planned: None,
            config: None,
            private: state.private.clone(),
            ..Apply::default()
        };
        let applied = self.resource(type_name).apply(change).await;
        (applied.state, applied.diagnostics)
    }

    /// Imports and reads.
    pub async fn import(&self, type_name: &str, id: &str) -> Result<State, Diagnostics> {
        let state = self.resource(type_name).import().unwrap().by_id(id).await?;
        let (state, problems) = self.refresh(type_name, &state).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        Ok(state.unwrap())
    }

    /// A change made by hand, as the administrator.
    pub fn hand(&self, method: Method, path: &str, body: &str) -> Response {
        self.hand_request(Request::new(method, path), body)
    }

    /// A request made by hand, as the administrator.
    pub fn hand_request(&self, mut request: Request, body: &str) -> Response {
        request.body = Some(body.to_owned());
        by_hand(&self.simulator, request)
    }

    /// The rows of a table by one of their columns.
    pub fn rows(&self, table: &str, column: &str) -> BTreeMap<String, BTreeMap<String, String>> {
        self.simulator.rows(table).into_iter().map(|it| (it[column].clone(), it)).collect()
    }

    /// The requests since the journal was emptied, as `METHOD path` without queries.
    pub fn requests(&self) -> Vec<String> {
        let journal = self.simulator.journal();
        let entry = |it: &serde_json::Value| {
            let path = it["path"].as_str().unwrap().split('?').next().unwrap().to_owned();
            format!("{} {path}", it["method"].as_str().unwrap())
        };
        journal.as_array().unwrap().iter().map(entry).collect()
    }

    /// The writes among them.
    pub fn writes(&self) -> Vec<String> {
        self.requests().into_iter().filter(|it| !it.starts_with("GET ")).collect()
    }
}

/// A request made by hand, as the administrator.
pub fn by_hand(simulator: &Simulator, mut request: Request) -> Response {
    let login = format!("{}:{}", simulator.username(), simulator.password());
    let login = base64::engine::general_purpose::STANDARD.encode(login);
    request.headers.push(("Authorization".to_owned(), format!("Basic {login}")));
    simulator.answer(&request)
}

/// An instance with an administrator and nothing else.
pub fn empty() -> Simulator {
    Simulator::open(Options { fixture: servicenow_sim::Fixture::Empty, ..Options::default() }).unwrap()
}

/// The same with applications.
pub fn empty_with(applications: &[&str]) -> Simulator {
    let applications = applications.iter().map(|it| (*it).to_owned()).collect();
    let fixture = servicenow_sim::Fixture::Empty;
    Simulator::open(Options { fixture, applications, ..Options::default() }).unwrap()
}

/// An object from its members; what is left out is null.
pub fn config(world: &World, type_name: &str, members: &[(&str, Value)]) -> Object {
    let schema = world.resource(type_name).schema();
    let mut object: Object = schema.block.attributes.into_iter().map(|it| (it.name, Value::Null)).collect();
    for (name, value) in members {
        assert!(object.insert((*name).to_owned(), value.clone()).is_some(), "{type_name} has no {name}");
    }
    object
}

/// A text.
pub fn text(it: &str) -> Value {
    Value::string(it)
}

/// The text of an attribute.
pub fn attribute(state: &State, name: &str) -> String {
    state.object[name].as_str().unwrap_or_else(|| panic!("{name} is {:?}", state.object[name])).to_owned()
}

/// Summaries and details of the errors.
pub fn errors(problems: &Diagnostics) -> Vec<String> {
    of(problems, Severity::Error)
}

/// Summaries and details of the warnings.
pub fn warnings(problems: &Diagnostics) -> Vec<String> {
    of(problems, Severity::Warning)
}

fn of(problems: &Diagnostics, severity: Severity) -> Vec<String> {
    let those = problems.0.iter().filter(|it| it.severity == severity);
    those.map(|it| format!("{}: {}", it.summary, it.detail)).collect()
}
