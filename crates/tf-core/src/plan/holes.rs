//! Finds those of many values that fit a value with holes, without comparing each with each.
//!
//! A hole is an unknown part. Values with holes in the same places are looked up by what they say elsewhere; as a rule
//! all elements of a set have their holes in the same places, so that a lookup takes the same time in a large set as in
//! a small one.

use std::collections::{BTreeMap, HashMap};

use crate::Value;

/// How many different places of holes are looked up exactly. Beyond this, parts that are open in any value are not
/// looked at, so that more is found than fits.
const SHAPES_MAX: usize = 16;

static NULL: Value = Value::Null;

/// What a value says outside of its holes.
type Key<'a> = Vec<&'a Value>;

/// A shape of holes, with the values by what they say outside of them.
type Index<'a> = HashMap<Key<'a>, Vec<usize>>;

/// Many values, by what they say.
pub(super) struct Finder<'a> {
    indexes: BTreeMap<Shape, Index<'a>>,
    /// Used for all where there are too many shapes.
    coarse: Option<Shape>,
}

impl<'a> Finder<'a> {
    /// Prepares to look for what fits any of `holed` among `values`.
    pub(super) fn new(holed: impl Iterator<Item = &'a Value> + Clone, values: &'a [Value]) -> Finder<'a> {
        let mut indexes = BTreeMap::new();
        for it in holed.clone() {
            indexes.entry(Shape::of(it)).or_insert_with(Index::new);
            if indexes.len() > SHAPES_MAX {
                break;
            }
        }
        let coarse = (indexes.len() > SHAPES_MAX).then(|| Shape::of_all(holed));
        if let Some(coarse) = &coarse {
            indexes = BTreeMap::from([(coarse.clone(), Index::new())]);
        }
        for (shape, index) in &mut indexes {
            for (at, value) in values.iter().enumerate() {
                index.entry(shape.key(value)).or_default().push(at);
            }
        }
        Finder { indexes, coarse }
    }

    /// The positions of the values that may fit, among them all that do.
    pub(super) fn fitting(&self, holed: &'a Value) -> &[usize] {
        let own = Shape::of(holed);
        let shape = self.coarse.as_ref().unwrap_or(&own);
        let found = self.indexes.get(shape).and_then(|index| index.get(&shape.key(holed)));
        found.map_or(&[], Vec::as_slice)
    }
}

/// Where the holes of a value are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Shape {
    /// There is none.
    Whole,
    /// The value is one, or it is a set that holds one: its elements have no places.
    Hole,
    /// Inside a list or tuple.
    List(Vec<Shape>),
    /// Inside a map or object.
    Map(BTreeMap<String, Shape>),
}

impl Shape {
    fn of(value: &Value) -> Shape {
        match value {
            it if it.is_wholly_known() => Shape::Whole,
            Value::List(items) => Shape::List(items.iter().map(Shape::of).collect()),
            Value::Map(members) => {
                Shape::Map(members.iter().map(|(key, it)| (key.clone(), Shape::of(it))).collect())
            }
            _ => Shape::Hole,
        }
    }

    /// With a hole for every member that is not known in all of them.
    fn of_all<'b>(values: impl Iterator<Item = &'b Value>) -> Shape {
        let mut open = BTreeMap::new();
        for value in values {
            let Value::Map(members) = value else { return Shape::Hole };
            for (name, member) in members {
                let is_open = open.entry(name.clone()).or_insert(false);
                *is_open = *is_open || !member.is_wholly_known();
            }
        }
        let shape = |is_open| if is_open { Shape::Hole } else { Shape::Whole };
        Shape::Map(open.into_iter().map(|(name, is_open)| (name, shape(is_open))).collect())
    }

    fn key<'v>(&self, value: &'v Value) -> Key<'v> {
        let mut key = Vec::new();
        self.collect(value, &mut key);
        key
    }

    fn collect<'v>(&self, value: &'v Value, key: &mut Key<'v>) {
        match (self, value) {
            (Shape::Hole, _) => {}
            (Shape::List(shapes), Value::List(items)) if shapes.len() == items.len() => {
                shapes.iter().zip(items).for_each(|(shape, it)| shape.collect(it, key));
            }
            (Shape::Map(shapes), Value::Map(members)) => {
                for (name, shape) in shapes {
                    shape.collect(members.get(name).unwrap_or(&NULL), key);
                }
            }
            // Whole, or of another build, which therefore is part of what it says.
            (_, value) => key.push(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
        Value::Map(members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect())
    }

    /// Whether a value is what the other says outside of its holes.
    fn fits(holed: &Value, value: &Value) -> bool {
        match (holed, value) {
            (Value::Unknown(_), _) => true,
            (Value::Map(holed), Value::Map(value)) => {
                holed.keys().eq(value.keys()) && holed.values().zip(value.values()).all(|(a, b)| fits(a, b))
            }
            (Value::List(holed), Value::List(value)) => {
                holed.len() == value.len() && holed.iter().zip(value).all(|(a, b)| fits(a, b))
            }
            (holed, value) => holed == value,
        }
    }

    fn leaf() -> impl Strategy<Value = Value> {
        prop_oneof!["[ab]".prop_map(Value::string), Just(Value::Null)]
    }

    fn known() -> impl Strategy<Value = Value> {
        let list = prop::collection::vec(leaf(), 0..3).prop_map(Value::List);
        (leaf(), leaf(), list).prop_map(|(a, b, c)| map([("a", a), ("b", b), ("c", c)]))
    }

    /// The same with some parts open.
    fn holed() -> impl Strategy<Value = Value> {
        (known(), any::<[bool; 3]>()).prop_map(|(mut it, open)| {
            if let Value::Map(members) = &mut it {
                for (member, _) in members.values_mut().zip(open).filter(|it| it.1) {
                    match member {
                        Value::List(items) if !items.is_empty() => items[0] = Value::unknown(),
                        other => *other = Value::unknown(),
                    }
                }
            }
            it
        })
    }

    proptest! {
        #[test]
        fn everything_that_fits_is_found(
            holed in prop::collection::vec(holed(), 1..40),
            values in prop::collection::vec(known(), 0..20),
        ) {
            let finder = Finder::new(holed.iter(), &values);
            for it in &holed {
                let found = finder.fitting(it);
                for (at, value) in values.iter().enumerate().filter(|(_, value)| fits(it, value)) {
                    prop_assert!(found.contains(&at), "{:?} {:?}", it, value);
                }
            }
        }
    }

    #[test]
    fn only_what_fits_is_found_where_the_holes_are_alike() {
        let values = ["a", "b", "c"].map(|it| map([("k", Value::string(it)), ("n", Value::string("x"))]));
        let holed = map([("k", Value::string("b")), ("n", Value::unknown())]);
        let finder = Finder::new([&holed].into_iter(), &values);
        assert_eq!(finder.fitting(&holed), [1]);
    }
}
