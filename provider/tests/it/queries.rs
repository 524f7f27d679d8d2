//! Queries against a parser that has never seen our encoder: whatever a value holds, the answer holds the rows with that
//! value and no others.

use proptest::prelude::*;
use servicenow_core::table_api::{self, Page};
use servicenow_core::{Query, Record, TableName};
use servicenow_sim::Simulator;

use crate::world::empty;

/// Values that a query would like to trip over.
const TRICKY: &[&str] = &[
    "plain",
    "a,b",
    "a=b",
    "=",
    "!=x",
    "ORDERBYname",
    "NQname=plain",
    "ORname=plain",
    "INplain",
    "ISEMPTY",
    "LIKEa",
    "x javascript:gs.getUserID()",
    "100%",
    "it's",
    "a\"b",
    "a\\b",
    "ä ö",
    "a@b",
    ";--",
    "%",
    "_",
];

fn instance() -> Simulator {
    let simulator = empty();
    for (number, name) in TRICKY.iter().enumerate() {
        let cells =
            [("name".to_owned(), (*name).to_owned()), ("user_name".to_owned(), "u".to_owned())].into();
        let write = table_api::Write {
            cells: &cells,
            columns: &[],
            style: servicenow_core::WriteStyle::ActualValues,
        };
        let id = format!("{number:032x}").parse().unwrap();
        let mut request = table_api::create(&table(), &id, write);
        request.headers.push(simulator.authorization());
        assert_eq!(simulator.answer(&request).status, 201, "{name}");
    }
    simulator
}

fn table() -> TableName {
    "basic_auth_credentials".parse().unwrap()
}

fn names(simulator: &Simulator, query: &Query) -> Vec<String> {
    let mut request = table_api::list(&table(), query, &["name"], Page { limit: 1_000, offset: 0 });
    request.headers.push(simulator.authorization());
    let response = simulator.answer(&request);
    assert_eq!(response.status, 200);
    let json: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    let rows = json["result"].as_array().unwrap().iter().map(Record::from_json);
    rows.map(|it| it.text("name").to_owned()).collect()
}

fn same(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

#[test]
fn every_value_that_is_accepted_finds_its_own_row_alone() {
    let simulator = instance();
    for name in TRICKY {
        let Ok(query) = Query::new().equals("name", name) else { panic!("{name} is legal") };
        assert_eq!(names(&simulator, &query), [*name], "{name}");
        let others = Query::new().not_equals("name", name).unwrap();
        assert_eq!(names(&simulator, &others).len(), TRICKY.len() - 1, "{name}");
        if !name.contains(',') {
            let query = Query::new().is_in("name", &[*name, "no such name"]).unwrap();
            assert_eq!(names(&simulator, &query), [*name], "{name}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_value_brings_a_row_that_was_not_asked_for(
        value in prop_oneof![any::<String>(), "[a-z^=,%_ORINQ!<>@:]{0,12}", prop::sample::select(TRICKY).prop_map(str::to_owned)],
    ) {
        thread_local! {
            static INSTANCE: Simulator = instance();
        }
        INSTANCE.with(|simulator| {
            if let Ok(query) = Query::new().equals("name", &value) {
                let expected = TRICKY.iter().filter(|it| same(it, &value)).count();
                let found = names(simulator, &query);
                prop_assert!(found.iter().all(|it| same(it, &value)), "{value:?} brought {found:?}");
                prop_assert_eq!(found.len(), expected, "{:?}", value);
            }
            if let Ok(query) = Query::new().is_in("name", &[value.as_str(), "plain"]) {
                let found = names(simulator, &query);
                prop_assert!(found.iter().all(|it| same(it, &value) || it == "plain"), "{value:?} brought {found:?}");
            }
            Ok(())
        })?;
    }
}
