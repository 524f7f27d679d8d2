//! Rendering, refusing, re-checking, and the property that a value cannot change a query.

use proptest::prelude::*;

use super::*;

fn check(query: Result<Query, QueryError>, expected: &str) {
    assert_eq!(query.unwrap().render(), expected);
}

fn row(cells: &[(&str, &str)]) -> Record {
    Record::of(cells.iter().copied())
}

#[test]
fn conditions_and_orders_are_written_in_the_platforms_encoding() {
    check(Ok(Query::new()), "");
    check(Query::new().equals("name", "a b"), "name=a b");
    check(Query::new().equals("name", ""), "nameISEMPTY");
    check(Query::new().not_equals("active", "true"), "active!=true");
    check(Query::new().not_equals("parent", ""), "parentISNOTEMPTY");
    check(Query::new().is_empty("parent"), "parentISEMPTY");
    check(Query::new().is_in("sys_id", &["a", "b"]), "sys_idINa,b");
    check(Query::new().order_by("name"), "ORDERBYname");
    check(Query::new().comes_after("sys_id", "ab"), "sys_id>ab");
    check(Query::new().comes_before("sys_id", "ab"), "sys_id<ab");
    check(Query::new().not_before("sys_updated_on", "2026-01-31"), "sys_updated_on>=2026-01-31");
    check(Query::new().equals("connection_alias.name", "x"), "connection_alias.name=x");
    let query = Query::new()
        .equals("a", "1")
        .and_then(|it| it.equals("b", "2"))
        .and_then(|it| it.or_equals("b", "3"));
    check(
        query.and_then(|it| it.order_by("a")).and_then(|it| it.order_by("b")),
        "a=1^b=2^ORb=3^ORDERBYa^ORDERBYb",
    );
}

#[test]
fn what_cannot_be_expressed_is_refused_with_a_way_out() {
    for value in [
        "a^b",
        "^",
        "a^ORb=c",
        "^NQactive=true",
        "javascript:gs.getUserID()",
        " \tJavaScript:gs.sleep(1)",
        "\u{a0}JAVASCRIPT:x",
        "a\nb",
        "a\u{0}b",
        "a\u{85}b",
    ] {
        let query = || Query::new().equals("name", "a").unwrap();
        for refused in [
            query().equals("name", value),
            query().not_equals("name", value),
            query().or_equals("name", value),
            query().is_in("name", &["x", value]),
            query().comes_after("name", value),
        ] {
            assert!(refused.unwrap_err().reason.contains("sys_id"), "{value:?}");
        }
    }
    for items in [vec![], vec!["a", ""], vec!["a", " "], vec!["a,b"]] {
        assert!(Query::new().is_in("name", &items).is_err(), "{items:?}");
    }
    // `name>=b` would be another operator, and after nothing comes everything.
    for value in ["=b", "=", "", " "] {
        assert!(Query::new().comes_after("name", value).is_err(), "{value:?}");
        assert!(Query::new().comes_before("name", value).is_err(), "{value:?}");
    }
    assert!(Query::new().or_equals("name", "a").unwrap_err().reason.contains("before it"));
}

#[test]
fn values_that_only_look_dangerous_are_allowed() {
    for value in ["a,b", "a=b", "ORDERBYname", "x javascript:y", "ÄÖ", "a@b", "100%", "javascripts"] {
        check(Query::new().equals("name", value), &format!("name={value}"));
    }
}

#[test]
fn a_column_is_a_name_and_nothing_else() {
    for column in ["", "Name", "a b", "a^b", "a=", ".a", "a.", "a..b", "aISEMPTY", "a-b", "ä"] {
        assert!(Query::new().equals(column, "x").is_err(), "{column}");
        assert!(Query::new().order_by(column).is_err(), "{column}");
    }
}

#[test]
fn a_row_is_held_against_the_question() {
    let orders = row(&[("name", "Orders "), ("active", "true"), ("parent", ""), ("alias.name", "b")]);
    for (query, expected) in [
        (Query::new().equals("name", "orders"), true),
        (Query::new().equals("name", "order"), false),
        (Query::new().equals("active", "1"), true),
        (Query::new().not_equals("active", "true"), false),
        (Query::new().not_equals("name", "x"), true),
        (Query::new().is_in("name", &["x", "ORDERS"]), true),
        (Query::new().is_in("name", &["x"]), false),
        (Query::new().comes_before("name", "ORDERR"), false),
        (Query::new().comes_before("name", "ordert"), true),
        (Query::new().not_before("name", "ORDERR"), true),
        (Query::new().not_before("name", "ordert"), false),
        (Query::new().comes_after("name", "ORDERR"), true),
        (Query::new().comes_after("name", "ordert"), false),
        (Query::new().is_empty("parent"), true),
        (Query::new().is_empty("name"), false),
        (Query::new().not_equals("parent", ""), false),
        (Query::new().equals("name", "x").and_then(|it| it.or_equals("name", "orders")), true),
        (Query::new().equals("name", "orders").and_then(|it| it.equals("active", "false")), false),
        (Query::new().equals("alias.name", "a"), false),
        (Query::new().equals("alias.parent", "a"), true),
        (Ok(Query::new()), true),
    ] {
        let query = query.unwrap();
        assert_eq!(query.matches(&orders), expected, "{}", query.render());
    }
}

