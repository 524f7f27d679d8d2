//! Tests of the finder: nothing that fits is missed.

use proptest::prelude::*;

use super::*;

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof!["[ab]".prop_map(Value::string), Just(Value::Null)]
}

/// Three members, the last of which is a list or a map.
fn known() -> impl Strategy<Value = Vec<Value>> {
    let list = prop::collection::vec(leaf(), 0..3).prop_map(Value::List);
    let map = prop::collection::btree_map("[xy]", leaf(), 0..3).prop_map(Value::Map);
    (leaf(), leaf(), prop_oneof![list, map]).prop_map(|(a, b, c)| vec![a, b, c])
}

/// The same with some parts open.
fn holed() -> impl Strategy<Value = Vec<Value>> {
    (known(), any::<[bool; 3]>()).prop_map(|(mut members, open)| {
        for (member, _) in members.iter_mut().zip(open).filter(|it| it.1) {
            match member {
                Value::List(items) if !items.is_empty() => items[0] = Value::unknown(),
                Value::Map(items) if !items.is_empty() => {
                    *items.values_mut().next().unwrap() = Value::unknown()
                }
                other => *other = Value::unknown(),
            }
        }
        members
    })
}

fn row_of(members: &[Value]) -> Row<'_> {
    members.iter().map(Cow::Borrowed).collect()
}

proptest! {
    #[test]
    fn everything_that_fits_is_found_in_order(
        holed in prop::collection::vec(holed(), 1..40),
        values in prop::collection::vec(known(), 0..20),
    ) {
        let holed: Vec<Row<'_>> = holed.iter().map(|it| row_of(it)).collect();
        let rows: Vec<Option<Row<'_>>> = values.iter().map(|it| Some(row_of(it))).collect();
        let finder = Finder::new(holed.iter(), &rows);
        for it in &holed {
            let found: Vec<usize> = finder.fitting(it).collect();
            prop_assert!(found.is_sorted());
            for (at, row) in rows.iter().enumerate().filter(|(_, row)| fits_row(it, row.as_ref().unwrap())) {
                prop_assert!(found.contains(&at), "{:?} {:?}", it, row);
            }
        }
    }

    #[test]
    fn a_shape_is_recognized_without_making_another(one in holed(), other in holed()) {
        for (one, other) in one.iter().zip(&other) {
            prop_assert_eq!(Shape::of(one).is_of(other), Shape::of(one) == Shape::of(other));
        }
    }
}

#[test]
fn only_what_fits_is_found_where_the_holes_are_alike() {
    let values = ["a", "b", "c"].map(|it| [Value::string(it), Value::string("x")]);
    let rows: Vec<Option<Row<'_>>> = values.iter().map(|it| Some(row_of(it))).collect();
    let holed = [Value::string("b"), Value::unknown()];
    let holed = row_of(&holed);
    let finder = Finder::new([&holed].into_iter(), &rows);
    assert_eq!(finder.fitting(&holed).collect::<Vec<_>>(), [1]);
}

#[test]
fn what_has_no_row_is_not_found() {
    let nothing = [Value::unknown()];
    let holed = row_of(&nothing);
    let finder = Finder::new([&holed].into_iter(), &[None, Some(row_of(&[Value::Null])), None]);
    assert_eq!(finder.fitting(&holed).collect::<Vec<_>>(), [1]);
}
