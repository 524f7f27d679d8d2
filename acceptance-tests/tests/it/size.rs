//! What a plan of many connections asks of the instance. How long it takes is measured by `cargo xtask bench`.

use std::env;
use std::fmt::Write as _;

use acceptance_tests::{Terraform, World};

/// The share of every run, and the whole under `cargo xtask test --long`.
const COUNTS: (usize, usize) = (100, 1000);

/// However many connections there are: the sign-in, the alias, a few lists until the table is worth being read whole, and
/// its pages.
const REQUESTS_MAX: usize = 25;

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

#[test]
fn a_plan_of_many_connections_asks_a_few_times_and_changes_nothing() {
    let count = if env::var_os("SNOWDRIFT_LONG").is_some() { COUNTS.1 } else { COUNTS.0 };
    let world = World::new(Terraform::V1_15);
    // Without a log, which would be most of the work.
    world.environment("TF_LOG", "off").hcl(&connections(count)).apply().ends_with(0);
    let before = world.instance.journal().unwrap().len();
    world.plan_is_empty();
    let asked = world.instance.journal().unwrap().split_off(before);
    assert!(asked.iter().all(|it| it.method == "GET"), "{asked:?}");
    assert!(asked.len() <= REQUESTS_MAX, "{} requests for {count} connections", asked.len());
}
