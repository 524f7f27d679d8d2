//! Calls that go wrong, and calls of what is not there.

use tf_core::{Object, Path, Severity};
use tf_plugin::proto::tfplugin6 as proto;
use tonic::Code;

use crate::{NOTE, note, number, scratch};

#[tokio::test]
async fn a_panic_becomes_a_message_and_the_process_goes_on() {
    let mut running = scratch().start().await.unwrap();
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
    client.shutdown().await.unwrap();
    let errors = running.last_error_lines(std::time::Duration::from_secs(20)).await.expect("it ended");
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
        validate_state_store_config(proto::validate_state_store::Request::default()),
        configure_state_store(proto::configure_state_store::Request::default()),
        read_state_bytes(proto::read_state_bytes::Request::default()),
        write_state_bytes(tokio_stream::empty()),
        lock_state(proto::lock_state::Request::default()),
        unlock_state(proto::unlock_state::Request::default()),
        get_states(proto::get_states::Request::default()),
        delete_state(proto::delete_state::Request::default()),
    );
    macro_rules! check_refused {
        ($($method:ident($module:ident, $field:ident)),+ $(,)?) => {$(
            let request = proto::$module::Request { $field: type_name.clone(), ..Default::default() };
            let diagnostics = raw.$method(request).await.unwrap().into_inner().diagnostics;
            assert_eq!(diagnostics.len(), 1, stringify!($method));
            assert_eq!(diagnostics[0].severity, 1, stringify!($method));
            assert!(diagnostics[0].detail.contains("scratch_other"), "{}", diagnostics[0].detail);
        )+};
    }
    check_refused!(
        validate_data_resource_config(validate_data_resource_config, type_name),
        read_data_source(read_data_source, type_name),
        read_resource(read_resource, type_name),
        move_resource_state(move_resource_state, target_type_name),
        upgrade_resource_identity(upgrade_resource_identity, type_name),
        generate_resource_config(generate_resource_config, type_name),
        validate_ephemeral_resource_config(validate_ephemeral_resource_config, type_name),
        open_ephemeral_resource(open_ephemeral_resource, type_name),
        renew_ephemeral_resource(renew_ephemeral_resource, type_name),
        close_ephemeral_resource(close_ephemeral_resource, type_name),
        validate_list_resource_config(validate_list_resource_config, type_name),
        plan_action(plan_action, action_type),
        validate_action_config(validate_action_config, type_name),
    );
    let request = proto::list_resource::Request { type_name: type_name.clone(), ..Default::default() };
    let mut events = raw.list_resource(request).await.unwrap().into_inner();
    let event = events.message().await.unwrap().unwrap();
    assert!(event.diagnostic[0].detail.contains("scratch_other"), "{event:?}");
    assert!(events.message().await.unwrap().is_none());
    let request = proto::invoke_action::Request { action_type: type_name.clone(), ..Default::default() };
    let mut events = raw.invoke_action(request).await.unwrap().into_inner();
    let event = events.message().await.unwrap().unwrap();
    let Some(proto::invoke_action::event::Type::Completed(completed)) = event.r#type else {
        panic!("{event:?}")
    };
    assert!(completed.diagnostics[0].detail.contains("scratch_other"), "{completed:?}");
    assert!(events.message().await.unwrap().is_none());
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
    assert!(capabilities.plan_destroy);
    assert_eq!(answer.resources.len(), 1);
}
