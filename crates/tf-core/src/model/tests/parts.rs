//! Tests of models with blocks, values of any type, sensitive values, and rules for the whole.

use super::*;
use crate::check::run;
use crate::docs::{self, Page};
use crate::{NestedBlock, Relation, form};

/// A server.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(version(3).deprecated("Use a cluster.").exactly_one(&["size", "rule"]))]
struct Server {
    /// How large it is.
    #[tf(optional().replaces_if("it shrinks", |before, planned| planned < before).check(check::at_least(1)))]
    size: Attr<i64>,
    /// Its settings.
    #[tf(optional().compared(form::json()))]
    settings: Attr<String>,
    /// Its key.
    #[tf(optional().version("key_wo_version"))]
    key_wo: Attr<WriteOnly<Secret>>,
    /// Of the key.
    #[tf(optional())]
    key_wo_version: Attr<i64>,
    /// Its pin.
    #[tf(optional())]
    pin: Attr<Sensitive<i64>>,
    /// Anything.
    #[tf(optional())]
    extra: Attr<Dynamic>,
    /// Who may enter.
    #[tf(block().at_most(9))]
    rule: Attr<Vec<Rule>>,
    /// Always there.
    #[tf(group())]
    clock: Attr<Clock>,
    /// Where it stands.
    #[tf(block().required())]
    place: Attr<Clock>,
    /// Its disks.
    #[tf(block())]
    disk: Attr<SetOf<Clock>>,
    /// By name.
    #[tf(block())]
    label: Attr<BTreeMap<String, Label>>,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(requires("port", &["host"]))]
struct Rule {
    /// A host.
    #[tf(optional())]
    host: Attr<String>,
    /// A port.
    #[tf(optional())]
    port: Attr<i64>,
    /// Deeper.
    #[tf(block())]
    part: Attr<Clock>,
}

/// A clock.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Clock {
    /// The zone.
    #[tf(optional())]
    zone: Attr<String>,
}

/// A label.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Label {
    /// What it says.
    #[tf(required())]
    text: Attr<Dynamic>,
}

fn server() -> Server {
    let clock = |zone: &str| Clock { zone: Attr::Known(zone.to_owned()) };
    let label = |ty, value| Label { text: Attr::Known(Dynamic { ty, value }) };
    let rule = Rule { host: Attr::Known("h".to_owned()), part: Attr::Known(clock("p")), ..Rule::default() };
    Server {
        size: Attr::Known(4),
        key_wo: Attr::Known(WriteOnly(Secret::new("hunter2"))),
        pin: Attr::Known(Sensitive(1234)),
        extra: Attr::Known(Dynamic { ty: Type::List(Box::new(Type::Bool)), value: Value::List(vec![]) }),
        rule: Attr::Known(vec![Rule::default(), rule]),
        clock: Attr::Known(clock("utc")),
        place: Attr::Known(clock("here")),
        disk: Attr::Known(SetOf(vec![clock("a"), clock("b")])),
        label: Attr::Known(BTreeMap::from([
            ("k".to_owned(), label(Type::Number, Value::Number(Number::from(1_i64)))),
            ("l".to_owned(), label(Type::String, Value::string("x"))),
            ("m".to_owned(), Label { text: Attr::Null }),
        ])),
        ..Server::default()
    }
}

fn described(block: &NestedBlock) -> (&str, Nesting, i64, i64, &str) {
    (&block.name, block.nesting, block.items_min, block.items_max, &block.block.doc)
}

#[test]
fn blocks_are_fields_like_attributes() {
    let schema = schema::<Server>();
    assert_eq!(crate::schema::rules::resource(&schema), []);
    let blocks: Vec<_> = schema.block.blocks.iter().map(described).collect();
    assert_eq!(
        blocks,
        [
            ("rule", Nesting::List, 0, 9, "Who may enter."),
            ("clock", Nesting::Group, 0, 0, "Always there."),
            ("place", Nesting::Single, 1, 1, "Where it stands."),
            ("disk", Nesting::Set, 0, 0, "Its disks."),
            ("label", Nesting::Map, 0, 0, "By name."),
        ]
    );
    assert_eq!(schema.block.blocks[0].block.blocks.iter().map(|it| &it.name).collect::<Vec<_>>(), ["part"]);
}

