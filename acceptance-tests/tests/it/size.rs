//! How long a plan of many connections takes, beside the same number of a type that Terraform has built in.

use std::env;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use acceptance_tests::{Terraform, World};

/// The share of every run, and the whole under `cargo xtask test --long`.
const COUNTS: (usize, usize) = (100, 1000);

/// A plan asks once per resource; this is what that may add for each on a busy machine, with a build that is not optimised.
const EXTRA_PER_RESOURCE: Duration = Duration::from_millis(30);

/// Separate blocks, because with `count` Terraform itself becomes slow.
fn connections(count: usize) -> String {
    let mut hcl = "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n".to_owned();
    for n in 0..count {
        write!(
            hcl,
            "resource \"servicenow_http_connection\" \"it{n}\" {{\n  name = \"it-{n}\"\n  connection_alias_id = \
             servicenow_connection_alias.it.id\n  connection_url = \"https://{n}.example.com\"\n}}\n"
        )
        .unwrap();
    }
    hcl
}

fn built_in(count: usize) -> String {
    let mut hcl = String::new();
    for n in 0..count {
        writeln!(hcl, "resource \"terraform_data\" \"it{n}\" {{\n  input = \"https://{n}.example.com\"\n}}")
            .unwrap();
    }
    hcl
}

/// How long an empty plan takes. Without a log, which would be most of the work.
fn plan_time(hcl: &str) -> Duration {
    let world = World::new(Terraform::V1_15);
    world.environment("TF_LOG", "off").hcl(hcl).apply().ends_with(0);
    let start = Instant::now();
    world.plan_is_empty();
    start.elapsed()
}

#[test]
fn a_plan_of_many_connections_stays_in_reach_of_terraforms_own_work() {
    let count = if env::var_os("SNOWDRIFT_LONG").is_some() { COUNTS.1 } else { COUNTS.0 };
    let (ours, floor) = (plan_time(&connections(count)), plan_time(&built_in(count)));
    let seconds = |time: Duration| time.as_secs_f64();
    eprintln!(
        "plan of {count} connections {:.2} s, of {count} terraform_data {:.2} s",
        seconds(ours),
        seconds(floor)
    );
    let allowed = EXTRA_PER_RESOURCE * u32::try_from(count).unwrap() + Duration::from_secs(3);
    assert!(ours < floor + allowed, "{ours:?} against {floor:?}");
}
