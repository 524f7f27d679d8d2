//! Functions over tables of arguments.

use std::collections::BTreeMap;

use proptest::prelude::*;
use tf_core::schema::rules;
use tf_core::{Number, Object, Type};

use super::*;

fn call(name: &str, arguments: &[Value]) -> Result<String, String> {
    let function = all().into_iter().find(|it| it.signature().name == name).unwrap();
    match function.call(arguments) {
        Ok(value) => Ok(value.as_str().unwrap().to_owned()),
        Err(error) => Err(error.text),
    }
}

#[track_caller]
fn check(name: &str, arguments: &[&str], expected: Result<&str, &str>) {
    let arguments: Vec<Value> = arguments.iter().map(|it| Value::string(*it)).collect();
    let found = call(name, &arguments);
    match expected {
        Ok(text) => assert_eq!(found.as_deref(), Ok(text), "{arguments:?}"),
        Err(part) => assert!(found.as_ref().is_err_and(|it| it.contains(part)), "{arguments:?}: {found:?}"),
    }
}

fn query(conditions: &[(&str, Value)]) -> Result<String, String> {
    let members: Object = conditions.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
    let ty = Type::Object(BTreeMap::new());
    call("encoded_query", &[Value::Dynamic(Box::new((ty, Value::Map(members))))])
}

fn number(it: i64) -> Value {
    Value::Number(Number::from(it))
}

#[test]
fn every_signature_keeps_terraforms_rules() {
    for function in all() {
        assert_eq!(rules::function(&function.signature()), Vec::new(), "{}", function.signature().name);
    }
}

#[test]
fn conditions_are_written_by_the_type_of_their_value() {
    let list = Value::List(vec![Value::string("a"), Value::string("b")]);
    for (name, value, expected) in [
        ("name", Value::string("jira"), "name=jira"),
        ("name", Value::string(""), "nameISEMPTY"),
        ("name", Value::Null, "nameISEMPTY"),
        ("active", Value::Bool(true), "active=true"),
        ("order", number(5), "order=5"),
        ("name", list.clone(), "nameINa,b"),
        ("name IN", list.clone(), "nameINa,b"),
        ("name NOT IN", list, "nameNOT INa,b"),
        ("name STARTSWITH", Value::string("ji"), "nameSTARTSWITHji"),
        ("name NOT LIKE", Value::string("ji"), "nameNOT LIKEji"),
        ("order >=", number(5), "order>=5"),
        ("name !=", Value::string(""), "nameISNOTEMPTY"),
        ("parent.name", Value::string("a"), "parent.name=a"),
        ("name ISEMPTY", Value::Bool(true), "nameISEMPTY"),
        ("name ISNOTEMPTY", Value::Bool(true), "nameISNOTEMPTY"),
    ] {
        assert_eq!(query(&[(name, value)]).as_deref(), Ok(expected), "{name}");
    }
    let two = [("name", Value::string("a")), ("active", Value::Bool(false))];
    assert_eq!(query(&two).as_deref(), Ok("active=false^name=a"));
    assert_eq!(query(&[]).as_deref(), Ok(""));
}

#[test]
fn what_the_encoding_cannot_express_is_refused_without_being_quoted() {
    for (name, value, reason) in [
        ("name", Value::string("planted^active=true"), "no escape"),
        ("name", Value::string("javascript:planted"), "run by the instance"),
        ("name", Value::string("planted\nx"), "line break"),
        ("name", Value::List(vec![Value::string("planted,x")]), "comma"),
        ("name", Value::List(vec![]), "the list of values is empty"),
        ("NAME", Value::string("planted"), "lower-case"),
        ("name PLANTEDISH", Value::string("x"), "is no operator"),
        ("name IN", Value::string("x"), "takes a list"),
        ("name ISEMPTY", Value::string("x"), "takes `true`"),
        ("name >", Value::string("=planted"), "another operator"),
        ("name LIKE", Value::string(""), "it is empty"),
        ("name", Value::Map(Object::new()), "a text, a number or a boolean"),
    ] {
        let refusal = query(&[(name, value)]).unwrap_err();
        assert!(refusal.contains(reason), "{name}: {refusal}");
        assert!(!refusal.contains("planted"), "{refusal}");
    }
    assert!(call("encoded_query", &[Value::string("name=a")]).is_err());
}

