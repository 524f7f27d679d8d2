//! What a module says about itself, and private bytes from one plan to the next.

use std::sync::Mutex;

use async_trait::async_trait;
use tf_core::{Attr, Model, Schema, check, model};

use super::*;
use crate::harness::Host;
use crate::provider::{
    Applied, Apply, Configure, DataOutcome, DataSource, Planning, Provider, ReadOutcome, Resource, State,
};

const TYPE: &str = "diary_entry";

/// An entry.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Entry {
    /// What it says.
    #[tf(optional())]
    text: Attr<String>,
}

/// Who writes.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Meta {
    /// The name of the module.
    #[tf(required().check(check::length(1, 10)))]
    module: Attr<String>,
}

/// Notes who says what about itself, and what a second plan gets from the first.
#[derive(Default)]
struct Diary {
    told: Mutex<Vec<(&'static str, Option<Object>)>>,
    from_first_plan: Mutex<Vec<Option<Vec<u8>>>>,
}

impl Diary {
    fn note(&self, what: &'static str, meta: Option<&Object>) {
        self.told.lock().unwrap().push((what, meta.cloned()));
    }
}

struct Entries(Arc<Diary>);

#[async_trait]
impl Provider for Entries {
    fn schema(&self) -> Schema {
        model::schema::<Entry>()
    }

    fn meta_schema(&self) -> Option<Schema> {
        Some(model::schema::<Meta>())
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Entries(Arc::clone(&self.0)))]
    }

    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        vec![Arc::new(Entries(Arc::clone(&self.0)))]
    }

    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }
}

#[async_trait]
impl Resource for Entries {
    fn type_name(&self) -> &str {
        TYPE
    }

    fn schema(&self) -> Schema {
        model::schema::<Entry>()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        self.0.note("read", None);
        state.into()
    }

    async fn read_for(&self, state: State, meta: &Object) -> ReadOutcome {
        self.0.note("read", Some(meta));
        state.into()
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        self.0.note("plan", planning.meta);
        self.0.from_first_plan.lock().unwrap().push(planning.planned_private.clone());
        planning.private = b"first".to_vec();
        Diagnostics::none()
    }

    async fn apply(&self, apply: Apply) -> Applied {
        self.0.note("apply", apply.meta.as_ref());
        let state = apply.planned.map(|object| State { object, private: apply.private });
        Applied { state, ..Applied::default() }
    }
}

#[async_trait]
impl DataSource for Entries {
    fn type_name(&self) -> &str {
        TYPE
    }

    fn schema(&self) -> Schema {
        model::schema::<Entry>()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        self.0.note("look up", None);
        config.into()
    }

    async fn read_for(&self, config: Object, meta: &Object) -> DataOutcome {
        self.0.note("look up", Some(meta));
        config.into()
    }
}

async fn client(diary: &Arc<Diary>) -> Client {
    Client::in_process(Arc::new(Entries(Arc::clone(diary))), ADDRESS).await.unwrap()
}

/// Everything that carries what a module says.
async fn live(host: &Client) {
    let config = object([("text", text("x"))]);
    let planned = host.plan(TYPE, None, &config).await.unwrap();
    let applied = host.apply(TYPE, None, &planned, &config).await.unwrap();
    host.read(TYPE, &applied.state.unwrap()).await.unwrap();
    host.read_data(TYPE, &config).await.unwrap();
}

#[tokio::test]
async fn what_a_module_says_about_itself_arrives_with_every_call() {
    let diary = Arc::new(Diary::default());
    let meta = object([("module", text("shop"))]);
    live(&client(&diary).await.with_meta(meta.clone())).await;
    let told = diary.told.lock().unwrap().clone();
    assert_eq!(told, ["plan", "apply", "read", "look up"].map(|it| (it, Some(meta.clone()))));
}

#[tokio::test]
async fn a_module_may_say_nothing_about_itself() {
    let diary = Arc::new(Diary::default());
    live(&client(&diary).await).await;
    let told = diary.told.lock().unwrap().clone();
    assert_eq!(told, ["plan", "apply", "read", "look up"].map(|it| (it, None)));
}

#[tokio::test]
async fn what_a_module_says_about_itself_is_checked() {
    let diary = Arc::new(Diary::default());
    let host = client(&diary).await.with_meta(object([("module", text("much too long"))]));
    let planned = host.plan(TYPE, None, &Object::new()).await.unwrap();
    check_error(&planned.diagnostics, "", &["`provider_meta`", "10", "Nothing was changed"]);
    assert!(diary.told.lock().unwrap().is_empty());
}

#[tokio::test]
async fn private_bytes_of_the_first_plan_reach_the_second_in_hosts_that_keep_them() {
    for (host, second) in [(Host::terraform(15), None), (Host::terraform(16), Some(b"first".to_vec()))] {
        let diary = Arc::new(Diary::default());
        let client = client(&diary).await.posing_as(host);
        let planned = client.plan(TYPE, None, &Object::new()).await.unwrap();
        let again = client.plan_again(TYPE, None, &planned, &Object::new()).await.unwrap();
        assert_eq!(again.private, b"first");
        assert_eq!(*diary.from_first_plan.lock().unwrap(), [None, second], "{}", host.name());
        // Whatever the host, an apply gets what the plan before it said.
        let applied = client.apply(TYPE, None, &again, &Object::new()).await.unwrap();
        assert_eq!(applied.state.unwrap().private, b"first");
    }
}
