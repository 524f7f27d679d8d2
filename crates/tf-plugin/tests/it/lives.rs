//! Random resources with random configurations live through create, read, change, replacement and deletion over the
//! protocol, and an observer that knows the host's rules from elsewhere watches every answer.

mod schemas;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use schemas::Dice;
use tf_core::{
    Attr, Attribute, AttributeType, Behavior, Block, Diagnostics, Mode, Model, Number, Object, Schema, Type,
    Value, model,
};
use tf_plugin::harness::{Client, Planned};
use tf_plugin::{Applied, Apply, Configure, Provider, ReadOutcome, Resource, State};

/// How many lives there are in an ordinary run. `SNOWDRIFT_LONG` multiplies it.
const LIVES: u64 = 100;

const TYPE: &str = "life_thing";

/// Nothing.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Settings {
    /// Nothing.
    #[tf(optional())]
    nothing: Attr<String>,
}

/// A resource that makes up what it has to decide, and never the same twice.
struct Life {
    schema: Schema,
    made: Arc<AtomicI64>,
}

#[async_trait]
impl Provider for Life {
    fn schema(&self) -> Schema {
        model::schema::<Settings>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Life { schema: self.schema.clone(), made: Arc::clone(&self.made) })]
    }

    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }
}

#[async_trait]
impl Resource for Life {
    fn type_name(&self) -> &str {
        TYPE
    }

    fn schema(&self) -> Schema {
        self.schema.clone()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        state.into()
    }

    async fn apply(&self, apply: Apply) -> Applied {
        let Some(mut object) = apply.planned else { return Applied::default() };
        let Type::Object(types) = self.schema.block.implied_type() else { return Applied::default() };
        for (name, value) in &mut object {
            self.decide(value, &types[name]);
        }
        Applied { state: Some(State { object, private: b"life".to_vec() }), ..Applied::default() }
    }
}

impl Life {
    fn decide(&self, value: &mut Value, ty: &Type) {
        match (&mut *value, ty) {
            (it, ty) if it.is_unknown() => *it = self.made(ty),
            (Value::Map(members), Type::Object(types)) => {
                members.iter_mut().for_each(|(name, it)| self.decide(it, &types[name]));
            }
            (Value::Map(members), Type::Map(element)) => {
                members.values_mut().for_each(|it| self.decide(it, element));
            }
            (Value::List(items), Type::List(element)) => {
                items.iter_mut().for_each(|it| self.decide(it, element))
            }
            (Value::Set(items), Type::Set(element)) => {
                let mut items = std::mem::take(items);
                items.iter_mut().for_each(|it| self.decide(it, element));
                *value = Value::set(items);
            }
            _ => {}
        }
    }

    fn made(&self, ty: &Type) -> Value {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        match ty {
            Type::Bool => Value::Bool(true),
            Type::Number => Value::Number(Number::from(number)),
            Type::String => Value::string(format!("made {number}")),
            Type::List(element) => Value::List(vec![self.made(element)]),
            Type::Set(element) => Value::set(vec![self.made(element)]),
            Type::Map(element) => Value::Map([("made".to_owned(), self.made(element))].into()),
            Type::Dynamic => Value::Dynamic(Box::new((Type::Number, Value::Number(Number::from(number))))),
            _ => Value::Null,
        }
    }
}

/// The host's side of one life.
struct Host {
    client: Client,
    /// As the host knows it: without defaults, checks and all that stays on the other side.
    schema: Schema,
    seen: Arc<Seen>,
}

/// What happened in all lives together, so that nobody mistakes silence for health.
#[derive(Default)]
struct Seen {
    updated: AtomicI64,
    replaced: AtomicI64,
    learned: AtomicI64,
}

fn count(it: &AtomicI64, happened: bool) {
    it.fetch_add(i64::from(happened), Ordering::Relaxed);
}

impl Host {
    fn watch(&self, config: &Object, prior: Option<&State>, planned: &Planned) -> Object {
        assert!(planned.diagnostics.is_empty(), "{:?}", planned.diagnostics);
        let state = planned.state.clone().expect("a plan");
        let report = watch::plan(&self.schema, config, prior.map(|it| &it.object), &state);
        assert!(report.0.is_empty(), "plan: {report:#?}\nconfig {config:#?}\nplan {state:#?}");
        state
    }

    /// Plans before everything is known, plans again when it is, and applies.
    async fn change(&self, early: &Object, config: &Object, prior: Option<&State>) -> State {
        let first = self.client.plan(TYPE, prior, early).await.unwrap();
        let expected = self.watch(early, prior, &first);
        if let Some(old) = prior.filter(|_| !first.requires_replace.is_empty()) {
            // The host asks again as for a new object, after the old one has gone.
            count(&self.seen.replaced, true);
            let gone = self.client.destroy(TYPE, old).await.unwrap();
            assert_eq!(gone, Applied::default());
            return Box::pin(self.change(early, config, None)).await;
        }
        let again = self.client.plan_again(TYPE, prior, &first, config).await.unwrap();
        let planned = self.watch(config, prior, &again);
        let report = watch::outcome(&self.schema, &expected, &planned, false);
        assert!(report.0.is_empty(), "second plan: {report:#?}\nfirst {expected:#?}\nsecond {planned:#?}");
        assert!(prior.is_none() || again.requires_replace.is_empty(), "{:?}", again.requires_replace);
        count(&self.seen.updated, prior.is_some_and(|it| it.object != planned));
        count(&self.seen.learned, expected != planned);
        let applied = self.client.apply(TYPE, prior, &again, config).await.unwrap();
        assert!(applied.diagnostics.is_empty(), "{:?}", applied.diagnostics);
        let state = applied.state.expect("a state");
        let report = watch::outcome(&self.schema, &planned, &state.object, true);
        assert!(report.0.is_empty(), "apply: {report:#?}");
        state
    }

