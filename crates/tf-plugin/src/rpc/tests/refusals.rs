//! Configurations, and what is refused.

use tf_core::{Diagnostic, Value};

use super::*;
use crate::convert::{from, to};
use crate::proto::tfplugin6 as proto;
use crate::provider::{Provider, State};

#[tokio::test]
async fn the_settings_arrive_whole_even_when_the_block_is_absent_or_unknown() {
    let rows = [(Object::new(), Value::Null), (object([("place", Value::unknown())]), Value::unknown())];
    for (config, place) in rows {
        let puppet = Arc::new(Puppet::default());
        let provider = Arc::new(PuppetProvider(Arc::clone(&puppet)));
        let host = Client::in_process(provider, ADDRESS).await.unwrap();
        assert!(host.configure(&config).await.unwrap().is_empty());
        let configured = puppet.configured.lock().unwrap().clone().unwrap();
        assert_eq!(configured.config, object([("place", place)]));
        assert_eq!(configured.terraform_version, "1.15.0");
    }
}

#[tokio::test]
async fn an_absent_provider_block_is_an_object_of_nulls() {
    let puppet = Arc::new(Puppet::default());
    let host = Client::in_process(Arc::new(PuppetProvider(Arc::clone(&puppet))), ADDRESS).await.unwrap();
    let request = proto::configure_provider::Request::default();
    assert_eq!(host.raw().configure_provider(request).await.unwrap().into_inner().diagnostics.len(), 0);
    let configured = puppet.configured.lock().unwrap().clone().unwrap();
    assert_eq!(configured.config, object([("place", Value::Null)]));
}

#[tokio::test]
async fn what_a_resource_says_of_a_configuration_arrives() {
    let error = Diagnostic::error("Not so", "Not that name.").at(tf_core::Path::attribute("name"));
    let answer = error.clone();
    let validate = move |_| answer.clone().into();
    let host = host(Puppet { validate: Box::new(validate), ..Puppet::default() }).await;
    let diagnostics = host.validate(PUPPET, &object([("name", text("a"))])).await.unwrap();
    assert_eq!(diagnostics, error.into());
}

#[tokio::test]
async fn a_host_that_would_store_write_only_values_does_not_get_to() {
    let host = host(Puppet::default()).await;
    let config = object([("name", text("a")), ("secret_wo", text("hush"))]);
    assert!(host.validate(PUPPET, &config).await.unwrap().is_empty(), "a new host");
    let schema = host.schema(PUPPET).unwrap();
    for (secret, refused) in [(text("hush"), true), (Value::Null, false)] {
        let mut config = object([("name", text("a")), ("secret_wo", secret)]);
        schema.block.complete(&mut config);
        let request = proto::validate_resource_config::Request {
            type_name: PUPPET.to_owned(),
            config: Some(to::value(&Value::Map(config), &schema.block.implied_type()).unwrap()),
            client_capabilities: None,
        };
        let answer = host.raw().validate_resource_config(request).await.unwrap().into_inner();
        let diagnostics = from::diagnostics(&answer.diagnostics);
        if refused {
            check_error(
                &diagnostics,
                "secret_wo",
                &["Terraform 1.11 or later", PUPPET, "Nothing was changed"],
            );
            assert!(!diagnostics.0[0].detail.contains("hush"));
        } else {
            assert!(diagnostics.is_empty());
        }
    }
}

#[tokio::test]
async fn bytes_that_are_no_value_are_refused_with_a_message() {
    let host = host(Puppet::default()).await;
    let request = proto::read_resource::Request {
        type_name: PUPPET.to_owned(),
        current_state: Some(proto::DynamicValue { msgpack: vec![0xa1, b'x'], json: Vec::new() }),
        ..proto::read_resource::Request::default()
    };
    let answer = host.raw().read_resource(request).await.unwrap().into_inner();
    check_error(&from::diagnostics(&answer.diagnostics), "", &["the stored state", PUPPET]);
}

#[tokio::test]
async fn a_panic_anywhere_names_the_operation_and_the_next_call_works() {
    let puppet = Puppet {
        validate: Box::new(|_| panic!("validate")),
        upgrade: Box::new(|_| panic!("upgrade")),
        read: Box::new(|_| panic!("read")),
        adjust: Box::new(|_| panic!("adjust")),
        apply: Box::new(|_| panic!("apply")),
        import: Box::new(|_| panic!("import")),
        ..Puppet::default()
    };
    let host = host(puppet).await;
    let config = object([("name", text("a"))]);
    let mut whole = config.clone();
    host.schema(PUPPET).unwrap().block.complete(&mut whole);
    let state = State { object: whole.clone(), private: Vec::new() };
    let planned = crate::harness::Planned { state: Some(whole), ..crate::harness::Planned::default() };
    let rows = [
        ("ValidateResourceConfig", host.validate(PUPPET, &config).await.unwrap()),
        ("UpgradeResourceState", host.upgrade(PUPPET, 0, &serde_json::json!({})).await.unwrap().1),
        ("ReadResource", host.read(PUPPET, &state).await.unwrap().diagnostics),
        ("PlanResourceChange", host.plan(PUPPET, None, &config).await.unwrap().diagnostics),
        ("ApplyResourceChange", host.apply(PUPPET, None, &planned, &config).await.unwrap().diagnostics),
        ("ImportResourceState", host.import(PUPPET, "1").await.unwrap().diagnostics),
    ];
    for (operation, diagnostics) in rows {
        check_error(&diagnostics, "", &[operation, PUPPET, ADDRESS, "panic"]);
    }
    host.stop().await.unwrap();
    assert!(host.configure(&Object::new()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_schema_that_panics_is_a_message_too() {
    struct Broken;

    #[async_trait::async_trait]
    impl Provider for Broken {
        fn schema(&self) -> tf_core::Schema {
            panic!("no schema")
        }

        fn resources(&self) -> Vec<Arc<dyn crate::Resource>> {
            Vec::new()
        }

        async fn configure(&self, _request: crate::Configure) -> Diagnostics {
            Diagnostics::none()
        }
    }

    let served = crate::rpc::Served::new(Arc::new(Broken), ADDRESS);
    let request = tonic::Request::new(proto::get_provider_schema::Request {});
    let answer = proto::provider_server::Provider::get_provider_schema(&served, request).await.unwrap();
    let diagnostics = from::diagnostics(&answer.into_inner().diagnostics);
    check_error(&diagnostics, "", &["GetProviderSchema", ADDRESS]);
}
