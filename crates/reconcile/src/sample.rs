//! A resource of two records, and an instance in twenty lines, for the tests of this crate.

use std::collections::BTreeSet;

use servicenow_core::{Record, SysId};
use tf_core::{Object, Value};

use crate::cell::Cell;
use crate::layout::{Column, Holds, Layout, RecordLayout};
use crate::lift::{hidden, lift};
use crate::lower::lower;
use crate::steps::{Found, Step, steps};

const LAYOUT: Layout = Layout {
    records: &[
        RecordLayout {
            slot: "credential",
            table: "t_credential",
            when: Some("basic"),
            columns: &[
                Column { name: "user", holds: Holds::Text("basic.username") },
                Column { name: "pass", holds: Holds::Secret("password_wo", "password_wo_version") },
            ],
        },
        RecordLayout {
            slot: "connection",
            table: "t_connection",
            when: None,
            columns: &[
                Column { name: "sys_id", holds: Holds::SysId("id") },
                Column { name: "label", holds: Holds::Text("name") },
                Column { name: "rank", holds: Holds::Number("order") },
                Column { name: "kind", holds: Holds::Choice("kind", &[("web", "http_connection")]) },
                Column { name: "on", holds: Holds::Switch("active") },
                Column { name: "tags", holds: Holds::References("tag_ids", "t_tag") },
                Column { name: "path", holds: Holds::Calculated("path") },
                Column { name: "cred", holds: Holds::Slot("credential") },
                Column { name: "class", holds: Holds::Fixed("t_connection") },
            ],
        },
    ],
};

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
    steps(&lower(wanted, &config(), &LAYOUT), found, &LAYOUT, &rewrite)
}

fn id_of(slot: &str) -> SysId {
    SysId::from_bytes([slot.len() as u8; 16])
}

/// An instance: what the interpreter and the simulator do together.
fn run(list: Vec<Step>, found: &mut Found) {
    for step in list {
        match step {
            Step::Create { slot, cells, .. } => {
                let mut row = Record::default();
                row.0.insert("sys_id".to_owned(), id_of(slot).to_string());
                for name in LAYOUT.record(slot).unwrap().readable() {
                    row.0.insert(name.to_owned(), String::new());
                }
                row.0.insert("path".to_owned(), "calculated".to_owned());
                found.insert(slot, row);
                fill(slot, &cells, found);
            }
            Step::Update { slot, cells, .. } => fill(slot, &cells, found),
            Step::WriteSecrets { slot, .. } => assert!(found.contains_key(slot)),
            Step::Delete { slot, .. } => {
                found.remove(slot);
            }
        }
    }
}

fn fill(slot: &'static str, cells: &std::collections::BTreeMap<&'static str, Cell>, found: &mut Found) {
    for (name, cell) in cells {
        let text = match cell {
            Cell::Slot(other) => found[other].text("sys_id").to_owned(),
            other => other.text().unwrap(),
        };
        found.get_mut(slot).unwrap().0.insert((*name).to_owned(), text);
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
        matches!(&list[0], Step::Create { slot: "credential", cells, .. } if !cells.contains_key("pass"))
    );
    assert!(
        matches!(&list[1], Step::WriteSecrets { slot: "credential", cells, .. } if cells["pass"].expose() == "secret")
    );
    let Step::Create { slot: "connection", cells, .. } = &list[2] else { panic!("{list:?}") };
    assert_eq!(cells["on"].text().as_deref(), Some("false"));
    assert_eq!(cells["cred"], Cell::Slot("credential"));
    assert_eq!(cells["kind"], Cell::Text("http_connection".into()));
    assert!(!cells.contains_key("path"), "calculated columns are never written");
}

#[test]
fn what_is_applied_is_read_back_and_settles() {
    let found = created();
    let state = lift(&LAYOUT, &found, &planned());
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
    let mut wanted = lift(&LAYOUT, &found, &planned());
    wanted.insert("name".into(), Value::string("Payments"));
    let list = todo(&wanted, &found, &[]);
    assert!(matches!(&list[..], [Step::Update { cells, .. }] if cells.keys().eq([&"label"])), "{list:?}");
}

#[test]
fn a_new_version_writes_the_secret_and_nothing_else() {
    let found = created();
    let list = todo(&planned(), &found, &["pass"]);
    assert!(matches!(&list[..], [Step::WriteSecrets { slot: "credential", .. }]), "{list:?}");
}

#[test]
fn switching_on_is_never_a_plain_write_and_switching_off_is() {
    let mut found = created();
    let mut wanted = planned();
    wanted.insert("active".into(), Value::Bool(true));
    assert_eq!(todo(&wanted, &found, &[]), []);
    found.get_mut("connection").unwrap().0.insert("on".into(), "true".into());
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
    let [Step::Update { cells, .. }, Step::Delete { slot: "credential", .. }] = &list[..] else {
        panic!("{list:?}")
    };
    assert_eq!(cells["cred"], Cell::Text(String::new()));
}

#[test]
fn null_and_empty_keep_the_form_that_the_user_wrote() {
    let mut found = created();
    for (column, text) in [("label", ""), ("tags", ""), ("rank", "1,000")] {
        found.get_mut("connection").unwrap().0.insert(column.into(), text.into());
    }
    let mut before = planned();
    before.insert("name".into(), Value::Null);
    before.insert("tag_ids".into(), Value::Null);
    let state = lift(&LAYOUT, &found, &before);
    assert_eq!((&state["name"], &state["tag_ids"]), (&Value::Null, &Value::Null));
    assert_eq!(state["order"], Value::Number(1000_i64.into()));
    before.insert("name".into(), Value::string(""));
    before.insert("tag_ids".into(), Value::set(vec![]));
    let state = lift(&LAYOUT, &found, &before);
    assert_eq!((&state["name"], &state["tag_ids"]), (&Value::string(""), &Value::set(vec![])));
}

#[test]
fn a_column_that_is_hidden_is_neither_compared_nor_forgotten() {
    let mut found = created();
    let state = lift(&LAYOUT, &found, &planned());
    found.get_mut("connection").unwrap().0.remove("label");
    assert_eq!(lift(&LAYOUT, &found, &state)["name"], Value::string("Orders"));
    assert_eq!(hidden(&LAYOUT, &found), [("t_connection", "label")]);
    assert_eq!(todo(&state, &found, &[]), []);
}

#[test]
fn a_secret_is_not_in_what_is_printed_nor_in_what_is_lifted() {
    let list = format!("{:?}", todo(&planned(), &Found::new(), &[]));
    assert!(!list.contains("\"secret\""), "{list}");
    assert_eq!(lift(&LAYOUT, &created(), &config())["password_wo"], Value::Null);
}
