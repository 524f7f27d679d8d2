//! One record of any table: its named columns are owned, compared by their type, and all others left alone.

use std::collections::BTreeMap;

use servicenow_core::Method;
use tf_core::{Object, Value};

use crate::catalogue::{id, world};
use crate::doubts::{instance, person};
use crate::world::{World, attribute, config, errors, text, warnings};

const RECORD: &str = "servicenow_record";

fn fields(pairs: &[(&str, &str)]) -> Value {
    Value::Map(pairs.iter().map(|(name, value)| ((*name).to_owned(), Value::string(*value))).collect())
}

fn record(world: &World, table: &str, pairs: &[(&str, &str)]) -> Object {
    config(world, RECORD, &[("table", text(table)), ("fields", fields(pairs))])
}

fn rows(world: &World, table: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    world.rows(table, "sys_id")
}

#[tokio::test]
async fn a_requested_item_is_created_changed_and_removed_by_its_named_columns() {
    let world = world().await;
    let three = [("short_description", "A keyboard"), ("quantity", "2"), ("priority", "3")];
    let config = record(&world, "sc_req_item", &three);
    let state = world.put(RECORD, None, &config).await;
    let row = rows(&world, "sc_req_item")[&attribute(&state, "id")].clone();
    assert_eq!((row["quantity"].as_str(), row["short_description"].as_str()), ("2", "A keyboard"));
    assert_eq!(world.drift(RECORD, &state, &config).await, Vec::<String>::new());
    let path = format!("/api/now/table/sc_req_item/{}", attribute(&state, "id"));
    world.hand(Method::Patch, &path, r#"{"description":"by hand"}"#);
    assert_eq!(world.drift(RECORD, &state, &config).await, Vec::<String>::new(), "it is nobody's business");
    world.hand(Method::Patch, &path, r#"{"quantity":"5"}"#);
    assert_eq!(world.drift(RECORD, &state, &config).await, ["fields"]);
    let (read, _) = world.refresh(RECORD, &state).await;
    let journal = world.writes().len();
    let state = world.put(RECORD, read.as_ref(), &config).await;
    assert_eq!(world.writes().split_off(journal), [format!("PATCH {path}")]);
    let row = rows(&world, "sc_req_item")[&attribute(&state, "id")].clone();
    assert_eq!((row["quantity"].as_str(), row["description"].as_str()), ("2", "by hand"));
    assert_eq!(world.delete(RECORD, &state).await.0, None);
    assert_eq!(rows(&world, "sc_req_item").len(), 0);
}

#[tokio::test]
async fn other_spellings_of_what_the_column_holds_are_no_change() {
    let world = world().await;
    let (one, other) = (id("mid"), id("mid2"));
    let list = format!("{one},{other}");
    let turned = format!("{other},{one}");
    let written = [("name", "x"), ("active", "1"), ("order", "0100"), ("mid_list", list.as_str())];
    let config = record(&world, "basic_auth_credentials", &written);
    let (state, problems) = world.apply(RECORD, None, &config).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    let state = state.unwrap();
    assert_eq!(world.drift(RECORD, &state, &config).await, Vec::<String>::new());
    let respelt = [("name", "x"), ("active", "true"), ("order", "100"), ("mid_list", turned.as_str())];
    let other = record(&world, "basic_auth_credentials", &respelt);
    assert_eq!(world.drift(RECORD, &state, &other).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_column_that_is_not_named_any_more_keeps_what_it_holds() {
    let world = world().await;
    let state = world
        .put(RECORD, None, &record(&world, "incident", &[("category", "network"), ("urgency", "2")]))
        .await;
    let less = record(&world, "incident", &[("urgency", "2")]);
    assert_eq!(world.drift(RECORD, &state, &less).await, Vec::<String>::new());
    let writes = world.writes().len();
    world.put(RECORD, Some(&state), &less).await;
    assert_eq!(world.writes().len(), writes);
    assert_eq!(rows(&world, "incident")[&attribute(&state, "id")]["category"], "network");
}

#[tokio::test]
async fn an_unknown_column_and_an_unknown_table_are_errors_before_any_write() {
    let world = world().await;
    let (state, problems) =
        world.apply(RECORD, None, &record(&world, "incident", &[("category_name", "x")])).await;
    let problem = &errors(&problems)[0];
    assert!(
        state.is_none()
            && problem.contains("`category_name`")
            && problem.contains("has no such column of")
            && problem.contains("`category`"),
        "{problem}"
    );
    assert!(world.simulator.rows("incident").is_empty());
    let (state, problems) = world.apply(RECORD, None, &record(&world, "no_such_table", &[("a", "x")])).await;
    assert!(state.is_none() && errors(&problems)[0].contains("no_such_table"), "{problems:?}");
}

/// The errors of a plan of a new record, or of a change of one.
async fn planned(world: &World, prior: Option<&tf_plugin::State>, config: &Object) -> Vec<String> {
    errors(&world.plan(RECORD, prior, config).await.2)
}

#[tokio::test]
async fn what_the_instance_does_not_have_is_an_error_of_the_plan_with_similar_names() {
    let world = world().await;
    let said = planned(&world, None, &record(&world, "sc_req_itm", &[("quantity", "2")])).await;
    let [error] = &said[..] else { panic!("{said:?}") };
    assert!(error.contains("`sc_req_itm`") && error.contains("it holds `sc_req_item`"), "{error}");
    // One table that is not there says nothing about the others.
    let wrong =
        record(&world, "sc_req_item", &[("quantitty", "2"), ("short_description", "x"), ("proprity", "3")]);
    let said = planned(&world, None, &wrong).await;
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(said[1].contains("`quantitty`") && said[1].contains("`quantity`"), "{said:?}");
    let mut secret = record(&world, "basic_auth_credentials", &[("name", "x")]);
    secret.insert("fields_wo".to_owned(), fields(&[("pasword", "x")]));
    let said = planned(&world, None, &secret).await;
    assert!(said[0].contains("`fields_wo` names `pasword`") && said[0].contains("`password`"), "{said:?}");
    let state = world.put(RECORD, None, &record(&world, "sc_req_item", &[("quantity", "2")])).await;
    assert_eq!(planned(&world, Some(&state), &wrong).await.len(), 2);
    assert_eq!(world.simulator.rows("sc_req_item").len(), 1);
}

#[tokio::test]
async fn what_is_not_known_yet_is_no_error_of_the_plan() {
    let world = world().await;
    let mut open = record(&world, "sc_req_item", &[("quantity", "2")]);
    open.insert("table".to_owned(), Value::unknown());
    assert_eq!(planned(&world, None, &open).await, Vec::<String>::new());
    let mut open = record(&world, "sc_req_item", &[]);
    open.insert("fields".to_owned(), Value::unknown());
    assert_eq!(planned(&world, None, &open).await, Vec::<String>::new());
    let named = Value::Map([("quantitty".to_owned(), Value::unknown())].into());
    open.insert("fields".to_owned(), named);
    assert_eq!(planned(&world, None, &open).await.len(), 1, "the name is known");
}

#[tokio::test]
async fn a_table_that_the_same_plan_makes_is_no_error_of_the_plan() {
    let world = world().await;
    let made = record(&world, "sys_db_object", &[("name", "u_parcel"), ("label", "Parcel")]);
    let parcel = record(&world, "u_parcel", &[("u_weight", "2")]);
    assert_eq!(planned(&world, None, &parcel).await.len(), 1);
    let (_, _, problems) = world.plan(RECORD, None, &made).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    let (_, _, problems) = world.plan_beside(RECORD, None, &parcel).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
}

#[tokio::test]
async fn where_the_dictionary_may_not_be_read_the_plan_says_nothing() {
    let world =
        World::signed_in_as(instance(r#"{"tables": []}"#, &[person(&["itil"])]), "integration", "planted");
    assert!(!world.configure().await.has_errors());
    for (table, column) in [("incident", "categry"), ("incidnt", "category")] {
        assert_eq!(
            planned(&world, None, &record(&world, table, &[(column, "x")])).await,
            Vec::<String>::new()
        );
    }
}

fn with_json(world: &World, pairs: &[(&str, &str)], json: &str) -> Object {
    let mut config = record(world, "sc_req_item", pairs);
    config.insert("fields_json".to_owned(), text(json));
    config
}

#[tokio::test]
async fn values_of_json_are_written_as_texts_and_other_spellings_are_no_change() {
    let world = world().await;
    let json = r#"{"quantity": 2, "active": true, "description": {"size": [1, 2], "tall": false}, "comments": null}"#;
    let config = with_json(&world, &[("short_description", "A keyboard")], json);
    let state = world.put(RECORD, None, &config).await;
    let row = rows(&world, "sc_req_item")[&attribute(&state, "id")].clone();
    let held =
        ["quantity", "active", "description", "comments", "short_description"].map(|it| row[it].as_str());
    assert_eq!(held, ["2", "true", r#"{"size":[1,2],"tall":false}"#, "", "A keyboard"]);
    for other in [
        json,
        r#"{"active":true,"comments":null,"description":{"tall":false,"size":[1,2]},"quantity":2}"#,
        r#"{"active":"1","comments":"","description":{"size":[1.0,2],"tall":false},"quantity":"2"}"#,
    ] {
        let config = with_json(&world, &[("short_description", "A keyboard")], other);
        assert_eq!(world.drift(RECORD, &state, &config).await, Vec::<String>::new(), "{other}");
    }
}

#[tokio::test]
async fn a_change_by_hand_of_a_value_of_json_is_shown_by_column_and_healed() {
    let world = world().await;
    let config = with_json(&world, &[], r#"{"quantity":2,"short_description":"A keyboard"}"#);
    let state = world.put(RECORD, None, &config).await;
    let path = format!("/api/now/table/sc_req_item/{}", attribute(&state, "id"));
    world.hand(Method::Patch, &path, r#"{"quantity":"5"}"#);
    let (read, _) = world.refresh(RECORD, &state).await;
    let read = read.unwrap();
    assert_eq!(attribute(&read, "fields_json"), r#"{"quantity":5,"short_description":"A keyboard"}"#);
    assert_eq!(world.drift(RECORD, &read, &config).await, ["fields_json"]);
    let journal = world.writes().len();
    let state = world.put(RECORD, Some(&read), &config).await;
    assert_eq!(world.writes().split_off(journal), [format!("PATCH {path}")]);
    assert_eq!(rows(&world, "sc_req_item")[&attribute(&state, "id")]["quantity"], "2");
    assert_eq!(world.drift(RECORD, &state, &config).await, Vec::<String>::new());
    let conflict = world.hand(Method::Patch, &path, r#"{"quantity":"7"}"#);
    assert_eq!(conflict.status, 200);
    let other = with_json(&world, &[], r#"{"quantity":3}"#);
    let (_, problems) = world.apply(RECORD, Some(&state), &other).await;
    assert!(errors(&problems)[0].contains("`fields_json.quantity`"), "{problems:?}");
}

#[tokio::test]
async fn a_column_moves_between_the_two_attributes_without_a_write() {
    let world = world().await;
    let before = with_json(&world, &[("quantity", "2")], r#"{"short_description":"x"}"#);
    let state = world.put(RECORD, None, &before).await;
    let after = with_json(&world, &[], r#"{"short_description":"x","quantity":2}"#);
    assert_eq!(world.drift(RECORD, &state, &after).await, ["fields", "fields_json"]);
    let journal = world.writes().len();
    let state = world.put(RECORD, Some(&state), &after).await;
    assert_eq!(world.writes().len(), journal);
    assert_eq!(world.drift(RECORD, &state, &after).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_column_is_named_once_and_json_names_columns_of_the_table() {
    let world = world().await;
    let validate = |config: &Object| errors(&world.resource(RECORD).validate(config));
    let both = with_json(&world, &[("quantity", "2")], r#"{"quantity":2}"#);
    assert!(validate(&both)[0].contains("`quantity` is named in `fields`, too"));
    let mut secret = with_json(&world, &[], r#"{"quantity":2}"#);
    secret.insert("fields_wo".to_owned(), fields(&[("quantity", "2")]));
    assert!(validate(&secret)[0].contains("`quantity` is named in `fields_json`, too"));
    let said = planned(&world, None, &with_json(&world, &[], r#"{"quantitty":2}"#)).await;
    assert!(
        said[0].contains("`fields_json` names `quantitty`") && said[0].contains("`quantity`"),
        "{said:?}"
    );
    let schema = world.resource(RECORD).schema();
    let attribute = schema.block.attributes.iter().find(|it| it.name == "fields_json").unwrap();
    for wrong in ["no json", "[1]", "2", r#"{"sys_id":"x"}"#, r#"{"Short description":"x"}"#] {
        let refused = attribute.behavior.checks.iter().any(|it| (it.test)(&text(wrong)).is_err());
        assert!(refused, "{wrong}");
    }
}

#[tokio::test]
async fn a_record_is_imported_without_json() {
    let world = world().await;
    let config = with_json(&world, &[], r#"{"quantity":2,"number":"RITM0010042"}"#);
    let state = world.put(RECORD, None, &config).await;
    let imported = world.import(RECORD, &format!("sc_req_item/{}", attribute(&state, "id"))).await.unwrap();
    assert!(imported.object["fields_json"].is_null());
}

#[tokio::test]
async fn secret_columns_are_written_apart_and_by_their_version_alone() {
    for mode in ["always", "display_value_only", "raw_unless_display_value"] {
        let world = world().await;
        world.simulator.set("password2_write", mode).unwrap();
        let mut config = record(&world, "basic_auth_credentials", &[("name", "x")]);
        config.insert("fields_wo".to_owned(), fields(&[("password", "planted")]));
        config.insert("fields_wo_version".to_owned(), text("1"));
        let state = world.put(RECORD, None, &config).await;
        let id = attribute(&state, "id");
        assert!(world.simulator.proves("basic_auth_credentials", &id, "password", "planted"), "{mode}");
        assert!(!format!("{state:?}").contains("planted"));
        config.insert("fields_wo".to_owned(), fields(&[("password", "second")]));
        let writes = world.writes().len();
        let state = world.put(RECORD, Some(&state), &config).await;
        assert_eq!(world.writes().len(), writes, "the same version writes nothing");
        config.insert("fields_wo_version".to_owned(), text("2"));
        world.put(RECORD, Some(&state), &config).await;
        assert_eq!(world.writes().len(), writes + 1);
        assert!(world.simulator.proves("basic_auth_credentials", &id, "password", "second"), "{mode}");
    }
}

#[tokio::test]
async fn it_is_imported_by_table_and_name_or_sys_id_and_nothing_is_to_change() {
    let world = world().await;
    let config = record(&world, "sys_user_group", &[("name", "Network"), ("description", "Cables")]);
    let state = world.put(RECORD, None, &config).await;
    for key in [attribute(&state, "id"), "Network".to_owned()] {
        let imported = world.import(RECORD, &format!("sys_user_group/{key}")).await.unwrap();
        assert_eq!(world.drift(RECORD, &imported, &config).await, Vec::<String>::new(), "{key}");
    }
    for wrong in ["Network", "sys_user_group/No such", "no such table/x"] {
        assert!(world.import(RECORD, wrong).await.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn a_change_by_somebody_else_between_plan_and_write_is_not_undone() {
    let world = world().await;
    let config = record(&world, "incident", &[("category", "network"), ("urgency", "2")]);
    let state = world.put(RECORD, None, &config).await;
    let path = format!("/api/now/table/incident/{}", attribute(&state, "id"));
    world.hand(Method::Patch, &path, r#"{"category":"software"}"#);
    let changed = record(&world, "incident", &[("category", "network"), ("urgency", "3")]);
    let (_, problems) = world.apply(RECORD, Some(&state), &changed).await;
    assert!(errors(&problems)[0].contains("`fields.category`"), "{problems:?}");
    assert_eq!(rows(&world, "incident")[&attribute(&state, "id")]["urgency"], "2");
    let (left, problems) = world.delete(RECORD, &state).await;
    assert!(left.is_some() && problems.has_errors(), "{problems:?}");
}

#[tokio::test]
async fn secrets_of_a_record_that_somebody_changed_are_a_warning_or_are_written_again() {
    let world = world().await;
    let mut config = record(&world, "basic_auth_credentials", &[("name", "x")]);
    config.insert("fields_wo".to_owned(), fields(&[("password", "planted")]));
    config.insert("fields_wo_version".to_owned(), text("1"));
    let state = world.put(RECORD, None, &config).await;
    let id = attribute(&state, "id");
    let (read, problems) = world.refresh(RECORD, &state).await;
    assert_eq!(warnings(&problems), Vec::<String>::new(), "its own write is no doubt");
    let path = format!("/api/now/table/basic_auth_credentials/{id}");
    world.hand(Method::Patch, &path, r#"{"user_name":"theirs"}"#);
    let (_, problems) = world.refresh(RECORD, &read.unwrap()).await;
    let told = warnings(&problems).join("\n");
    assert!(told.contains("may have been changed") && told.contains("admin"), "{told}");
    config.insert("reassert_secret".to_owned(), Value::Bool(true));
    let state = world.put(RECORD, Some(&state), &config).await;
    world.hand(Method::Patch, &path, r#"{"user_name":"theirs again"}"#);
    let (read, _) = world.refresh(RECORD, &state).await;
    let state = world.put(RECORD, read.as_ref(), &config).await;
    assert!(world.simulator.proves("basic_auth_credentials", &id, "password", "planted"));
    assert_eq!(world.drift(RECORD, &state, &config).await, Vec::<String>::new());
    let (_, problems) = world.refresh(RECORD, &state).await;
    assert_eq!(warnings(&problems), Vec::<String>::new());
    config.insert("fields_wo_version".to_owned(), Value::Null);
    let problems = world.resource(RECORD).validate(&config);
    assert!(errors(&problems).concat().contains("fields_wo_version"), "{problems:?}");
}