    /// Nothing has changed, neither there nor in what the user wrote.
    async fn rests(&self, config: &Object, state: &State) {
        let read = self.client.read(TYPE, state).await.unwrap();
        assert_eq!((read.state.as_ref(), read.diagnostics.is_empty()), (Some(state), true));
        let planned = self.client.plan(TYPE, Some(state), config).await.unwrap();
        assert_eq!(self.watch(config, Some(state), &planned), state.object, "{config:#?}");
        assert!(planned.requires_replace.is_empty());
    }
}

async fn live(seed: u64, seen: Arc<Seen>) {
    let mut dice = Dice::new(seed);
    let schema = schemas::schema(&mut dice);
    let life = Life { schema: schema.clone(), made: Arc::default() };
    let client = Client::in_process(Arc::new(life), "example.com/test/life").await.unwrap();
    let host = Host { schema: client.schema(TYPE).unwrap().clone(), client, seen };
    let mut state = None;
    let mut config = Object::new();
    for _ in 0..3 {
        config = schemas::config(&mut dice, &schema.block);
        let early = schemas::forget(&mut dice, &config, &schema.block);
        for written in [&early, &config] {
            let diagnostics = host.client.validate(TYPE, written).await.unwrap();
            assert!(diagnostics.is_empty(), "{diagnostics:?}");
        }
        let next = host.change(&early, &config, state.as_ref()).await;
        host.rests(&config, &next).await;
        state = Some(next);
    }
    assert!(!config.is_empty());
    let gone = host.client.destroy(TYPE, &state.unwrap()).await.unwrap();
    assert_eq!(gone, Applied::default());
}

#[tokio::test]
async fn random_resources_live_by_the_rules_of_hosts() {
    let times = std::env::var("SNOWDRIFT_LONG").ok().and_then(|it| it.parse().ok()).unwrap_or(1_u64);
    let seen = Arc::new(Seen::default());
    for seed in 0..LIVES.saturating_mul(times) {
        if let Err(failure) = tokio::spawn(live(seed, Arc::clone(&seen))).await {
            panic!("the life of seed {seed} went wrong: {failure}");
        }
    }
    for seen in [&seen.updated, &seen.replaced, &seen.learned] {
        assert!(seen.load(Ordering::Relaxed) > 20, "lives are too quiet: {seen:?}");
    }
}

/// Checks what the observer says of a plan or a result for an attribute of a thing.
fn check_observed(mode: Mode, [config, prior, planned, outcome]: [&str; 4], complaints: [bool; 2]) {
    let value = |text: &str| match text {
        "" => Value::Null,
        "?" => Value::unknown(),
        text => Value::string(text),
    };
    let object = |text: &str| Object::from([("a".to_owned(), value(text))]);
    let attribute = Attribute {
        name: "a".to_owned(),
        doc: "A.".to_owned(),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior { mode, ..Behavior::default() },
    };
    let block = Block { attributes: vec![attribute], ..Block::default() };
    let schema = Schema { version: 0, block };
    let plan = watch::plan(&schema, &object(config), Some(&object(prior)), &object(planned));
    let outcome = watch::outcome(&schema, &object(planned), &object(outcome), true);
    let found = [!plan.0.is_empty(), !outcome.0.is_empty()];
    assert_eq!(found, complaints, "{mode:?} {config:?} {prior:?} {planned:?}: {plan:?} {outcome:?}");
}

#[test]
fn the_observer_sees_what_a_host_would_refuse() {
    // What is configured, what was there, what is planned, what came out; and whether a host refuses the plan, the result.
    for (mode, values, complaints) in [
        (Mode::Required, ["x", "y", "x", "x"], [false, false]),
        (Mode::Required, ["x", "y", "y", "y"], [false, false]),
        (Mode::Required, ["x", "y", "z", "z"], [true, false]),
        (Mode::Required, ["x", "y", "?", "x"], [true, false]),
        (Mode::Optional, ["", "y", "y", "y"], [true, false]),
        (Mode::Optional, ["", "y", "", ""], [false, false]),
        (Mode::OptionalComputed, ["", "y", "?", "z"], [false, false]),
        (Mode::OptionalComputed, ["x", "y", "?", "x"], [true, false]),
        (Mode::Computed, ["", "y", "z", "z"], [false, false]),
        (Mode::Computed, ["", "y", "z", "y"], [false, true]),
        (Mode::Computed, ["", "y", "?", "?"], [false, true]),
    ] {
        check_observed(mode, values, complaints);
    }
}
