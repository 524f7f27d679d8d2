//! Tests of what a user would write.

use tf_core::model::SetOf;
use tf_core::{Attr, Model, Number, Object, Secret, Value, WriteOnly, model};

use super::*;

/// A thing.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Thing {
    /// Its id.
    #[tf(computed())]
    id: Attr<String>,
    /// Its name.
    #[tf(required())]
    name: Attr<String>,
    /// A note.
    #[tf(optional())]
    note: Attr<String>,
    /// A size.
    #[tf(optional().default(1_i64))]
    size: Attr<i64>,
    /// A color.
    #[tf(optional_computed())]
    color: Attr<String>,
    /// A former name.
    #[tf(optional().deprecated("use `name`"))]
    title: Attr<String>,
    /// A secret.
    #[tf(optional())]
    secret_wo: Attr<WriteOnly<Secret>>,
    /// Pieces.
    #[tf(optional())]
    pieces: Attr<SetOf<Piece>>,
    /// A lid.
    #[tf(block())]
    lid: Attr<Piece>,
}

/// A piece.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Piece {
    /// What it is.
    #[tf(required())]
    what: Attr<String>,
    /// Its mark.
    #[tf(computed())]
    mark: Attr<String>,
}

fn text(text: &str) -> Value {
    Value::string(text)
}

/// What is written of an object with these members, without what is null.
fn check<const N: usize>(members: [(&str, Value); N], wanted: &[(&str, Value)]) {
    let object: Object = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let mut config = written(&model::schema::<Thing>().block, &object);
    config.retain(|_, value| !value.is_null());
    let wanted: Object = wanted.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    assert_eq!(config, wanted);
}

fn number(number: i64) -> Value {
    Value::Number(Number::from(number))
}

fn piece(mark: Value) -> Value {
    Value::Map(Object::from([("what".to_owned(), text("sand")), ("mark".to_owned(), mark)]))
}

#[test]
fn what_the_provider_decides_is_left_out() {
    check([("id", text("1")), ("name", text("a"))], &[("name", text("a"))]);
    check([("secret_wo", text("hush"))], &[]);
    check([("color", text("red"))], &[("color", text("red"))]);
}

#[test]
fn what_goes_without_saying_is_left_out() {
    check([("size", number(1))], &[]);
    check([("size", number(2))], &[("size", number(2))]);
    check([("note", text(""))], &[]);
    check([("name", text(""))], &[("name", text(""))]);
    check([("title", text("old"))], &[]);
}

#[test]
fn the_same_holds_inside_of_attributes_and_blocks() {
    let (with, without) = (piece(text("m")), piece(Value::Null));
    check([("pieces", Value::set(vec![with.clone()]))], &[("pieces", Value::set(vec![without.clone()]))]);
    check([("lid", with)], &[("lid", without)]);
}
