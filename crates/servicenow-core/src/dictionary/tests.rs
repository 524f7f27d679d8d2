//! Descriptions of tables from rows, and the columns that they lack.

use proptest::prelude::*;

use super::*;

fn row(cells: &[(&str, &str)]) -> Record {
    Record::of(cells.iter().copied())
}

fn column(table: &str, element: &str, more: &[(&str, &str)]) -> Record {
    let usual = [("name", table), ("element", element), ("internal_type", "string")];
    Record::of(usual.iter().chain(more).copied())
}

fn rows() -> Vec<Record> {
    vec![
        row(&[("name", "http_connection"), ("element", ""), ("internal_type", "collection")]),
        column("http_connection", "use_mid", &[("internal_type", "boolean"), ("default_value", "false")]),
        column("http_connection", "name", &[("max_length", "40")]),
        column("http_connection", "old", &[("active", "false")]),
        column("sys_connection", "sys_id", &[]),
        column("sys_connection", "name", &[("max_length", "100")]),
        column("sys_connection", "credential", &[("read_only", "true")]),
        column("sys_connection", "connection_url", &[]),
        column("sys_connection", "mid_selection", &[("choice", "3")]),
        column("sys_connection", "mood", &[("choice", "2")]),
        column("sys_alias", "parent", &[]),
    ]
}

fn described() -> Description {
    Description::new(vec!["http_connection".to_owned(), "sys_connection".to_owned()], &rows()).unwrap()
}

#[test]
fn a_table_has_its_own_columns_and_the_inherited_ones() {
    let description = described();
    let name = description.column("name").unwrap();
    assert_eq!(name.length_max, Some(40), "what the table says counts more than what its ancestor says");
    assert!(description.column("credential").unwrap().is_read_only);
    assert_eq!(description.column("use_mid").unwrap().default, "false");
    assert!(description.column("mid_selection").unwrap().takes_choices_only);
    assert!(!description.column("mood").unwrap().takes_choices_only, "a suggestion is no bound");
    for other in ["parent", "old", ""] {
        assert_eq!(description.column(other), None, "{other}");
    }
}

#[test]
fn rows_that_are_not_all_there_describe_nothing() {
    let lineage = vec!["http_connection".to_owned()];
    assert_eq!(Description::new(lineage.clone(), &rows()), None, "`sys_id` is among the hidden ones");
    assert_eq!(Description::new(lineage, &[]), None);
}

#[track_caller]
fn check(name: &str, expected: Option<&[&str]>) {
    let missing = described().missing(&[name]);
    let similar: Option<Vec<&str>> =
        missing.first().map(|it| it.similar.iter().map(String::as_str).collect());
    assert_eq!(similar.as_deref(), expected, "{name}");
}

#[test]
fn a_missing_column_is_named_with_those_like_it() {
    check("name", None);
    check("credential", None);
    check("credential.name", None);
    check("connection_uri", Some(&["connection_url"]));
    check("credentials", Some(&["credential"]));
    check("use_mid_server", Some(&["use_mid", "mid_selection"]));
    check("url", Some(&["connection_url"]));
    check("zzz", Some(&[]));
}

proptest! {
    #[test]
    fn a_column_of_the_table_is_never_missing(names in proptest::collection::vec("[a-z_]{1,12}", 0..5)) {
        let description = described();
        for missing in description.missing(&names) {
            prop_assert_eq!(description.column(&missing.column), None);
        }
    }
}
