//! How many megabytes of a state are decoded and encoded in a second.

mod samples;

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use tf_core::Value;
use tf_core::wire::{json, msgpack};

/// A state of a few megabytes.
const RULES: i64 = 20_000;

/// Enough for a median; the usual hundred thousand take longer than what is measured.
const RESAMPLES: usize = 1_000;

fn codec(criterion: &mut Criterion) {
    let (ty, value) = (samples::ty(), Value::Map(samples::state(RULES, 0)));
    let (Ok(packed), Ok(document)) = (msgpack::encode(&value, &ty), json::encode(&value, &ty)) else {
        return;
    };
    let text = document.to_string();
    let size = |bytes: usize| Throughput::Bytes(u64::try_from(bytes).unwrap_or(u64::MAX));

    let mut group = criterion.benchmark_group("msgpack");
    group.sample_size(20).nresamples(RESAMPLES).throughput(size(packed.len()));
    group.bench_function("encode", |bencher| bencher.iter(|| msgpack::encode(black_box(&value), &ty)));
    group.bench_function("decode", |bencher| bencher.iter(|| msgpack::decode(black_box(&packed), &ty)));
    group.finish();

    let mut group = criterion.benchmark_group("json");
    group.sample_size(10).nresamples(RESAMPLES).throughput(size(text.len()));
    group.bench_function("encode", |bencher| {
        bencher.iter(|| json::encode(black_box(&value), &ty).map(|it| it.to_string()));
    });
    group.bench_function("decode", |bencher| {
        bencher.iter(|| {
            let document: Result<serde_json::Value, _> = serde_json::from_str(black_box(&text));
            document.ok().map(|it| json::decode_state(&it, &ty))
        });
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    codec(&mut criterion);
    criterion.final_summary();
}
