//! Signing in, and what the provider in this process sees.

use tf_core::Value;

use super::simulated::{config, create, empty, sign_in, sign_in_as};
use super::*;
use crate::config::Config;
use crate::declared::{Inputs, provider_block};

const ALIAS: &str = "servicenow_connection_alias";

#[tokio::test]
async fn what_exists_is_listed_imported_and_read_and_its_plan_is_empty() {
    let live = sign_in(&empty(&[], Vec::new()), &[]).await.unwrap();
    let wish = config(&live, ALIAS, &[("name", Value::string("orders"))]);
    create(&live, ALIAS, &wish).await;
    let listed = live.list(ALIAS, &Object::new()).await.unwrap();
    let [(row, object)] = listed.as_slice() else { panic!("{listed:?}") };
    let state = live.import(ALIAS, "orders").await.unwrap();
    assert_eq!(state.object["id"].as_str(), Some(row.id.as_str()));
    let read = live.read(ALIAS, state).await.state.unwrap();
    assert_eq!((&read.object["name"], &object["name"]), (&Value::string("orders"), &Value::string("orders")));
    let planned = live.plan(ALIAS, Some(&read), &wish).await;
    assert_eq!(planned.object["description"], read.object["description"]);
    assert!(planned.replaces.is_empty() && planned.said.is_empty(), "{planned:?}");
    let moved =
        config(&live, ALIAS, &[("name", Value::string("orders")), ("description", Value::string("New"))]);
    assert_eq!(live.plan(ALIAS, Some(&read), &moved).await.object["description"], Value::string("New"));
    assert!(live.traffic.requests() > 2);
}

#[tokio::test]
async fn who_is_not_let_in_is_told_why() {
    let simulator = empty(&[], Vec::new());
    let Err(refused) = sign_in_as(&simulator, "admin", "wrong secret 4711", &[]).await else { panic!() };
    assert!(refused.to_string().contains("401"), "{refused}");
    assert!(!refused.to_string().contains("4711"), "{refused}");
    let Err(refused) = sign_in(&simulator, &[("validate", Value::string("perhaps"))]).await else { panic!() };
    assert!(refused.to_string().contains("not one of `off`"), "{refused}");
}

/// The provider block of a folder with that text, an instance of `snowdrift.toml` with those settings, and the members
/// that come out, as `name=value`.
fn check(hcl: &str, toml: &str, expected: &str) {
    let folder = tempfile::TempDir::new().unwrap();
    #[allow(clippy::disallowed_methods, reason = "the test writes the folder")]
    std::fs::write(folder.path().join("main.tf"), hcl).unwrap();
    let inputs = Inputs::collect(folder.path(), [], &[], &[]).unwrap();
    let written = provider_block(folder.path(), &inputs, None).unwrap();
    let toml = format!("[instance.it]\n{toml}");
    let config = Config::parse(&toml, std::path::Path::new("snowdrift.toml")).unwrap();
    let variables: Variables = [("PLACE".to_owned(), "planted".to_owned())].into();
    let block = block(config.instances.first(), written.as_ref(), &variables).unwrap();
    let members = block.iter().filter(|it| !it.1.is_null()).map(|(name, it)| match it {
        Value::String(text) => format!("{name}={text}"),
        Value::Map(members) => {
            let inner = members.iter().filter(|it| !it.1.is_null());
            let inner: Vec<String> =
                inner.map(|(name, it)| format!("{name}={}", it.as_str().unwrap())).collect();
            format!("{name}={{{}}}", inner.join(" "))
        }
        other => format!("{name}={other:?}"),
    });
    assert_eq!(members.collect::<Vec<_>>().join(" "), expected, "{hcl}");
}

#[test]
fn the_block_of_the_folder_counts_where_it_is_decided_and_snowdrift_toml_before_it() {
    let url = "instance_url = \"https://a.example\"";
    check(&format!("provider \"servicenow\" {{\n {url}\n}}"), "", "instance_url=https://a.example");
    check(
        &format!(
            "variable \"p\" {{}}\nprovider \"servicenow\" {{\n {url}\n username = \"u\"\n password = var.p\n}}"
        ),
        "",
        "instance_url=https://a.example username=u",
    );
    check(
        &format!("provider \"servicenow\" {{\n {url}\n username = \"u\"\n environment = \"test\"\n}}"),
        "instance = \"prod\"\noauth = { client_id = \"c\", client_secret_env = \"PLACE\" }",
        "environment=test instance=prod oauth={client_id=c client_secret=planted}",
    );
    check("provider \"other\" {\n instance = \"x\"\n}", "password_env = \"PLACE\"", "password=planted");
}
