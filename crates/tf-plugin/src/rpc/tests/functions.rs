//! Functions: arguments by position, null and unknown, errors with the argument that is at fault.

use tf_core::{FunctionSignature, Number, Parameter, Type, Value};

use super::cast::{Cast, host};
use super::*;
use crate::convert::to;
use crate::harness::{HarnessError, Host};
use crate::proto::tfplugin6 as proto;
use crate::provider::FunctionError;

fn parameter(name: &str) -> Parameter {
    Parameter::new(name, "A text.", Type::String)
}

/// One that gives its arguments back as a tuple of any type.
fn echo() -> FunctionSignature {
    FunctionSignature::new("echo", "Gives back its arguments.", Type::List(Box::new(Type::String)))
        .parameter(parameter("first"))
        .parameter(parameter("second").or_null().or_unknown())
        .variadic(parameter("more"))
}

type Called = Result<Value, FunctionError>;

async fn echoing(call: impl Fn(&[Value]) -> Called + Send + Sync + 'static) -> Client {
    host(Cast { functions: vec![(echo(), Arc::new(call))], ..Cast::default() }).await
}

fn given(arguments: &[Value]) -> Called {
    Ok(Value::List(arguments.to_vec()))
}

#[tokio::test]
async fn arguments_arrive_by_position_and_the_variadic_ones_behind_them() {
    let host = echoing(given).await;
    let rows: [&[Value]; 4] = [
        &[text("a"), text("b")],
        &[text("a"), text("b"), text("c"), text("d")],
        &[text("a"), Value::Null],
        &[text("a"), Value::unknown()],
    ];
    for arguments in rows {
        assert_eq!(host.call("echo", arguments).await.unwrap(), given(arguments));
    }
}

#[tokio::test]
async fn opentofu_sends_nothing_for_null_and_asks_for_functions_that_it_does_not_know() {
    let host = echoing(given).await.posing_as(Host::opentofu(9));
    let arguments = [text("a"), Value::Null];
    assert_eq!(host.call("echo", &arguments).await.unwrap(), given(&arguments));
    assert!(matches!(host.call("other", &[]).await.unwrap_err(), HarnessError::UnknownType(_)));
    let all = host.raw().get_functions(proto::get_functions::Request {}).await.unwrap().into_inner();
    assert_eq!(all.functions["echo"].parameters.len(), 2);
    assert!(all.functions["echo"].variadic_parameter.is_some());
}

/// Calls without a host's own checks.
async fn raw(host: &Client, name: &str, arguments: &[Value]) -> proto::call_function::Response {
    let arguments = arguments.iter().map(|it| to::value(it, &Type::String).unwrap()).collect();
    let request = proto::call_function::Request { name: name.to_owned(), arguments };
    host.raw().call_function(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn what_a_host_lets_through_by_mistake_is_refused_here() {
    let host = echoing(given).await;
    let rows: [(&str, &[Value], Option<i64>, &str); 4] = [
        ("echo", &[text("a")], None, "takes at least 2 arguments, and 1 were given"),
        ("echo", &[Value::Null, text("b")], Some(0), "must not be null"),
        ("echo", &[text("a"), text("b"), Value::Null], Some(2), "must not be null"),
        ("other", &[], None, "no function `other`"),
    ];
    for (name, arguments, at, part) in rows {
        let error = raw(&host, name, arguments).await.error.unwrap();
        assert_eq!(error.function_argument, at, "{error:?}");
        assert!(error.text.contains(part) && !error.text.ends_with('.'), "{error:?}");
    }
    // Not wanted by the parameter: the result is unknown, and nobody is called.
    let answer = raw(&host, "echo", &[Value::unknown(), text("b")]).await;
    let ty = Type::List(Box::new(Type::String));
    assert!(crate::convert::from::value(answer.result.as_ref(), &ty).unwrap().is_unknown());
}

#[tokio::test]
async fn an_error_names_the_argument_and_the_host_ends_the_sentence() {
    let host = echoing(|_| Err(FunctionError::argument(3, "It is too long."))).await;
    let arguments = [text("a"), text("b"), text("c"), text("d")];
    let error = host.call("echo", &arguments).await.unwrap().unwrap_err();
    assert_eq!(error, FunctionError::argument(3, "It is too long"));
    let host = echoing(|_| Err(FunctionError::new("They do not match."))).await;
    let error = host.call("echo", &arguments).await.unwrap().unwrap_err();
    assert_eq!(error, FunctionError::new("They do not match"));
}

#[tokio::test]
async fn a_result_of_another_type_and_a_panic_are_faults_of_the_provider() {
    let host = echoing(|_| Ok(Value::List(vec![Value::Number(Number::from(1_i64))]))).await;
    let error = host.call("echo", &[text("a"), text("b")]).await.unwrap().unwrap_err();
    assert!(error.text.contains("[0]") && error.text.contains("fault of the provider"), "{error:?}");
    let host = echoing(|_| panic!("function")).await;
    let error = host.call("echo", &[text("a"), text("b")]).await.unwrap().unwrap_err();
    assert!(error.text.contains("panic") && error.text.contains(ADDRESS), "{error:?}");
}
