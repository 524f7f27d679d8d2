//! Tests of models: what the derive makes of a struct.

mod flattened;
mod parts;

use std::collections::BTreeMap;

use super::*;
use crate::wire::msgpack;
use crate::{Mode, Model, check};

/// One endpoint.
///
/// With a second paragraph.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Endpoint {
    /// Where it is.
    ///
    ///     indented
    #[tf(required().check(check::url()).replaces())]
    address: Attr<String>,
    /// What kind it is.
    #[tf(optional().default("plain").deprecated("It is always plain."))]
    r#type: Attr<String>,
    /// Whether it is in use.
    #[tf(optional_computed())]
    active: Attr<bool>,
    /// How to sign in.
    #[tf(optional())]
    login: Attr<Login>,
    /// More ways to sign in.
    #[tf(optional())]
    logins: Attr<BTreeMap<String, Login>>,
    /// Ports in order of preference.
    #[tf(optional())]
    ports: Attr<Vec<i64>>,
    /// Words without order.
    #[tf(optional())]
    words: Attr<SetOf<String>>,
    /// Which it is.
    #[tf(computed().stable())]
    id: Attr<Number>,
}

/// A way to sign in.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Login {
    /// Who signs in.
    #[tf(required())]
    user: Attr<String>,
    /// By what.
    #[tf(optional())]
    password: Attr<Secret>,
    /// By what, not stored.
    #[tf(optional())]
    password_wo: Attr<WriteOnly<Secret>>,
}

fn login() -> Login {
    Login {
        user: Attr::Known("u".to_owned()),
        password: Attr::Known(Secret::new("hunter2")),
        password_wo: Attr::Known(WriteOnly(Secret::new("hunter3"))),
    }
}

fn endpoint() -> Endpoint {
    Endpoint {
        address: Attr::Known("https://example.com".to_owned()),
        r#type: Attr::Null,
        active: Attr::Unknown,
        login: Attr::Known(login()),
        logins: Attr::Known(BTreeMap::from([("k".to_owned(), login())])),
        ports: Attr::Known(vec![443, -1]),
        words: Attr::Known(SetOf(vec!["a".to_owned(), "b".to_owned()])),
        id: Attr::Known(Number::from(5_i64)),
    }
}

#[test]
fn a_struct_says_everything_about_its_attributes() {
    let schema = schema::<Endpoint>();
    assert_eq!(crate::schema::rules::resource(&schema), []);
    assert_eq!(schema.block.doc, "One endpoint.\n\nWith a second paragraph.");
    let names: Vec<_> = schema.block.attributes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["address", "type", "active", "login", "logins", "ports", "words", "id"]);
    let [address, kind, active, login, logins, ports, words, id] = schema.block.attributes.as_slice() else {
        panic!("eight attributes");
    };
    assert_eq!(address.doc, "Where it is.\n\n    indented");
    assert_eq!(
        (address.behavior.mode, address.behavior.replaces.clone()),
        (Mode::Required, crate::Replace::Always)
    );
    assert_eq!(address.behavior.checks, [check::url()]);
    assert_eq!(kind.behavior.default, Some(Value::string("plain")));
    assert_eq!(kind.behavior.deprecated.as_deref(), Some("It is always plain."));
    assert_eq!(
        (active.behavior.mode, &active.ty),
        (Mode::OptionalComputed, &AttributeType::Plain(Type::Bool))
    );
    assert_eq!(ports.ty, AttributeType::Plain(Type::List(Box::new(Type::Number))));
    assert_eq!(words.ty, AttributeType::Plain(Type::Set(Box::new(Type::String))));
    assert_eq!((id.behavior.mode, id.behavior.stable), (Mode::Computed, true));
    assert!(matches!(logins.ty, AttributeType::Nested { nesting: Nesting::Map, .. }));
    let AttributeType::Nested { nesting: Nesting::Single, attributes } = &login.ty else {
        panic!("an object")
    };
    let marks: Vec<_> = attributes.iter().map(|it| (it.name.as_str(), it.sensitive, it.write_only)).collect();
    assert_eq!(marks, [("user", false, false), ("password", true, false), ("password_wo", true, true)]);
}

#[test]
fn a_struct_survives_the_way_to_an_object_and_over_the_wire() {
    let object = endpoint().to_object();
    assert_eq!(Endpoint::from_object(&object), Ok(endpoint()));
    let ty = schema::<Endpoint>().block.implied_type();
    let wire = msgpack::encode(&Value::Map(object), &ty).unwrap();
    let Value::Map(object) = msgpack::decode(&wire, &ty).unwrap() else { panic!("an object") };
    assert_eq!(Endpoint::from_object(&object), Ok(endpoint()));
    assert_eq!(Endpoint::from_object(&Object::new()), Ok(Endpoint::default()));
}

#[test]
fn a_value_of_another_type_is_named_by_its_path() {
    let check = |name: &str, value: Value, message: &str| {
        let mut object = endpoint().to_object();
        object.insert(name.to_owned(), value);
        assert_eq!(Endpoint::from_object(&object).unwrap_err().to_string(), message);
    };
    let half = || Value::Number("0.5".parse().unwrap());
    let bad_login = || Value::Map([("user".to_owned(), Value::Bool(true))].into());
    check("address", Value::Bool(true), "expected string at `address`, found bool");
    check("ports", Value::List(vec![half()]), "expected whole number at `ports[0]`, found number");
    check("words", Value::List(vec![]), "expected set at `words`, found list");
    check("words", Value::Set(vec![half()]), "expected string at `words`, found number");
    check("login", bad_login(), "expected string at `login.user`, found bool");
    let logins = Value::Map([("k".to_owned(), bad_login())].into());
    check("logins", logins, "expected string at `logins[\"k\"].user`, found bool");
}

#[test]
fn a_mismatch_becomes_a_message_at_its_place() {
    let object = Object::from([("ports".to_owned(), Value::List(vec![Value::Bool(true)]))]);
    let found = Diagnostic::from(Endpoint::from_object(&object).unwrap_err());
    assert_eq!(found.path.map(|it| it.to_string()).as_deref(), Some("ports[0]"));
    assert!(found.detail.contains("expected whole number at `ports[0]`, found bool"), "{}", found.detail);
    assert!(found.detail.contains("fault of the provider"), "{}", found.detail);
}

#[test]
fn a_secret_does_not_show_when_printed() {
    assert!(!format!("{:?}", endpoint()).contains("hunter"));
}

#[test]
fn collections_of_collections_of_objects_are_plain_values() {
    let AttributeType::Plain(Type::List(inner)) = Vec::<Vec<Login>>::ty() else { panic!("a plain list") };
    assert!(matches!(*inner, Type::List(_)));
    let nested = |ty| matches!(ty, AttributeType::Nested { nesting: Nesting::Set, .. });
    assert!(nested(SetOf::<Login>::ty()));
}
