//! Measures a plugin from the outside, as a host meets it, and prints the figures as JSON: `measure PROGRAM [STARTS]`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use prost::Message;
use serde_json::json;
use tf_plugin::harness::{HarnessError, Launch};
use tf_plugin::proto::tfplugin6::get_provider_schema;
use tf_plugin::proto::tfplugin6::provider_client::ProviderClient;

/// Starts whose median is given, unless another number is.
const STARTS: usize = 31;

/// What one start came to.
struct Figures {
    line: Duration,
    schema: Duration,
    schema_bytes: usize,
    resident_bytes: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().unwrap_or_default();
    let starts = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(STARTS);
    match measure(&program, starts).await {
        Ok(figures) => report(&figures),
        Err(error) => complain(&error),
    }
}

#[expect(clippy::print_stdout, reason = "the figures are what the program is for")]
fn report(figures: &[Figures]) -> ExitCode {
    let milliseconds = |time: &Duration| time.as_secs_f64() * 1000.0;
    let of = |figure: fn(&Figures) -> Duration| median(figures.iter().map(figure));
    let text = json!({
        "starts": figures.len(),
        "line_ms": of(|it| it.line).as_ref().map(milliseconds),
        "schema_ms": of(|it| it.schema).as_ref().map(milliseconds),
        "schema_bytes": median(figures.iter().map(|it| it.schema_bytes)),
        "resident_bytes": median(figures.iter().map(|it| it.resident_bytes)),
    });
    println!("{text}");
    ExitCode::SUCCESS
}

#[expect(clippy::print_stderr, reason = "a person or the program that started this reads it")]
fn complain(error: &HarnessError) -> ExitCode {
    eprintln!("nothing was measured: {error}");
    ExitCode::FAILURE
}

async fn measure(program: &str, starts: usize) -> Result<Vec<Figures>, HarnessError> {
    let mut figures = Vec::new();
    for _ in 0..starts {
        figures.push(start(program).await?);
    }
    Ok(figures)
}

/// The first question of every host is for the schema, so that the first answer counts.
#[expect(clippy::disallowed_methods, reason = "measuring takes a clock")]
async fn start(program: &str) -> Result<Figures, HarnessError> {
    let running = Launch::new(program).start().await?;
    let mut raw = ProviderClient::new(running.reach().await?).max_decoding_message_size(usize::MAX);
    let begun = Instant::now();
    let answer = raw.get_provider_schema(get_provider_schema::Request {}).await?.into_inner();
    let schema = begun.elapsed();
    Ok(Figures {
        line: running.started_in(),
        schema,
        schema_bytes: answer.encoded_len(),
        resident_bytes: resident_bytes(running.process_id()),
    })
}

/// The memory that a process holds; zero where the operating system does not tell as Linux does.
#[expect(clippy::disallowed_methods, reason = "Linux tells it in a file")]
fn resident_bytes(process_id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process_id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or(0) * 1024
}

fn median<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