#[test]
fn what_stands_above_the_struct_holds_for_the_whole() {
    let schema = schema::<Server>();
    assert_eq!(schema.version, 3);
    assert_eq!(schema.block.deprecated.as_deref(), Some("Use a cluster."));
    let names = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    assert_eq!(schema.block.relations, [Relation::ExactlyOne(names(&["size", "rule"]))]);
    let rules = &schema.block.blocks[0].block.relations;
    assert_eq!(*rules, [Relation::Requires("port".to_owned(), names(&["host"]))]);
    let AttributeType::Nested { .. } = Vec::<Rule>::ty() else { panic!("objects") };
    assert_eq!(Vec::<Rule>::whole().relations, *rules, "also where the model is an attribute");
}

#[test]
fn all_are_set_together_or_none() {
    let rules = Whole::new().together(&["a", "b", "c"]).relations;
    let told: Vec<_> = rules.iter().map(|it| it.names().concat()).collect();
    assert_eq!(told, ["abc", "bac", "cab"]);
}

#[test]
fn a_struct_with_blocks_survives_the_way_over_the_wire() {
    let object = server().to_object();
    assert_eq!(Server::from_object(&object), Ok(server()));
    let ty = schema::<Server>().block.implied_type();
    let wire = msgpack::encode(&Value::Map(object), &ty).unwrap();
    let Value::Map(object) = msgpack::decode(&wire, &ty).unwrap() else { panic!("an object") };
    assert_eq!(Server::from_object(&object), Ok(server()));
}

#[test]
fn blocks_that_nobody_wrote_are_empty_and_not_null() {
    let object = Server::default().to_object();
    assert_eq!(object["rule"], Value::List(vec![]));
    assert_eq!(object["disk"], Value::Set(vec![]));
    assert_eq!(object["place"], Value::Null);
    assert_eq!(object["clock"], Value::Map([("zone".to_owned(), Value::Null)].into()));
    let Value::Dynamic(labels) = &object["label"] else { panic!("a value that says its own type") };
    assert_eq!(**labels, (Type::Object([].into()), Value::Map(Object::new())));
    let unknown = Server { rule: Attr::Unknown, ..Server::default() };
    assert_eq!(Server::from_object(&unknown.to_object()).map(|it| it.rule), Ok(Attr::Unknown));
}

#[test]
fn rules_of_a_model_are_checked() {
    let mut wrong = server();
    wrong.rule = Attr::Known(vec![Rule { port: Attr::Known(1), ..Rule::default() }]);
    let schema = schema::<Server>();
    let found = run(&schema, &wrong.to_object());
    let summaries: Vec<_> = found.0.iter().map(|it| it.summary.as_str()).collect();
    assert_eq!(
        summaries,
        ["This block is deprecated", "`rule` excludes `size`", "`rule[0].port` needs `host`"]
    );
}

#[test]
fn a_sensitive_value_of_any_type_neither_prints_nor_shows() {
    let schema = schema::<Server>();
    assert!(schema.block.attributes.iter().any(|it| it.name == "pin" && it.sensitive && !it.write_only));
    assert!(!format!("{:?}", server()).contains("1234"));
}

#[test]
fn every_behavior_of_a_model_is_on_its_page() {
    let schema = schema::<Server>();
    let page = docs::page(&Page { type_name: "s", ..Page::new(&schema) });
    for words in [
        "~> **Deprecated:** Use a cluster.",
        "Must be at least 1. Exactly one of `size`, `rule` must be set. Changing this forces a new resource if it shrinks.",
        "Compared as JSON",
        "Written again when `key_wo_version` changes.",
        "- `pin` (Number, Sensitive)",
        "- `extra` (Dynamic)",
        "- `rule` (Block List, Max: 9) Who may enter. Exactly one of",
        "- `port` (Number) A port. Needs `host`.",
    ] {
        assert!(page.contains(words), "{words}\n{page}");
    }
}

#[test]
fn the_table_of_a_model_is_made_once() {
    assert!(Arc::ptr_eq(&Server::table(), &Server::table()));
}
