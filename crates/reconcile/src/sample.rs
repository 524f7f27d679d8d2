//! A resource of two records, and an instance in twenty lines, for the tests of this crate.

use std::collections::BTreeSet;

use servicenow_core::{Record, SysId};
use tf_core::{Object, Value};

use crate::cell::Cell;
use crate::found::{Found, Place};
use crate::layout::{Column, Exists, Holds, Layout, Lookup, RecordLayout};
use crate::lift::hidden;
use crate::lower::lower;
use crate::names::Names;
use crate::steps::{Step, steps};

mod many;

const LAYOUT: Layout = Layout {
    records: &[
        RecordLayout {
            slot: "credential",
            table: "t_credential",
            exists: Exists::While("basic"),
            columns: &[
                Column::new("user", Holds::Text("basic.username")),
                Column::new("pass", Holds::Secret("password_wo", "password_wo_version")),
            ],
        },
        RecordLayout {
            slot: "connection",
            table: "t_connection",
            exists: Exists::Always,
            columns: &[
                Column::new("sys_id", Holds::SysId("id")),
                Column::new("label", Holds::Text("name")),
                Column::new("rank", Holds::Number("order")),
                Column::new("kind", Holds::Choice("kind", &[("web", "http_connection")])),
                Column::new("on", Holds::Switch("active")),
                Column::new("tags", Holds::References("tag_ids", "t_tag")),
                Column::new("path", Holds::Calculated("path")),
                Column::new("cred", Holds::Slot("credential")),
                Column::new("class", Holds::Fixed("t_connection")),
                Column::new("agent", Holds::Lookup("mid_server", AGENT)),
            ],
        },
        RecordLayout {
            slot: "variable",
            table: "t_variable",
            exists: Exists::ForEach("variables"),
            columns: &[
                Column::new("parent", Holds::Slot("connection")),
                Column::new("key", Holds::Key),
                Column::new("value", Holds::Text("value")),
            ],
        },
        RecordLayout {
            slot: "grant",
            table: "t_grant",
            exists: Exists::ForEach("roles"),
            columns: &[
                Column::new("holder", Holds::Slot("connection")),
                Column::new("role", Holds::KeyLookup(ROLE)),
                Column::new("inherited", Holds::Only("false")),
            ],
        },
    ],
};

const AGENT: &Lookup = &Lookup { table: "t_agent", keys: &["name"] };
const ROLE: &Lookup = &Lookup { table: "t_role", keys: &["name"] };

/// The names that were looked up.
fn names() -> Names {
    let mut names = Names::default();
    names.insert("t_agent", "mid-one", &"a".repeat(32));
    names.insert("t_role", "reader", &"b".repeat(32));
    names.insert("t_role", "writer", &"c".repeat(32));
    names
}

