//! Finds those of many rows that fit a row with holes, without comparing each with each.
//!
//! A row is the members of an object in a fixed order, and a hole is an unknown part. Rows with holes in the same places
//! are looked up by what they say elsewhere; as a rule all elements of a set have their holes in the same places, so that a
//! lookup takes the same time in a large set as in a small one.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use crate::Value;

/// How many different places of holes are looked up exactly. Beyond this, parts that are open in any row are not looked
/// at, so that more is found than fits.
const SHAPES_MAX: usize = 16;

static NULL: Value = Value::Null;

/// The parts of a value in a fixed order.
pub(super) type Row<'a> = Vec<Cow<'a, Value>>;

/// Many rows, by what they say. Looked up by a hash of it alone: what is found has still to be compared.
pub(super) struct Finder {
    indexes: Vec<Index>,
    hashing: RandomState,
    /// There are too many shapes, and the only index has a hole wherever there is one.
    coarse: bool,
}

/// Rows by what they say outside of the holes of a shape.
struct Index {
    shape: Vec<Shape>,
    /// The first position with a hash.
    first: HashMap<u64, usize>,
    /// For every position the next one with the same hash. A chain takes no memory of its own.
    next: Vec<Option<usize>>,
}

impl Finder {
    /// Prepares to look for what fits any of `holed` among `rows`. What has no row fits nothing.
    pub(super) fn new<'a>(
        holed: impl Iterator<Item = &'a Row<'a>> + Clone,
        rows: &[Option<Row<'_>>],
    ) -> Finder {
        let mut shapes: Vec<Vec<Shape>> = Vec::new();
        for row in holed.clone() {
            if !shapes.iter().any(|it| is_shape_of(it, row)) {
                shapes.push(row.iter().map(|it| Shape::of(it)).collect());
            }
            if shapes.len() > SHAPES_MAX {
                break;
            }
        }
        let coarse = shapes.len() > SHAPES_MAX;
        if coarse {
            shapes = vec![common_shape(holed)];
        }
        let hashing = RandomState::new();
        let indexes = shapes.into_iter().map(|shape| Index::new(shape, rows, &hashing)).collect();
        Finder { indexes, hashing, coarse }
    }

    /// The positions of the rows that may fit, in order, among them all that do.
    pub(super) fn fitting(&self, holed: &Row<'_>) -> impl Iterator<Item = usize> {
        let index = self.indexes.iter().find(|it| self.coarse || is_shape_of(&it.shape, holed));
        let first = index.and_then(|it| it.first.get(&said(&it.shape, holed, &self.hashing)).copied());
        let next = move |at: &usize| index.and_then(|it| it.next.get(*at).copied().flatten());
        std::iter::successors(first, next)
    }
}

impl Index {
    fn new(shape: Vec<Shape>, rows: &[Option<Row<'_>>], hashing: &RandomState) -> Index {
        let mut first = HashMap::with_capacity(rows.len());
        let mut next = vec![None; rows.len()];
        // Backwards, so that every chain goes forwards.
        for (at, row) in rows.iter().enumerate().rev() {
            let Some(row) = row else { continue };
            let earlier = first.insert(said(&shape, row, hashing), at);
            if let Some(next) = next.get_mut(at) {
                *next = earlier;
            }
        }
        Index { shape, first, next }
    }
}

/// The row of a value among others: its members by the names of the first, or itself where it has none.
pub(super) fn row<'a>(value: &'a Value, names: &[&str]) -> Row<'a> {
    match value {
        Value::Map(members) if !names.is_empty() => {
            names.iter().map(|it| Cow::Borrowed(members.get(*it).unwrap_or(&NULL))).collect()
        }
        other => {
            names.iter().map(|_| other).chain(names.is_empty().then_some(other)).map(Cow::Borrowed).collect()
        }
    }
}

/// Whether a row says what the other does outside of the holes of the latter.
pub(super) fn fits_row(holed: &Row<'_>, row: &Row<'_>) -> bool {
    holed.len() == row.len() && holed.iter().zip(row).all(|(holed, value)| fits(holed, value))
}

fn fits(holed: &Value, value: &Value) -> bool {
    match (holed, value) {
        (Value::Unknown(_), _) => true,
        (Value::Map(holed), Value::Map(value)) => {
            holed.keys().eq(value.keys()) && holed.values().zip(value.values()).all(|(a, b)| fits(a, b))
        }
        (Value::List(holed), Value::List(value)) => {
            holed.len() == value.len() && holed.iter().zip(value).all(|(a, b)| fits(a, b))
        }
        // A hole inside is a hole, because what is in there has no place.
        (Value::Set(_), Value::Set(_)) | (Value::Dynamic(_), Value::Dynamic(_)) => {
            holed == value || !holed.is_wholly_known()
        }
        (holed, value) => holed == value,
    }
}

/// Where the holes of a value are.
#[derive(Clone, Debug, PartialEq, Eq)]
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

    /// The same as to make the shape of the value and compare, without making it.
    fn is_of(&self, value: &Value) -> bool {
        match (self, value) {
            (Shape::Whole, value) => value.is_wholly_known(),
            (_, value) if value.is_wholly_known() => false,
            (Shape::List(shapes), Value::List(items)) => {
                shapes.len() == items.len() && shapes.iter().zip(items).all(|(shape, it)| shape.is_of(it))
            }
            (Shape::Map(shapes), Value::Map(members)) => {
                shapes.keys().eq(members.keys())
                    && shapes.values().zip(members.values()).all(|(shape, it)| shape.is_of(it))
            }
            (Shape::Hole, value) => !matches!(value, Value::List(_) | Value::Map(_)),
            _ => false,
        }
    }

    fn said(&self, value: &Value, hasher: &mut impl Hasher) {
        match (self, value) {
            (Shape::Hole, _) => {}
            (Shape::List(shapes), Value::List(items)) if shapes.len() == items.len() => {
                shapes.iter().zip(items).for_each(|(shape, it)| shape.said(it, hasher));
            }
            (Shape::Map(shapes), Value::Map(members)) => {
                for (name, shape) in shapes {
                    shape.said(members.get(name).unwrap_or(&NULL), hasher);
                }
            }
            // Whole, or of another build, which therefore is part of what it says.
            (_, value) => value.hash(hasher),
        }
    }
}

fn is_shape_of(shape: &[Shape], row: &Row<'_>) -> bool {
    shape.len() == row.len() && shape.iter().zip(row).all(|(shape, it)| shape.is_of(it))
}

fn said(shape: &[Shape], row: &Row<'_>, hashing: &RandomState) -> u64 {
    let mut hasher = hashing.build_hasher();
    shape.iter().zip(row).for_each(|(shape, it)| shape.said(it, &mut hasher));
    hasher.finish()
}

/// With a hole for every part that is not known in all rows.
fn common_shape<'a>(rows: impl Iterator<Item = &'a Row<'a>>) -> Vec<Shape> {
    let mut open: Vec<bool> = Vec::new();
    for row in rows {
        open.resize(open.len().max(row.len()), false);
        open.iter_mut().zip(row).for_each(|(open, it)| *open = *open || !it.is_wholly_known());
    }
    open.into_iter().map(|it| if it { Shape::Hole } else { Shape::Whole }).collect()
}

#[cfg(test)]
mod tests;
