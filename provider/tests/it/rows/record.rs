//! One record of any table: its named columns are owned, compared by their type, and all others left alone.

use std::collections::BTreeMap;

use servicenow_core::Method;
use tf_core::{Object, Value};

use crate::catalogue::{id, world};
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