#[test]
fn an_instance_is_named_shortly_or_wholly() {
    for (instance, expected) in [
        ("dev12345", Ok("https://dev12345.service-now.com")),
        ("https://dev12345.service-now.com/", Ok("https://dev12345.service-now.com")),
        ("https://orders.example.com", Ok("https://orders.example.com")),
        ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080")),
        ("dev12345.service-now.com", Err("neither the name nor the address")),
        ("https://user:planted@x.example.com", Err("neither the name nor the address")),
        ("https://x.example.com/path", Err("neither the name nor the address")),
        ("", Err("neither the name nor the address")),
    ] {
        check("instance_url", &[instance], expected);
    }
}

#[test]
fn parts_of_a_path_are_joined_by_one_slash() {
    let instance = "https://dev12345.service-now.com";
    for (path, expected) in [
        (&["/api/x/orders/", "/v1/"][..], Ok("https://dev12345.service-now.com/api/x/orders/v1")),
        (&["api", "", "/", "x"], Ok("https://dev12345.service-now.com/api/x")),
        (&[], Ok(instance)),
        (&["a?b=c"], Err("no `?`")),
        (&["a b"], Err("no blank")),
    ] {
        let arguments: Vec<&str> = std::iter::once("dev12345").chain(path.iter().copied()).collect();
        check("endpoint_url", &arguments, expected);
    }
}

#[test]
fn a_user_ends_at_the_first_colon() {
    for (pair, expected) in [
        ("svc.orders:secret", Ok("svc.orders")),
        ("svc.orders:se:cr:et", Ok("svc.orders")),
        ("jörg:pässword", Ok("jörg")),
        ("a%3Ab:secret", Ok("a%3Ab")),
        ("svc.orders:", Ok("svc.orders")),
        (":planted", Err("no user name")),
        ("planted", Err("no colon")),
        ("", Err("no colon")),
    ] {
        check("parse_credentials", &[pair], expected);
    }
    assert!(!call("parse_credentials", &[Value::string("planted")]).unwrap_err().contains("planted"));
}

#[test]
fn the_name_of_an_instance_is_the_first_part_of_the_vendors_host() {
    for (url, expected) in [
        ("https://dev12345.service-now.com", Ok("dev12345")),
        ("https://DEV12345.Service-Now.com/", Ok("dev12345")),
        (" https://acme-test.service-now.com:443 ", Ok("acme-test")),
        ("http://acme.service-now.com", Ok("acme")),
        ("https://tickets.acme.example", Err("Write the name itself")),
        ("https://service-now.com", Err("`service-now.com` is no host of the form")),
        ("https://a.b.service-now.com", Err("does not tell the name")),
        ("https://acme.service-now.com.example", Err("property `instance_name`")),
        ("https://127.0.0.1:8080", Err("`127.0.0.1` is no host")),
        ("https://acme.service-now.com/nav_to.do", Err("must end after the host")),
        ("https://user:secret@acme.service-now.com", Err("holds credentials")),
        ("dev12345", Err("This is no address")),
        ("ftp://acme.service-now.com", Err("has to begin with `https://`")),
        ("", Err("This is no address")),
    ] {
        check("instance_name", &[url], expected);
    }
}

#[test]
fn a_name_is_made_of_its_parts() {
    check("connection_name", &["Jira", "Production"], Ok("jira-production"));
    check(
        "connection_name",
        &["Order  System (EU)", "Pre-Production", "2"],
        Ok("order-system-eu-pre-production-2"),
    );
    check("connection_name", &["Jira"], Ok("jira"));
    check("connection_name", &["Jira", "--"], Err("nothing is left"));
    check("connection_name", &[&"a".repeat(256)], Err("256 characters"));
}

proptest! {
    #[test]
    fn no_value_adds_a_condition(value in "\\PC{0,24}|.*\\^.*|javascript:.*") {
        if let Ok(written) = query(&[("name", Value::string(value.clone())), ("active", Value::Bool(true))]) {
            prop_assert_eq!(written.matches('^').count(), 1, "{}", written);
            prop_assert!(written.starts_with("active=true^name"), "{}", written);
        }
    }
}