#[test]
fn a_row_without_a_column_that_was_asked_about_shows_a_dropped_condition() {
    let query = Query::new().equals("name", "a").and_then(|it| it.is_empty("bogus")).unwrap();
    assert_eq!(query.unmet(&row(&[("name", "a")])), Some("bogus"));
}

#[test]
fn every_column_in_a_condition_is_named_once() {
    let query = Query::new()
        .equals("b", "1")
        .and_then(|it| it.or_equals("a", "1"))
        .and_then(|it| it.equals("b", "2"));
    assert_eq!(query.unwrap().columns(), ["b", "a"]);
}

/// A reader of encoded queries that knows only how they are separated, as the platform splits them before anything else.
fn parts(rendered: &str) -> Vec<&str> {
    rendered.split('^').collect()
}

proptest! {
    #[test]
    fn a_value_that_is_accepted_never_changes_the_structure(value in any::<String>(), other in "[ -~]{0,12}") {
        let query = Query::new()
            .equals("name", &value)
            .and_then(|it| it.or_equals("name", &other))
            .and_then(|it| it.not_equals("type", &value))
            .and_then(|it| it.order_by("name"));
        if let Ok(query) = query {
            let rendered = query.render();
            let parts = parts(&rendered);
            prop_assert_eq!(parts.len(), 4);
            prop_assert!(parts[0].starts_with("name=") || parts[0] == "nameISEMPTY");
            prop_assert!(parts[1].starts_with("ORname=") || parts[1] == "ORnameISEMPTY");
            prop_assert!(parts[2].starts_with("type!=") || parts[2] == "typeISNOTEMPTY");
            prop_assert_eq!(parts[3], "ORDERBYname");
            prop_assert!(!rendered.to_lowercase().contains("=javascript:"));
        }
    }

    #[test]
    fn a_list_that_is_accepted_has_as_many_items_as_were_given(items in prop::collection::vec("[ -~]{0,6}", 0..5)) {
        if let Ok(query) = Query::new().is_in("sys_id", &items) {
            let rendered = query.render();
            let list = rendered.strip_prefix("sys_idIN").expect("the operator");
            prop_assert_eq!(list.split(',').collect::<Vec<_>>(), items.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(parts(&rendered).len(), 1);
        }
    }

    #[test]
    fn a_row_that_holds_the_value_meets_the_question(value in any::<String>()) {
        if let Ok(query) = Query::new().equals("name", &value) {
            prop_assert!(query.matches(&row(&[("name", &value)])));
        }
    }
}

#[test]
fn what_somebody_wrote_goes_beside_other_conditions() {
    for (written, expected, columns) in [
        ("active=true", "name=a^active=true", &["name", "active"][..]),
        ("active=true^ORorder>5", "name=a^active=true^ORorder>5", &["name", "active", "order"]),
        (
            "order=1^NQorder=2^ORparent.id=x",
            "name=a^order=1^NQname=a^order=2^ORparent.id=x",
            &["name", "order", "parent.id"],
        ),
        ("ORDERBYDESCorder^order=1^EQ", "name=a^order=1^ORDERBYDESCorder", &["name", "order"]),
        ("ORDERBYname", "name=a^ORDERBYname", &["name"]),
        ("^^order=1^", "name=a^order=1", &["name", "order"]),
        ("123TEXTQUERY321=word", "name=a^123TEXTQUERY321=word", &["name"]),
        ("orderNOT IN1,2", "name=a^orderNOT IN1,2", &["name", "order"]),
        ("nameISEMPTY", "name=a^nameISEMPTY", &["name"]),
        ("", "name=a", &["name"]),
        ("NQ", "name=a", &["name"]),
    ] {
        let query = Query::new().equals("name", "a").unwrap().encoded(written).unwrap();
        assert_eq!(query.render(), expected, "{written}");
        assert_eq!(query.columns(), columns, "{written}");
    }
    assert_eq!(Query::new().encoded("a=1^NQb=2").unwrap().render(), "a=1^NQb=2");
}

#[test]
fn what_somebody_wrote_is_refused_where_it_could_not_be_sent() {
    assert!(Query::new().encoded("name=a\nactive=true").is_err());
    assert!(Query::new().encoded("name=a").unwrap().encoded("name=b").is_err());
}

#[test]
fn a_row_without_a_column_that_somebody_asked_about_does_not_match() {
    let row = |columns: &[&str]| Record::of(columns.iter().map(|it| (*it, "x")));
    let query = Query::new().encoded("name=a^ORparent.id=x").unwrap();
    assert_eq!(query.unmet(&row(&["name", "parent.id"])), None);
    assert_eq!(query.unmet(&row(&["name"])), Some("parent.id"));
    assert_eq!(query.unmet(&row(&["parent.id"])), Some("name"));
}

#[test]
fn a_list_column_is_asked_whether_it_holds_an_id() {
    let query = Query::new().contains("tag", "ab12").unwrap();
    assert_eq!(query.render(), "tagLIKEab12");
    for (stored, expected) in [("AB12", true), ("cd34,ab12", true), ("cd34", false), ("", false)] {
        let row = Record::of([("tag", stored)]);
        assert_eq!(query.matches(&row), expected, "{stored}");
    }
    assert!(Query::new().contains("tag", "").is_err());
    assert!(Query::new().contains("tag", "a^b").is_err());
}
