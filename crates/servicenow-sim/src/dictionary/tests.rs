//! The dictionary agrees with itself and with what is known of the platform.

use super::*;

fn native() -> Arc<Dictionary> {
    Dictionary::native().unwrap()
}

fn with_applications() -> Arc<Dictionary> {
    let names: Vec<String> = APPLICATIONS.iter().map(|it| it.name.to_owned()).collect();
    Dictionary::open(&names, &[]).unwrap()
}

#[test]
fn every_reference_points_to_a_table_that_is_modelled() {
    for dictionary in [native(), with_applications()] {
        for table in dictionary.tables() {
            for column in &table.columns {
                let known = column.reference.as_ref().is_none_or(|it| dictionary.table(it).is_some());
                assert!(known, "{}.{} refers to {:?}", table.name, column.name, column.reference);
            }
        }
    }
}

#[test]
fn no_table_has_a_column_twice_and_every_default_of_a_choice_is_a_choice() {
    for table in with_applications().tables() {
        for column in &table.columns {
            let same = table.columns.iter().filter(|it| it.name == column.name).count();
            assert_eq!(same, 1, "{}.{}", table.name, column.name);
            let choice = column.choices.iter().any(|(value, _)| *value == column.default);
            assert!(column.kind != ColumnKind::Choice || column.default.is_empty() || choice);
        }
    }
}

#[test]
fn a_child_table_has_the_columns_of_its_ancestors() {
    let dictionary = native();
    let http = dictionary.table("http_connection").unwrap();
    assert_eq!(http.lineage, ["http_connection", "sys_connection"]);
    for column in ["sys_id", "sys_mod_count", "connection_alias", "protocol"] {
        assert!(http.column(column).is_some(), "{column}");
    }
    assert!(dictionary.table("sys_connection").unwrap().column("protocol").is_none());
    assert!(dictionary.table("sys_connection").unwrap().family.contains(&"http_connection".to_owned()));
}

#[test]
fn passwords_are_known_as_secrets() {
    let secret_columns = native().secret_columns();
    for column in ["password", "user_password"] {
        assert!(secret_columns.contains(&column.to_owned()), "{column}");
    }
}

#[test]
fn a_description_can_take_a_column_away_as_an_older_release_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("older.json");
    std::fs::write(&path, r#"{"tables": [{"name": "sys_connection", "without": ["use_mid"]}]}"#).unwrap();
    let older = Dictionary::open(&[], &[path]).unwrap();
    for table in ["sys_connection", "http_connection"] {
        assert!(native().table(table).unwrap().column("use_mid").is_some(), "{table}");
        assert!(older.table(table).unwrap().column("use_mid").is_none(), "{table}");
    }
}
