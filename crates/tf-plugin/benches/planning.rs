//! How long a host waits for the plan of one resource with a large set: reading what it sends, planning, checking the
//! plan and writing it, over the protocol.

#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a benchmark gives up on the first surprise"
)]

#[path = "../../tf-core/benches/samples/mod.rs"]
mod samples;

use std::sync::Arc;

use async_trait::async_trait;
use criterion::{BenchmarkId, Criterion, Throughput};
use samples::Firewall;
use tf_core::wire::msgpack;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, Value, model};
use tf_plugin::harness::Client;
use tf_plugin::proto::tfplugin6::{DynamicValue, plan_resource_change};
use tf_plugin::{Applied, Apply, Configure, Provider, ReadOutcome, Resource, State};

const TYPE: &str = "bench_firewall";

/// Enough for a median; the usual hundred thousand take longer than what is measured.
const RESAMPLES: usize = 1_000;

/// Nothing.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Settings {
    /// Nothing.
    #[tf(optional())]
    nothing: Attr<String>,
}

struct Firewalls;

#[async_trait]
impl Provider for Firewalls {
    fn schema(&self) -> Schema {
        model::schema::<Settings>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(Firewalls)]
    }

    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }
}

#[async_trait]
impl Resource for Firewalls {
    fn type_name(&self) -> &str {
        TYPE
    }

    fn schema(&self) -> Schema {
        model::schema::<Firewall>()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        state.into()
    }

    async fn apply(&self, _apply: Apply) -> Applied {
        Applied::default()
    }
}

fn sent(object: Option<&Object>) -> Option<DynamicValue> {
    let value = object.map_or(Value::Null, |it| Value::Map(it.clone()));
    let msgpack = msgpack::encode(&value, &samples::ty()).expect("a value of the type");
    Some(DynamicValue { msgpack, json: Vec::new() })
}

fn request(prior: Option<&Object>, config: &Object) -> plan_resource_change::Request {
    plan_resource_change::Request {
        type_name: TYPE.to_owned(),
        prior_state: sent(prior),
        proposed_new_state: sent(Some(&samples::proposed(prior, config))),
        config: sent(Some(config)),
        ..plan_resource_change::Request::default()
    }
}

fn planning(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let client = runtime.block_on(Client::in_process(Arc::new(Firewalls), "example.com/test/bench"));
    let client = client.expect("a host");
    let mut group = criterion.benchmark_group("rpc");
    group.sample_size(10).nresamples(RESAMPLES);
    for rules in [1_000_i64, 10_000, 20_000] {
        group.throughput(Throughput::Elements(rules.unsigned_abs()));
        let (config, changed) = (samples::config(rules, 0), samples::config(rules, 1));
        let state = samples::state(rules, 0);
        let cases = [
            ("plan/create", request(None, &config)),
            ("plan/unchanged", request(Some(&state), &config)),
            ("plan/changed", request(Some(&state), &changed)),
        ];
        for (name, request) in cases {
            group.bench_with_input(BenchmarkId::new(name, rules), &request, |bencher, request| {
                bencher.iter(|| {
                    let answer = runtime.block_on(client.raw().plan_resource_change(request.clone()));
                    let answer = answer.expect("an answer").into_inner();
                    assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
                    answer
                });
            });
        }
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    planning(&mut criterion);
    criterion.final_summary();
}