fn object(members: &[(&str, Value)]) -> Object {
    members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// What the user wrote.
fn config() -> Object {
    let basic = object(&[("username", Value::string("u"))]);
    object(&[
        ("id", Value::Null),
        ("name", Value::string("Orders")),
        ("order", Value::Number(100_i64.into())),
        ("kind", Value::string("web")),
        ("active", Value::Null),
        ("tag_ids", Value::set(vec![Value::string("t1"), Value::string("t2")])),
        ("path", Value::Null),
        ("basic", Value::Map(basic)),
        ("mid_server", Value::Null),
        ("variables", Value::Null),
        ("roles", Value::Null),
        ("password_wo", Value::string("secret")),
        ("password_wo_version", Value::string("1")),
    ])
}

/// What was planned for it.
fn planned() -> Object {
    let mut planned = config();
    for name in ["id", "active", "path"] {
        planned.insert(name.to_owned(), Value::unknown());
    }
    planned.insert("password_wo".to_owned(), Value::Null);
    planned
}

fn todo(wanted: &Object, found: &Found, rewrite: &[&str]) -> Vec<Step> {
    let rewrite: BTreeSet<&str> = rewrite.iter().copied().collect();
    steps(&lower(wanted, &config(), &LAYOUT, &names()), found, &LAYOUT, &rewrite)
}

fn lift(found: &Found, state: &Object) -> Object {
    crate::lift::lift(&LAYOUT, found, state, &names())
}

fn id_of(place: &str) -> SysId {
    let sum = place.bytes().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    SysId::from_bytes([sum; 16])
}

/// Somebody changes a column of a record.
fn edit(found: &mut Found, place: impl Into<Place>, column: &str, text: &str) {
    let place = place.into();
    let mut row = found.get(&place).unwrap().clone();
    row.put(column, text);
    found.insert(place, row);
}

/// An instance: what the interpreter and the simulator do together.
fn run(list: Vec<Step>, found: &mut Found) {
    for step in list {
        match step {
            Step::Create { place, cells, .. } => {
                let mut row = Record::default();
                row.put("sys_id", id_of(&place.to_string()).as_str());
                for name in LAYOUT.record(place.slot).unwrap().readable() {
                    row.put(name, "");
                }
                row.put("path", "calculated");
                found.insert(place.clone(), row);
                fill(&place, &cells, found);
            }
            Step::Update { place, cells, .. } => fill(&place, &cells, found),
            Step::WriteSecrets { place, .. } => assert!(found.get(&place).is_some()),
            Step::Delete { place, .. } => found.remove(&place),
        }
    }
}

fn fill(place: &Place, cells: &std::collections::BTreeMap<&'static str, Cell>, found: &mut Found) {
    for (name, cell) in cells {
        let text = match cell {
            Cell::Slot(other) => found.one(other).unwrap().text("sys_id").to_owned(),
            other => other.text().unwrap(),
        };
        edit(found, place.clone(), name, &text);
    }
}

fn created() -> Found {
    let mut found = Found::new();
    run(todo(&planned(), &found, &[]), &mut found);
    found
}

#[test]
fn a_new_record_is_created_inactive_and_its_secret_is_written_apart() {
    let list = todo(&planned(), &Found::new(), &[]);
    assert_eq!(list.len(), 3);
    assert!(
        matches!(&list[0], Step::Create { place, cells, .. } if place.slot == "credential" && !cells.contains_key("pass"))
    );
    assert!(
        matches!(&list[1], Step::WriteSecrets { place, cells, .. } if place.slot == "credential" && cells["pass"].expose() == "secret")
    );
    let Step::Create { cells, .. } = &list[2] else { panic!("{list:?}") };
    assert_eq!(cells["on"].text().as_deref(), Some("false"));
    assert_eq!(cells["cred"], Cell::Slot("credential"));
    assert_eq!(cells["kind"], Cell::Text("http_connection".into()));
    assert!(!cells.contains_key("path"), "calculated columns are never written");
}

#[test]
fn what_is_applied_is_read_back_and_settles() {
    let found = created();
    let state = lift(&found, &planned());
    let mut expected = planned();
    expected.insert("id".into(), Value::string(id_of("connection").as_str()));
    expected.insert("active".into(), Value::Bool(false));
    expected.insert("path".into(), Value::string("calculated"));
    assert_eq!(state, expected);
    assert_eq!(todo(&state, &found, &[]), []);
}

#[test]
fn only_the_changed_column_is_written() {
    let found = created();
    let mut wanted = lift(&found, &planned());
    wanted.insert("name".into(), Value::string("Payments"));
    let list = todo(&wanted, &found, &[]);
    assert!(matches!(&list[..], [Step::Update { cells, .. }] if cells.keys().eq([&"label"])), "{list:?}");
}

#[test]
fn a_new_version_writes_the_secret_and_nothing_else() {
    let found = created();
    let list = todo(&planned(), &found, &["pass"]);
    assert!(
        matches!(&list[..], [Step::WriteSecrets { place, .. }] if place.slot == "credential"),
        "{list:?}"
    );
}

#[test]
fn switching_on_is_never_a_plain_write_and_switching_off_is() {
    let mut found = created();
    let mut wanted = planned();
    wanted.insert("active".into(), Value::Bool(true));
    assert_eq!(todo(&wanted, &found, &[]), []);
    edit(&mut found, "connection", "on", "true");
    assert_eq!(todo(&planned(), &found, &[]), [], "nobody says: left as it is");
    wanted.insert("active".into(), Value::Bool(false));
    let list = todo(&wanted, &found, &[]);
    assert!(
        matches!(&list[..], [Step::Update { cells, .. }] if cells["on"].text().as_deref() == Some("false"))
    );
}

#[test]
fn a_failure_after_any_step_heals_on_the_next_apply() {
    let count = todo(&planned(), &Found::new(), &[]).len();
    for failing in 0..=count {
        let mut found = Found::new();
        let mut list = todo(&planned(), &found, &[]);
        list.truncate(failing);
        run(list, &mut found);
        run(todo(&planned(), &found, &[]), &mut found);
        assert_eq!(todo(&planned(), &found, &[]), [], "not settled after a failure at step {failing}");
    }
}

#[test]
fn removing_the_block_clears_the_reference_before_it_removes_the_record() {
    let found = created();
    let mut wanted = planned();
    wanted.insert("basic".into(), Value::Null);
    let list = todo(&wanted, &found, &[]);
    let [Step::Update { cells, .. }, Step::Delete { place: Place { slot: "credential", .. }, .. }] =
        &list[..]
    else {
        panic!("{list:?}")
    };
    assert_eq!(cells["cred"], Cell::Text(String::new()));
}

#[test]
fn null_and_empty_keep_the_form_that_the_user_wrote() {
    let mut found = created();
    for (column, text) in [("label", ""), ("tags", ""), ("rank", "1,000")] {
        edit(&mut found, "connection", column, text);
    }
    let mut before = planned();
    before.insert("name".into(), Value::Null);
    before.insert("tag_ids".into(), Value::Null);
    let state = lift(&found, &before);
    assert_eq!((&state["name"], &state["tag_ids"]), (&Value::Null, &Value::Null));
    assert_eq!(state["order"], Value::Number(1000_i64.into()));
    before.insert("name".into(), Value::string(""));
    before.insert("tag_ids".into(), Value::set(vec![]));
    let state = lift(&found, &before);
    assert_eq!((&state["name"], &state["tag_ids"]), (&Value::string(""), &Value::set(vec![])));
}

#[test]
fn a_column_that_is_hidden_is_neither_compared_nor_forgotten() {
    let mut found = created();
    let state = lift(&found, &planned());
    let mut row = found.one("connection").unwrap().clone();
    row.remove("label");
    found.insert("connection", row);
    assert_eq!(lift(&found, &state)["name"], Value::string("Orders"));
    assert_eq!(hidden(&LAYOUT, &found), [("t_connection", "label")]);
    assert_eq!(todo(&state, &found, &[]), []);
}

#[test]
fn a_secret_is_not_in_what_is_printed_nor_in_what_is_lifted() {
    let list = format!("{:?}", todo(&planned(), &Found::new(), &[]));
    assert!(!list.contains("\"secret\""), "{list}");
    assert_eq!(lift(&created(), &config())["password_wo"], Value::Null);
}
