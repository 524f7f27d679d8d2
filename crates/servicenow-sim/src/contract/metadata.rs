//! Section 7: the tables that describe tables, and what is added to them.

use super::*;

#[test]
fn a7_a_column_is_described_with_the_names_of_its_type_and_table() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let target = "/api/now/table/sys_dictionary?sysparm_query=name=sys_connection^element=credential&sysparm_exclude_reference_link=true";
    let row = &admin.json(Method::Get, target, "")["result"][0];
    for (column, value) in [
        ("internal_type", "reference"),
        ("reference", "discovery_credentials"),
        ("mandatory", "false"),
        ("active", "true"),
    ] {
        assert_eq!(row[column], value, "{column}");
    }
    let target = "/api/now/table/sys_dictionary?sysparm_query=name=sys_connection^internal_type=collection";
    assert_eq!(admin.column(target, "element"), [""]);
}

#[test]
fn a7_an_inherited_column_is_described_at_its_own_table_only() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let described = |table: &str, element: &str| {
        let query = format!("name={table}^element={element}");
        admin.column(&format!("/api/now/table/sys_dictionary?sysparm_query={query}"), "name").len()
    };
    for (table, element, count) in [
        ("http_connection", "host", 1),
        ("http_connection", "credential", 0),
        ("sys_connection", "credential", 1),
    ] {
        assert_eq!(described(table, element), count, "{table}.{element}");
    }
}

#[test]
fn a7_choices_are_described_with_labels_in_order() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let target =
        "/api/now/table/sys_choice?sysparm_query=name=sys_alias^element=connection_type^ORDERBYsequence";
    assert_eq!(admin.column(target, "label"), ["HTTP", "JDBC", "Basic", "JMS", "Kafka"]);
    assert_eq!(admin.column(target, "language"), ["en"; 5]);
}

#[test]
fn a7_nobody_writes_what_describes_tables() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for table in ["sys_db_object", "sys_dictionary", "sys_glide_object", "sys_audit"] {
        assert_eq!(admin.status(Method::Post, &format!("/api/now/table/{table}"), "{}"), 403, "{table}");
    }
}

#[test]
fn a7_tables_columns_and_rows_can_be_added_from_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tables.json");
    let document = json!({
        "tables": [
            {"name": "x_acme_order", "label": "Order", "extends": "task", "columns": [
                "amount | Amount | decimal",
                {"name": "channel", "label": "Channel", "type": "choice", "max_length": 40, "default": "web shop", "choices": [["web shop", "Web shop"]]}
            ]},
            {"name": "http_connection", "columns": ["u_owner | Owner | reference sys_user"]}
        ],
        "rows": {"x_acme_order": [{"number": "ORD1", "opened_by": "@sys_user/nobody"}]}
    });
    std::fs::write(&file, document.to_string()).unwrap();
    let options = Options { fixture: Fixture::Empty, tables: vec![file.clone()], ..Options::default() };
    let simulator = Simulator::open(options.clone()).unwrap();
    let admin = Asking::administrator(&simulator);
    assert_eq!(
        admin.column("/api/now/table/task", "number"),
        ["ORD1"],
        "the row is seen through its base table"
    );
    let order = admin.make("x_acme_order", &json!({"amount": "1.5"}));
    assert_eq!(admin.stored("x_acme_order", &order, "channel"), "web shop");
    let connection = admin.make("http_connection", &json!({"name": "blue", "u_owner": "a"}));
    assert_eq!(admin.stored("http_connection", &connection, "u_owner"), "a");
    std::fs::write(&file, r#"{"tables":[{"name":"x","extends":"missing"}]}"#).unwrap();
    let error = Simulator::open(options).unwrap_err();
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(format!("{error}: {cause}").contains("`x` extends a table that is missing"), "{error}: {cause}");
}

#[test]
fn a7_a_line_that_describes_no_column_says_why() {
    for (line, reason) in [
        ("name | Name", "fewer than three parts"),
        ("name | Name | strung", "no type `strung`"),
        ("name | Name | string | loud", "no flag `loud`"),
        ("name | Name | choice |  | a", "has no label"),
    ] {
        let error = crate::dictionary::Column::parse(line).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let column = crate::dictionary::Column::parse(
        "a | A | reference sys_user 32 | mandatory unique =x on_delete_restrict | 1: one; 2: two",
    )
    .unwrap();
    assert_eq!((column.max_length, column.reference.as_deref()), (Some(32), Some("sys_user")));
    assert!(column.mandatory && column.unique && column.default == "x" && column.choices.len() == 2);
}

#[test]
fn a7_an_unknown_application_names_those_there_are() {
    let options = Options { applications: vec!["unify".into()], ..Options::default() };
    let error = Simulator::open(options).unwrap_err();
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(format!("{error}: {cause}").contains("unifi, connect_hub"), "{error}: {cause}");
}

#[test]
fn a7_rows_that_come_with_the_instance_come_once() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data.db");
    let open = || {
        Simulator::open(Options {
            data: Some(data.clone()),
            fixture: Fixture::Empty,
            password: Some("same".into()),
            ..Options::default()
        })
        .unwrap()
    };
    let simulator = open();
    let admin = Asking::administrator(&simulator);
    let policies = simulator.rows("sys_retry_policy").len();
    admin.delete("sys_retry_policy", "ef751ff07301330025d71afe2ff6a7f9");
    drop(simulator);
    assert_eq!(open().rows("sys_retry_policy").len(), policies - 1, "what was deleted stays away");
}

#[test]
fn a7_a_refused_write_leaves_the_tables_that_it_touched_usable() {
    let simulator = open_empty(&[("one_active_rule", "refuse")]);
    let admin = Asking::administrator(&simulator);
    let values = |name: &str| json!({"name": name, "connection_alias": "deaddeaddeaddeaddeaddeaddeaddead"});
    admin.make("sys_connection", &values("a"));
    // The table of this class comes into being in a transaction that is undone.
    assert!(!admin.refusal("http_connection", &values("b")).is_empty());
    admin.make("http_connection", &json!({"name": "c"}));
    assert_eq!(simulator.rows("sys_connection").len(), 2);
}
