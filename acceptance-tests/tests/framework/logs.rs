//! The log, as Terraform understands it: every field arrives as a field, at its level, and no secret among them.

use acceptance_tests::{Terraform, Workshop};
use serde_json::Value;

const SECRET: &str = "s3cret-in-no-line";

/// The provider's lines of a log that Terraform wrote as JSON.
fn lines(workshop: &Workshop) -> Vec<Value> {
    let log = workshop.left("log");
    let lines = log.lines().map(|it| serde_json::from_str::<Value>(it).unwrap_or_else(|_| panic!("{it}")));
    // A line of plain text is filed under the program's name; a line in Terraform's own form says where it belongs.
    let modules = ["provider", "provider.terraform-provider-scratch"];
    lines.filter(|it| it["@module"].as_str().is_some_and(|it| modules.contains(&it))).collect()
}

fn logged(terraform: Terraform) -> Vec<Value> {
    let workshop = Workshop::new(terraform, "scratch");
    let log = workshop.configuration().join("log");
    workshop.environment("TF_LOG", "JSON").environment("TF_LOG_PATH", &log.display().to_string());
    let secret =
        if terraform >= Terraform::V1_11 { format!("secret_wo = \"{SECRET}\"") } else { String::new() };
    workshop.hcl(&format!("resource \"scratch_note\" \"it\" {{\n  text = \"print\"\n  {secret}\n}}\n"));
    workshop.apply().ends_with(0);
    let lines = lines(&workshop);
    assert!(!workshop.left("log").contains(SECRET), "a secret is in the log");
    lines
}

fn check(terraform: Terraform) {
    let lines = logged(terraform);
    let of = |rpc: &str| -> Vec<&Value> {
        lines.iter().filter(|it| it["tf_rpc"] == rpc && it["@message"] == "answered").collect()
    };
    for rpc in ["GetProviderSchema", "ConfigureProvider", "PlanResourceChange", "ApplyResourceChange"] {
        assert!(!of(rpc).is_empty(), "no call of {rpc} in {lines:#?}");
    }
    // Terraform plans again in the process that applies.
    assert_eq!(of("PlanResourceChange").len(), 2);
    let [apply] = of("ApplyResourceChange")[..] else { panic!("{lines:#?}") };
    assert_eq!(apply["@level"], "debug");
    assert_eq!(apply["tf_resource_type"], "scratch_note");
    assert_eq!(apply["tf_provider_addr"], "example.com/test/scratch");
    assert!(apply["tf_req_duration_ms"].is_number(), "{apply}");
    let own = lines.iter().find(|it| it["@message"] == "applying").unwrap();
    assert_eq!((&own["@level"], &own["creating"]), (&"info".into(), &true.into()));
    assert_eq!(own["tf_req_id"], apply["tf_req_id"], "the lines of one call belong together");
    let mut ids: Vec<&str> = lines
        .iter()
        .filter(|it| it["@message"] == "answered")
        .filter_map(|it| it["tf_req_id"].as_str())
        .collect();
    let calls = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert!(calls > 5 && ids.len() == calls && ids.iter().all(|it| it.len() == 36), "{ids:?}");
    check_times(&lines);
    // What a resource prints has become a line of its own, instead of disturbing anybody.
    assert!(lines.iter().any(|it| it["@message"] == "printed by the provider"), "{lines:#?}");
}

/// Terraform takes a line with a time that it cannot read for plain text, so that the time becomes no field.
fn check_times(lines: &[Value]) {
    for line in lines.iter().filter(|it| it["tf_rpc"].is_string()) {
        let time = line["timestamp"].as_str().unwrap_or_else(|| panic!("{line}"));
        assert!(time.starts_with("20"), "{line}");
    }
}

on_each! {
    every_field_arrives_in_1_6 V1_6,
    every_field_arrives_in_1_11 V1_11,
    every_field_arrives_in_1_15 V1_15,
}

#[test]
fn without_a_level_the_provider_says_nothing() {
    let workshop = Workshop::new(Terraform::V1_15, "scratch");
    let log = workshop.configuration().join("log");
    workshop.environment("TF_LOG", "JSON").environment("TF_LOG_PATH", &log.display().to_string());
    workshop.environment("TF_LOG_PROVIDER_SCRATCH", "off");
    workshop.hcl("resource \"scratch_note\" \"it\" {\n  text = \"quiet\"\n}\n").apply().ends_with(0);
    let mut lines = lines(&workshop);
    // Terraform's own lines about the process are filed under the same name.
    lines.retain(|it| it["tf_provider_addr"].is_string() || it["tf_rpc"].is_string());
    assert_eq!(lines, Vec::<Value>::new());
}
