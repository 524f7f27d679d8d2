//! Random types and values for property tests.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::{Number, Object, Refinements, Type, Value};

/// How a random value may be incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// Known and null parts only.
    Whole,
    /// Unknown parts too.
    Partial,
}

/// Any type, a few levels deep.
pub(crate) fn ty() -> BoxedStrategy<Type> {
    let leaf = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|it| Type::List(Box::new(it))),
            inner.clone().prop_map(|it| Type::Set(Box::new(it))),
            inner.clone().prop_map(|it| Type::Map(Box::new(it))),
            vec(inner.clone(), 0..4).prop_map(Type::Tuple),
            btree_map("[a-zé\"]{1,4}", inner, 0..4).prop_map(Type::Object),
        ]
    })
    .boxed()
}

/// A type and a value of it.
pub(crate) fn typed(knowledge: Knowledge) -> impl Strategy<Value = (Type, Value)> {
    ty().prop_flat_map(move |ty| (Just(ty.clone()), value(&ty, knowledge)))
}

/// Any value of a type.
pub(crate) fn value(ty: &Type, knowledge: Knowledge) -> BoxedStrategy<Value> {
    let known = known(ty, knowledge);
    match knowledge {
        Knowledge::Whole => prop_oneof![1 => Just(Value::Null), 8 => known].boxed(),
        Knowledge::Partial => prop_oneof![1 => Just(Value::Null), 2 => unknown(ty), 8 => known].boxed(),
    }
}

fn known(ty: &Type, knowledge: Knowledge) -> BoxedStrategy<Value> {
    match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => number().prop_map(Value::Number).boxed(),
        Type::String => text().prop_map(Value::string).boxed(),
        Type::Dynamic => dynamic(knowledge),
        Type::List(element) => vec(value(element, knowledge), 0..4).prop_map(Value::List).boxed(),
        Type::Set(element) => vec(value(element, knowledge), 0..4).prop_map(Value::set).boxed(),
        Type::Map(element) => {
            btree_map("[a-c]{1,2}", value(element, knowledge), 0..4).prop_map(Value::Map).boxed()
        }
        Type::Tuple(types) => {
            let items: Vec<_> = types.iter().map(|it| value(it, knowledge)).collect();
            items.prop_map(Value::List).boxed()
        }
        Type::Object(types) => {
            let members: Vec<_> =
                types.iter().map(|(name, it)| (Just(name.clone()), value(it, knowledge))).collect();
            members.prop_map(|it| Value::Map(it.into_iter().collect::<Object>())).boxed()
        }
    }
}

/// A value that says its own type. Shallow, because its type comes on top of the depth of the type around it.
fn dynamic(knowledge: Knowledge) -> BoxedStrategy<Value> {
    let shallow = prop_oneof![
        Just(Type::Bool),
        Just(Type::String),
        Just(Type::Number),
        Just(Type::Tuple(vec![Type::String, Type::Number])),
        Just(Type::Set(Box::new(Type::String))),
    ];
    shallow
        .prop_flat_map(move |ty| (Just(ty.clone()), value(&ty, knowledge)))
        .prop_map(|inner| Value::Dynamic(Box::new(inner)))
        .boxed()
}

/// Any number, with many at the borders of the forms on the wire.
pub(crate) fn number() -> impl Strategy<Value = Number> {
    let border = prop_oneof![Just(5_u32), Just(7), Just(8), Just(15), Just(16), Just(31), Just(32), Just(63)];
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", Number::from_f64),
        any::<f64>().prop_filter_map("finite", Number::from_f64_exact),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?".prop_filter_map("a number", |it| it.parse().ok()),
        (border, -2_i128..3, any::<bool>()).prop_filter_map("a number", |(power, off, negative)| {
            let magnitude = (1_i128 << power) + off;
            (if negative { -magnitude } else { magnitude }).to_string().parse().ok()
        }),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{0,5}", ".{0,40}", "[a-z]{250,300}"]
}

fn unknown(ty: &Type) -> BoxedStrategy<Value> {
    let null = prop_oneof![Just(None), Just(Some(false))];
    let bound = || {
        proptest::option::of(("[0-9]{1,20}", any::<bool>()).prop_map(|(it, of)| (it.parse().unwrap(), of)))
    };
    match ty {
        Type::String => (null, proptest::option::of("[a-zé]{1,20}"))
            .prop_map(|(null, prefix)| Refinements { null, prefix, ..Refinements::default() })
            .boxed(),
        Type::Number => (null, bound(), bound())
            .prop_map(|(null, lower, upper)| Refinements { null, lower, upper, ..Refinements::default() })
            .boxed(),
        Type::List(_) | Type::Set(_) | Type::Map(_) => {
            let length = || proptest::option::of(0_u64..1 << 40);
            (null, length(), length())
                .prop_map(|(null, length_min, length_max)| Refinements {
                    null,
                    length_min,
                    length_max,
                    ..Refinements::default()
                })
                .boxed()
        }
        Type::Dynamic => Just(Refinements::default()).boxed(),
        _ => null.prop_map(|null| Refinements { null, ..Refinements::default() }).boxed(),
    }
    .prop_map(Value::refined)
    .boxed()
}
