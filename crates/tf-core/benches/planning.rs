//! How long a plan of one resource with a large set takes, with everything that goes with it: twice the objects should
//! take twice the time.

mod samples;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput};
use tf_core::plan::{plan, verify_apply, verify_plan};
use tf_core::{Model, check};

/// Enough for a median; the usual hundred thousand take longer than what is measured.
const RESAMPLES: usize = 1_000;

fn planning(criterion: &mut Criterion) {
    let schema = samples::schema();
    let mut group = criterion.benchmark_group("set");
    group.sample_size(10).nresamples(RESAMPLES);
    for rules in [1_000_i64, 10_000, 20_000] {
        group.throughput(Throughput::Elements(rules.unsigned_abs()));
        let (config, state) = (samples::config(rules, 0), samples::state(rules, 0));
        let changed = samples::config(rules, 1);
        let same = samples::proposed(Some(&state), &config);
        let other = samples::proposed(Some(&state), &changed);
        let fresh = samples::proposed(None, &config);
        let cases = [
            ("plan/create", samples::ask(None, &config, &fresh)),
            ("plan/unchanged", samples::ask(Some(&state), &config, &same)),
            ("plan/changed", samples::ask(Some(&state), &changed, &other)),
        ];
        for (name, ask) in cases {
            group.bench_with_input(BenchmarkId::new(name, rules), &ask, |bencher, ask| {
                bencher.iter(|| plan(black_box(&schema), *ask));
            });
        }
        let ask = samples::ask(None, &config, &fresh);
        let planned = plan(&schema, ask);
        group.bench_with_input(BenchmarkId::new("verify/plan", rules), &ask, |bencher, ask| {
            bencher.iter(|| verify_plan(&schema, *ask, &planned));
        });
        group.bench_with_input(BenchmarkId::new("verify/apply", rules), &planned, |bencher, planned| {
            bencher.iter(|| verify_apply(&schema, &planned.planned, &state));
        });
        group.bench_with_input(BenchmarkId::new("check", rules), &config, |bencher, config| {
            bencher.iter(|| check::run(&schema, config));
        });
        group.bench_with_input(BenchmarkId::new("model", rules), &state, |bencher, state| {
            bencher.iter(|| samples::Firewall::from_object(state));
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    planning(&mut criterion);
    criterion.final_summary();
}
