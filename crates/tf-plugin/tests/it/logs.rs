//! What the plugin writes to standard error.

use serde_json::Value;
use tf_core::Value as TfValue;

use crate::{NOTE, note, scratch};

const SECRET: &str = "s3cret-in-no-line";

/// What a create writes under some variables.
async fn lines(variables: &[(&str, &str)]) -> Vec<String> {
    let launch = variables.iter().fold(scratch(), |launch, it| launch.env(it.0, it.1));
    let mut running = launch.start().await.unwrap();
    let client = running.connect().await.unwrap();
    let mut config = note("hello");
    config.insert("secret_wo".to_owned(), TfValue::string(SECRET));
    client.validate(NOTE, &config).await.unwrap();
    let planned = client.plan(NOTE, None, &config).await.unwrap();
    client.apply(NOTE, None, &planned, &config).await.unwrap();
    client.shutdown().await.unwrap();
    running.last_error_lines(std::time::Duration::from_secs(20)).await.expect("it ended")
}

#[tokio::test]
async fn without_a_level_nothing_is_written() {
    assert_eq!(lines(&[]).await, Vec::<String>::new());
    assert_eq!(lines(&[("TF_LOG", "off")]).await, Vec::<String>::new());
    assert_eq!(lines(&[("TF_LOG", "trace"), ("TF_LOG_PROVIDER_SCRATCH", "off")]).await, Vec::<String>::new());
}

#[tokio::test]
async fn every_line_is_one_that_hosts_understand_and_none_has_a_secret() {
    let lines = lines(&[("TF_LOG", "trace")]).await;
    assert!(!lines.is_empty());
    for line in &lines {
        let json: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let level = json["@level"].as_str().unwrap();
        assert!(["trace", "debug", "info", "warn", "error"].contains(&level), "{line}");
        assert!(json["@message"].is_string() && json["@module"] == "provider", "{line}");
        let time = json["@timestamp"].as_str().unwrap();
        assert!(time.len() == 27 && time.ends_with('Z'), "{line}");
        assert!(!line.contains(SECRET), "{line}");
        assert!(!line.contains("hello"), "no values at all: {line}");
    }
}

#[tokio::test]
async fn every_call_is_told_with_its_duration() {
    let lines = lines(&[("TF_LOG_PROVIDER_SCRATCH", "debug")]).await;
    let lines: Vec<Value> = lines.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
    let calls: Vec<_> = lines.iter().filter(|it| it["@message"] == "answered").collect();
    let names: Vec<_> = calls.iter().map(|it| it["tf_rpc"].as_str().unwrap()).collect();
    let expected = [
        "GetProviderSchema",
        "GetResourceIdentitySchemas",
        "ValidateResourceConfig",
        "PlanResourceChange",
        "ApplyResourceChange",
    ];
    assert_eq!(names, expected);
    for call in &calls[2..] {
        assert_eq!(call["tf_resource_type"], NOTE, "{call}");
        assert!(call["tf_req_duration_ms"].is_u64(), "{call}");
    }
    let own = lines.iter().find(|it| it["@message"] == "applying").unwrap();
    assert_eq!(own["tf_rpc"], "ApplyResourceChange", "the provider's own lines say what they belong to");
}
