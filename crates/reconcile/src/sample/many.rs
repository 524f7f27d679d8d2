//! Records of which a resource has many, and records that people refer to by name.

use super::*;
use crate::names::named;

fn variables(entries: &[(&str, &str)]) -> Value {
    let entry = |(key, value): &(&str, &str)| {
        ((*key).to_owned(), Value::Map(object(&[("value", Value::string(*value))])))
    };
    Value::Map(entries.iter().map(entry).collect())
}

fn roles(names: &[&str]) -> Value {
    Value::set(names.iter().map(|it| Value::string(*it)).collect())
}

fn with(members: &[(&str, Value)]) -> Object {
    let mut wanted = planned();
    wanted.extend(object(members));
    wanted
}

fn applied(wanted: &Object) -> Found {
    let mut found = Found::new();
    run(todo(wanted, &found, &[]), &mut found);
    found
}

/// What is left to do, as words.
fn words(wanted: &Object, found: &Found) -> Vec<String> {
    let word = |step: Step| match step {
        Step::Create { place, .. } => format!("create {place}"),
        Step::Update { place, cells, .. } => format!("update {place} {:?}", cells.keys().collect::<Vec<_>>()),
        Step::WriteSecrets { place, .. } => format!("secret {place}"),
        Step::Delete { place, .. } => format!("delete {place}"),
    };
    todo(wanted, found, &[]).into_iter().map(word).collect()
}

#[test]
fn entries_become_rows_that_refer_to_their_record_and_read_back() {
    let wanted =
        with(&[("variables", variables(&[("site", "x"), ("zone", "y")])), ("roles", roles(&["reader"]))]);
    let found = applied(&wanted);
    let site = found.get(&Place::keyed("variable", "site")).unwrap();
    assert_eq!(
        (site.text("parent"), site.text("key"), site.text("value")),
        (id_of("connection").as_str(), "site", "x")
    );
    let grant = found.get(&Place::keyed("grant", "b".repeat(32))).unwrap();
    assert_eq!(
        (grant.text("role"), grant.text("inherited")),
        ("b".repeat(32).as_str(), ""),
        "it is never written"
    );
    let state = lift(&found, &wanted);
    assert_eq!((&state["variables"], &state["roles"]), (&wanted["variables"], &wanted["roles"]));
    assert_eq!(words(&state, &found), Vec::<String>::new());
}

#[test]
fn a_changed_entry_touches_its_row_alone_and_a_dropped_one_makes_way_first() {
    let found = applied(&with(&[("variables", variables(&[("a", "1"), ("b", "2")]))]));
    for (entries, expected) in [
        (&[("a", "1"), ("b", "3")][..], vec!["update variable[b] [\"value\"]"]),
        (&[("a", "1")], vec!["delete variable[b]"]),
        (&[("a", "1"), ("c", "2")], vec!["delete variable[b]", "create variable[c]"]),
        (&[], vec!["delete variable[a]", "delete variable[b]"]),
    ] {
        assert_eq!(words(&with(&[("variables", variables(entries))]), &found), expected);
    }
    assert_eq!(words(&planned(), &found), ["delete variable[a]", "delete variable[b]"], "null wants none");
}

#[test]
fn when_everything_goes_the_rows_go_before_their_record() {
    let found = applied(&with(&[("variables", variables(&[("a", "1")])), ("roles", roles(&["reader"]))]));
    let list = steps(&[], &found, &LAYOUT, &BTreeSet::new());
    let order: Vec<&str> = list
        .iter()
        .filter_map(|it| match it {
            Step::Delete { place, .. } => Some(place.slot),
            _ => None,
        })
        .collect();
    assert_eq!(order, ["grant", "variable", "connection", "credential"]);
}

#[test]
fn no_rows_are_null_unless_the_user_wrote_an_empty_map_or_set() {
    let found = created();
    for (before, expected) in [
        (Value::Null, Value::Null),
        (variables(&[("gone", "x")]), Value::Null),
        (variables(&[]), variables(&[])),
    ] {
        assert_eq!(lift(&found, &with(&[("variables", before)]))["variables"], expected);
    }
    assert_eq!(lift(&found, &with(&[("roles", roles(&[]))]))["roles"], roles(&[]));
    assert_eq!(lift(&found, &with(&[("roles", Value::Null)]))["roles"], Value::Null);
}

#[test]
fn a_row_that_somebody_added_shows_up() {
    let mut found = created();
    let row = [("sys_id", "d".repeat(32)), ("key", "new".into()), ("value", "v".into())];
    let row = Record::of(row);
    found.insert(Place::keyed("variable", "new"), row);
    assert_eq!(lift(&found, &planned())["variables"], variables(&[("new", "v")]));
}

#[test]
fn a_name_is_written_as_its_id_and_read_back_as_it_was_spelled() {
    let id = "a".repeat(32);
    for spelling in ["mid-one", id.as_str(), &id.to_uppercase()] {
        let wanted = with(&[("mid_server", Value::string(spelling))]);
        let found = applied(&wanted);
        assert_eq!(found.one("connection").unwrap().text("agent"), id, "{spelling}");
        assert_eq!(lift(&found, &wanted)["mid_server"], Value::string(spelling));
        assert_eq!(words(&wanted, &found), Vec::<String>::new());
    }
    let found = applied(&with(&[("mid_server", Value::string("mid-one"))]));
    let other = lift(&found, &with(&[("mid_server", Value::string("mid-two"))]));
    assert_eq!(other["mid_server"], Value::string(id.as_str()), "another one is shown by its id");
}

#[test]
fn a_name_that_nobody_knows_is_not_written_in_the_place_of_an_id() {
    let wanted = with(&[("mid_server", Value::string("mid-two"))]);
    assert_eq!(applied(&wanted).one("connection").unwrap().text("agent"), "");
}

#[test]
fn every_name_is_told_with_its_attribute() {
    let wanted = with(&[("mid_server", Value::string("mid-one")), ("roles", roles(&["reader", "writer"]))]);
    let told: Vec<(&str, &str, String)> =
        named(&LAYOUT, &wanted).into_iter().map(|it| (it.attribute, it.lookup.table, it.spelling)).collect();
    let expected = [
        ("mid_server", "t_agent", "mid-one".to_owned()),
        ("roles", "t_role", "reader".to_owned()),
        ("roles", "t_role", "writer".to_owned()),
    ];
    assert_eq!(told, expected);
}
