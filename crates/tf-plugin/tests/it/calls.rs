//! Calls that go wrong, and calls of what is not there.

use tf_core::{Object, Path, Severity};
use tf_plugin::proto::tfplugin6 as proto;
use tonic::Code;

use crate::{NOTE, note, number, scratch};

#[tokio::test]
async fn a_panic_becomes_a_message_and_the_process_goes_on() {
    let running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let planned = client.plan(NOTE, None, &note("panic")).await.unwrap();
    let applied = client.apply(NOTE, None, &planned, &note("panic")).await.unwrap();
    let [diagnostic] = applied.diagnostics.0.as_slice() else { panic!("{:?}", applied.diagnostics) };
    assert_eq!(diagnostic.severity, Severity::Error);
    for part in ["ApplyResourceChange", NOTE, "example.com/test/scratch"] {
        assert!(diagnostic.detail.contains(part), "{part} in {}", diagnostic.detail);
    }
    assert_eq!(applied.state, None);
    assert!(client.plan(NOTE, None, &note("x")).await.unwrap().diagnostics.is_empty());
    let errors = running.error_lines();
    assert_eq!(errors.first().map(String::as_str), Some("panic: the note says so"));
    assert!(errors.len() < 100, "hosts show no more than that: {}", errors.len());
}

#[tokio::test]
async fn an_error_of_the_provider_keeps_the_state_that_it_reports() {
    let running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let settings = Object::from([("length_max".to_owned(), number(3))]);
    assert!(client.configure(&settings).await.unwrap().is_empty());
    let planned = client.plan(NOTE, None, &note("four")).await.unwrap();
    let applied = client.apply(NOTE, None, &planned, &note("four")).await.unwrap();
    assert_eq!(applied.diagnostics.0[0].path, Some(Path::attribute("text")));
    let state = applied.state.unwrap();
    assert_eq!(state.object["length"], number(4));
    assert_eq!(state.private, b"mark");
}

#[tokio::test]
async fn what_is_not_declared_answers_as_undeclared() {
    let running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let mut raw = client.raw();
    let type_name = "scratch_other".to_owned();
    macro_rules! check_unimplemented {
        ($($method:ident($request:expr)),+ $(,)?) => {$(
            let status = raw.$method($request).await.map(|_| ()).unwrap_err();
            assert_eq!(status.code(), Code::Unimplemented, stringify!($method));
        )+};
    }
    check_unimplemented!(
        upgrade_resource_identity(proto::upgrade_resource_identity::Request::default()),
        generate_resource_config(proto::generate_resource_config::Request::default()),
        validate_ephemeral_resource_config(proto::validate_ephemeral_resource_config::Request::default()),
        open_ephemeral_resource(proto::open_ephemeral_resource::Request::default()),
        renew_ephemeral_resource(proto::renew_ephemeral_resource::Request::default()),
        close_ephemeral_resource(proto::close_ephemeral_resource::Request::default()),
        list_resource(proto::list_resource::Request::default()),
        validate_list_resource_config(proto::validate_list_resource_config::Request::default()),
        validate_state_store_config(proto::validate_state_store::Request::default()),
        configure_state_store(proto::configure_state_store::Request::default()),
        read_state_bytes(proto::read_state_bytes::Request::default()),
        write_state_bytes(tokio_stream::empty()),
        lock_state(proto::lock_state::Request::default()),
        unlock_state(proto::unlock_state::Request::default()),
        get_states(proto::get_states::Request::default()),
        delete_state(proto::delete_state::Request::default()),
        plan_action(proto::plan_action::Request::default()),
        invoke_action(proto::invoke_action::Request::default()),
        validate_action_config(proto::validate_action_config::Request::default()),
    );
    macro_rules! check_refused {
        ($($method:ident($request:expr)),+ $(,)?) => {$(
            let diagnostics = raw.$method($request).await.unwrap().into_inner().diagnostics;
            assert_eq!(diagnostics.len(), 1, stringify!($method));
            assert_eq!(diagnostics[0].severity, 1, stringify!($method));
            assert!(diagnostics[0].detail.contains("scratch_other"), "{}", diagnostics[0].detail);
        )+};
    }
    check_refused!(
        validate_data_resource_config(proto::validate_data_resource_config::Request {
            type_name: type_name.clone(),
            ..Default::default()
        }),
        read_data_source(proto::read_data_source::Request {
            type_name: type_name.clone(),
            ..Default::default()
        }),
        read_resource(proto::read_resource::Request { type_name: type_name.clone(), ..Default::default() }),
        move_resource_state(proto::move_resource_state::Request {
            target_type_name: type_name.clone(),
            ..Default::default()
        }),
    );
    let identities = raw.get_resource_identity_schemas(proto::get_resource_identity_schemas::Request {});
    assert!(identities.await.unwrap().into_inner().identity_schemas.is_empty());
    assert!(
        raw.get_functions(proto::get_functions::Request {}).await.unwrap().into_inner().functions.is_empty()
    );
    let call = proto::call_function::Request { name: "shout".to_owned(), arguments: Vec::new() };
    let error = raw.call_function(call).await.unwrap().into_inner().error.unwrap();
    assert!(error.text.contains("`shout`"), "{}", error.text);
}

#[tokio::test]
async fn hosts_need_not_ask_for_the_schema_twice() {
    let running = scratch().start().await.unwrap();
    let mut raw = running.connect().await.unwrap().raw();
    let answer = raw.get_metadata(proto::get_metadata::Request {}).await.unwrap().into_inner();
    let capabilities = answer.server_capabilities.unwrap();
    assert!(capabilities.get_provider_schema_optional);
    assert!(!capabilities.plan_destroy);
    assert_eq!(answer.resources.len(), 1);
}
