//! One of every kind besides resources, each doing what a test tells it.

use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, FunctionSignature, Model, Object, Schema, Value, model};

use super::puppet::Act;
use crate::harness::Client;
use crate::provider::{
    Action, ActionPlan, Close, Configure, DataOutcome, DataSource, Deferral, EphemeralResource, Function,
    FunctionError, ListRequest, ListResource, Listing, Opened, Provider, Renew, Renewed, Resource, Telling,
};
use crate::rpc::tests::puppet::{PUPPET, Puppet, PuppetResource};

pub(super) const OTHER: &str = "puppet_other";

/// What all of them are asked by, and what comes back.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Asked {
    /// What is asked for.
    #[tf(required())]
    name: Attr<String>,
    /// What is added to it.
    #[tf(optional())]
    more: Attr<String>,
    /// What comes back.
    #[tf(computed())]
    answer: Attr<String>,
}

type List = dyn for<'a> Fn(ListRequest, &'a Listing) -> futures::Finding<'a> + Send + Sync;

/// A future that borrows where it hands out what it found.
pub(super) mod futures {
    use std::future::Future;
    use std::pin::Pin;

    use tf_core::Diagnostics;

    pub(crate) type Finding<'a> = Pin<Box<dyn Future<Output = Diagnostics> + Send + 'a>>;
}

type Invoke = dyn for<'a> Fn(Object, &'a Telling) -> futures::Finding<'a> + Send + Sync;
type Call = dyn Fn(&[Value]) -> Result<Value, FunctionError> + Send + Sync;

/// Fields to overwrite; by default there is an honest one of every kind but functions.
pub(super) struct Cast {
    pub(super) puppet: Arc<Puppet>,
    pub(super) validate: Act<Object, Diagnostics>,
    pub(super) data: Act<Object, DataOutcome>,
    pub(super) open: Act<Object, Opened>,
    pub(super) renew: Option<Act<Vec<u8>, Renewed>>,
    pub(super) close: Option<Act<Vec<u8>, Diagnostics>>,
    pub(super) list: Box<List>,
    pub(super) plan: Act<Object, ActionPlan>,
    pub(super) invoke: Box<Invoke>,
    pub(super) functions: Vec<(FunctionSignature, Arc<Call>)>,
    pub(super) deferral: Option<Deferral>,
}

impl Default for Cast {
    fn default() -> Cast {
        Cast {
            puppet: Arc::default(),
            validate: Box::new(|_| Diagnostics::none()),
            data: Box::new(|config| answered(config).into()),
            open: Box::new(|config| Opened { result: Some(answered(config)), ..Opened::default() }),
            renew: None,
            close: None,
            list: Box::new(|_, _| Box::pin(async { Diagnostics::none() })),
            plan: Box::new(|_| ActionPlan::default()),
            invoke: Box::new(|_, _| Box::pin(async { Diagnostics::none() })),
            functions: Vec::new(),
            deferral: None,
        }
    }
}

/// What an honest one answers.
pub(super) fn answered(mut config: Object) -> Object {
    config.insert("answer".to_owned(), Value::string("here it is"));
    config
}

/// A host connected to them.
pub(super) async fn host(cast: Cast) -> Client {
    Client::in_process(Arc::new(CastProvider(Arc::new(cast))), super::ADDRESS).await.unwrap()
}

struct CastProvider(Arc<Cast>);

/// A member of the cast.
struct Player(Arc<Cast>);

#[async_trait]
impl Provider for CastProvider {
    fn schema(&self) -> Schema {
        model::schema::<Asked>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(PuppetResource(Arc::clone(&self.0.puppet)))]
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        vec![Arc::new(Player(Arc::clone(&self.0)))]
    }

    fn ephemeral_resources(&self) -> Vec<Arc<dyn EphemeralResource>> {
        vec![Arc::new(Player(Arc::clone(&self.0)))]
    }

    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        vec![Arc::new(Player(Arc::clone(&self.0)))]
    }

    fn actions(&self) -> Vec<Arc<dyn Action>> {
        vec![Arc::new(Player(Arc::clone(&self.0)))]
    }

    fn functions(&self) -> Vec<Arc<dyn Function>> {
        let function = |(signature, call): &(FunctionSignature, Arc<Call>)| -> Arc<dyn Function> {
            Arc::new(PlayedFunction(signature.clone(), Arc::clone(call)))
        };
        self.0.functions.iter().map(function).collect()
    }

    fn deferral(&self) -> Option<Deferral> {
        self.0.deferral
    }

    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }
}

#[async_trait]
impl DataSource for Player {
    fn type_name(&self) -> &str {
        OTHER
    }

    fn schema(&self) -> Schema {
        model::schema::<Asked>()
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        (self.0.validate)(config.clone())
    }

    async fn read(&self, config: Object) -> DataOutcome {
        (self.0.data)(config)
    }
}

#[async_trait]
impl EphemeralResource for Player {
    fn type_name(&self) -> &str {
        OTHER
    }

    fn schema(&self) -> Schema {
        model::schema::<Asked>()
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        (self.0.validate)(config.clone())
    }

    async fn open(&self, config: Object) -> Opened {
        (self.0.open)(config)
    }

    fn renew(&self) -> Option<&dyn Renew> {
        self.0.renew.as_ref().map(|_| -> &dyn Renew { self })
    }

    fn close(&self) -> Option<&dyn Close> {
        self.0.close.as_ref().map(|_| -> &dyn Close { self })
    }
}

#[async_trait]
impl Renew for Player {
    async fn renew_opened(&self, private: Vec<u8>) -> Renewed {
        self.0.renew.as_ref().unwrap()(private)
    }
}

#[async_trait]
impl Close for Player {
    async fn close_opened(&self, private: Vec<u8>) -> Diagnostics {
        self.0.close.as_ref().unwrap()(private)
    }
}

#[async_trait]
impl ListResource for Player {
    fn type_name(&self) -> &str {
        PUPPET
    }

    fn schema(&self) -> Schema {
        model::schema::<Asked>()
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        (self.0.validate)(config.clone())
    }

    async fn list(&self, request: ListRequest, listing: &Listing) -> Diagnostics {
        (self.0.list)(request, listing).await
    }
}

#[async_trait]
impl Action for Player {
    fn type_name(&self) -> &str {
        OTHER
    }

    fn schema(&self) -> Schema {
        model::schema::<Asked>()
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        (self.0.validate)(config.clone())
    }

    async fn plan(&self, config: &Object) -> ActionPlan {
        (self.0.plan)(config.clone())
    }

    async fn invoke(&self, config: Object, telling: &Telling) -> Diagnostics {
        (self.0.invoke)(config, telling).await
    }
}

struct PlayedFunction(FunctionSignature, Arc<Call>);

impl Function for PlayedFunction {
    fn signature(&self) -> FunctionSignature {
        self.0.clone()
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        (self.1)(arguments)
    }
}
