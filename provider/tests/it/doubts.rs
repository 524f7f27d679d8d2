//! Columns that an instance does not have, does not show, or does not store as they were sent: each is told with its most
//! likely cause, taken from what the instance says about itself.

use servicenow_core::Method;
use servicenow_sim::{Fixture, Options, Person, Simulator};
use tf_core::Value;
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text, warnings};

const ALIAS: &str = "servicenow_connection_alias";
const CREDENTIAL: &str = "servicenow_basic_auth_credential";
const CONNECTION: &str = "servicenow_http_connection";

/// An instance whose tables differ from the usual ones, as a description of tables says it.
#[expect(clippy::disallowed_methods, reason = "the simulator reads descriptions of tables from files")]
pub fn instance(tables: &str, people: &[Person]) -> Simulator {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tables.json");
    std::fs::write(&path, tables).unwrap();
    let people = people.to_vec();
    let options = Options { fixture: Fixture::Empty, tables: vec![path], people, ..Options::default() };
    Simulator::open(options).unwrap()
}

async fn world(tables: &str) -> World {
    let world = World::over(instance(tables, &[]));
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
    world
}

pub fn person(roles: &[&str]) -> Person {
    Person {
        user_name: "integration".to_owned(),
        password: "planted".to_owned(),
        roles: roles.iter().map(|it| (*it).to_owned()).collect(),
    }
}

async fn alias(world: &World) -> State {
    world.put(ALIAS, None, &config(world, ALIAS, &[("name", text("orders"))])).await
}

#[tokio::test]
async fn a_value_for_a_column_that_is_not_there_is_an_error_before_anything_is_written() {
    let world = world(
        r#"{"tables": [{"name": "sys_alias", "without": ["description"], "columns": ["descriptions | D | string 100"]}]}"#,
    )
    .await;
    world.simulator.clear_journal();
    let members = [("name", text("orders")), ("description", text("Orders"))];
    let (state, problems) = world.apply(ALIAS, None, &config(&world, ALIAS, &members)).await;
    let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
    for part in ["no column `sys_alias.description`", "`descriptions`", "Nothing was changed", "`columns = {"]
    {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert!(state.is_none());
    assert_eq!(world.writes(), Vec::<String>::new());
}

#[tokio::test]
async fn a_column_that_is_not_there_and_that_nobody_uses_is_no_trouble() {
    let world = world(r#"{"tables": [{"name": "sys_alias", "without": ["description"]}]}"#).await;
    let config = config(&world, ALIAS, &[("name", text("orders"))]);
    let (state, problems) = world.apply(ALIAS, None, &config).await;
    assert_eq!((errors(&problems), warnings(&problems)), (vec![], vec![]));
    let (_, said) = world.refresh(ALIAS, &state.unwrap()).await;
    assert_eq!(warnings(&said), Vec::<String>::new());
}

#[tokio::test]
async fn a_secret_for_a_column_that_is_not_there_is_not_sent() {
    let world = world(r#"{"tables": [{"name": "discovery_credentials", "without": ["password"]}]}"#).await;
    let members = [
        ("name", text("user")),
        ("user_name", text("svc")),
        ("password_wo", text("planted secret")),
        ("password_wo_version", text("1")),
    ];
    let (_, problems) = world.apply(CREDENTIAL, None, &config(&world, CREDENTIAL, &members)).await;
    let said = errors(&problems);
    assert!(said[0].contains("no column `basic_auth_credentials.password`"), "{said:?}");
    assert!(!said[0].contains("planted secret"), "{said:?}");
}

#[tokio::test]
async fn the_dictionary_is_asked_once_for_each_table_and_not_for_reads() {
    let world = World::new().await;
    world.simulator.clear_journal();
    let first = alias(&world).await;
    let describing = |world: &World| {
        let requests = world.requests().into_iter();
        requests.filter(|it| it.contains("sys_dictionary") || it.contains("sys_db_object")).count()
    };
    assert_eq!(describing(&world), 2);
    let second = config(&world, ALIAS, &[("name", text("billing"))]);
    let second = world.put(ALIAS, None, &second).await;
    world.refresh(ALIAS, &second).await;
    let changed = config(&world, ALIAS, &[("name", text("renamed"))]);
    world.put(ALIAS, Some(&first), &changed).await;
    assert_eq!(describing(&world), 2, "{:?}", world.requests());
}

/// What is said when a connection is to get this URL.
async fn change(world: &World, url: &str) -> String {
    let alias = alias(world).await;
    let members = |url: &str| {
        let members = [
            ("name", text("orders")),
            ("connection_alias_id", text(&attribute(&alias, "id"))),
            ("connection_url", text(url)),
        ];
        config(world, CONNECTION, &members)
    };
    let state = world.put(CONNECTION, None, &members("https://first.example")).await;
    let (_, problems) = world.apply(CONNECTION, Some(&state), &members(url)).await;
    let said = errors(&problems);
    assert_eq!(said.len(), 1, "{problems:?}");
    said[0].clone()
}

async fn check(tables: &str, url: &str, parts: &[&str]) {
    let world = world(tables).await;
    let said = change(&world, url).await;
    for part in parts {
        assert!(said.contains(part), "{part} is missing in {said}");
    }
    assert!(!said.contains(url), "the value itself is told: {said}");
}

#[tokio::test]
async fn a_value_that_is_too_long_names_the_length_of_the_column() {
    let tables =
        r#"{"tables": [{"name": "sys_connection", "columns": ["connection_url | URL | string 24"]}]}"#;
    let parts =
        ["in `connection_url` a text of 30 characters was sent", "the column holds 24 characters", "Shorten"];
    check(tables, "https://a-long-one.example.com", &parts).await;
}

#[tokio::test]
async fn a_value_that_is_no_choice_names_the_choices() {
    let tables = r#"{"tables": [{"name": "sys_connection", "columns": [{"name": "connection_url", "label": "URL",
        "type": "choice", "max_length": 100, "choices": [["https://first.example", "A"], ["https://b.example", "B"]]}]}]}"#;
    let parts =
        ["no choice of this column (it takes `https://first.example`, `https://b.example`)", "Choose one"];
    check(tables, "https://c.example", &parts).await;
}

#[tokio::test]
async fn a_value_of_another_type_names_the_type() {
    let tables = r#"{"tables": [{"name": "sys_connection", "columns": ["connection_url | URL | integer"]}]}"#;
    let world = world(tables).await;
    let alias = alias(&world).await;
    let members = [
        ("name", text("orders")),
        ("connection_alias_id", text(&attribute(&alias, "id"))),
        ("connection_url", text("https://first.example")),
    ];
    let (_, problems) = world.apply(CONNECTION, None, &config(&world, CONNECTION, &members)).await;
    let said = errors(&problems);
    assert!(said[0].contains("values of the type `integer` and this is none"), "{said:?}");
}

/// Rows that let the role `url_writer` alone write the column.
pub const CONTROL: &str = r#"
    {"tables": [], "rows": {
        "sys_user_role": [{"name": "url_writer", "sys_id": "aaaa0000000000000000000000000001"}],
        "sys_security_acl": [{"name": "sys_connection.connection_url", "operation": "write", "active": "true",
            "type": "record", "admin_overrides": "false", "sys_id": "aaaa0000000000000000000000000002"}],
        "sys_security_acl_role": [{"sys_security_acl": "aaaa0000000000000000000000000002",
            "sys_user_role": "aaaa0000000000000000000000000001"}]
    }}"#;

#[tokio::test]
async fn a_column_without_write_access_names_the_role() {
    let part = "an access control does not let the user write that column";
    check(CONTROL, "https://c.example", &[part, "roles that have it: `url_writer`", "write access to"]).await;
    // The same for a new record.
    let world = world(&for_new_ones_too()).await;
    let alias = alias(&world).await;
    let (_, problems) = world.apply(CONNECTION, None, &connection(&world, &attribute(&alias, "id"))).await;
    let said = errors(&problems);
    assert!(said[0].contains(part) && said[0].contains("roles that have it: `url_writer`"), "{said:?}");
}

/// The same control for creating: without it, a second write heals what the first one lost.
fn for_new_ones_too() -> String {
    let mut document: serde_json::Value = serde_json::from_str(CONTROL).unwrap();
    for (table, column, value) in [
        ("sys_security_acl", "operation", "create"),
        ("sys_security_acl_role", "sys_security_acl", "aaaa0000000000000000000000000003"),
    ] {
        let rows = document["rows"][table].as_array_mut().unwrap();
        let mut row = rows[0].clone();
        row[column] = value.into();
        if table == "sys_security_acl" {
            row["sys_id"] = "aaaa0000000000000000000000000003".into();
        }
        rows.push(row);
    }
    document.to_string()
}

fn connection(world: &World, alias: &str) -> tf_core::Object {
    let members = [
        ("name", text("orders")),
        ("connection_alias_id", text(alias)),
        ("connection_url", text("https://first.example")),
    ];
    config(world, CONNECTION, &members)
}

#[tokio::test]
async fn where_the_dictionary_is_closed_the_message_says_what_would_help() {
    let people = [person(&["connection_admin", "credential_admin"])];
    let world = World::signed_in_as(instance(&for_new_ones_too(), &people), "integration", "planted");
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
    let made = world.hand(Method::Post, "/api/now/table/sys_alias", r#"{"name":"orders"}"#);
    assert_eq!(made.status, 201);
    let id = world.rows("sys_alias", "name")["orders"]["sys_id"].clone();
    let (_, problems) = world.apply(CONNECTION, None, &connection(&world, &id)).await;
    let said = errors(&problems);
    assert!(said[0].contains("the column kept what it held"), "{said:?}");
    assert!(said[0].contains("`personalize_dictionary`"), "{said:?}");
    let asked = world.requests().into_iter().filter(|it| it.contains("sys_db_object")).count();
    // The table, and whether any table shows: one that is not there closes nothing.
    assert_eq!(asked, 2, "{:?}", world.requests());
}

/// Rows that let the role `url_reader` alone read the column.
fn read_control() -> String {
    CONTROL.replace("\"write\"", "\"read\"").replace("url_writer", "url_reader")
}

#[tokio::test]
async fn a_column_that_does_not_show_is_told_once_with_its_role() {
    let world = world(&read_control()).await;
    let alias = alias(&world).await;
    let mut states = Vec::new();
    let mut said = Vec::new();
    for name in ["a", "b"] {
        let members = [
            ("name", text(name)),
            ("connection_alias_id", text(&attribute(&alias, "id"))),
            ("connection_url", text("https://first.example")),
        ];
        let (state, problems) = world.apply(CONNECTION, None, &config(&world, CONNECTION, &members)).await;
        assert_eq!(errors(&problems), Vec::<String>::new());
        said.extend(warnings(&problems));
        states.push(state.unwrap());
    }
    let [warning] = &said[..] else { panic!("{said:?}") };
    assert!(warning.contains("`http_connection.connection_url`, because the user may not read"), "{warning}");
    assert!(warning.contains("roles that have it: `url_reader`"), "{warning}");
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
    let mut said = Vec::new();
    for state in &states {
        let (live, problems) = world.refresh(CONNECTION, state).await;
        assert_eq!(attribute(&live.unwrap(), "connection_url"), "https://first.example", "it is kept");
        said.extend(warnings(&problems));
    }
    let [warning] = &said[..] else { panic!("{said:?}") };
    assert!(warning.contains("is hidden") && warning.contains("`url_reader`"), "{warning}");
}

#[tokio::test]
async fn a_hidden_record_names_the_roles_that_see_it() {
    for (tables, role) in [
        (read_control().replace("sys_connection.connection_url", "sys_connection"), "such as `url_reader`"),
        ("{}".to_owned(), "such as `connection_admin`"),
    ] {
        let people = [person(&["credential_admin", "personalize_dictionary"])];
        let simulator = instance(&tables, &people);
        let row = r#"{"name":"orders","sys_id":"cccc0000000000000000000000000001"}"#;
        let admin = World::over(simulator.clone());
        // Whoever may not read it has created it all the same.
        admin.hand(Method::Post, "/api/now/table/http_connection", row);
        assert_eq!(admin.simulator.rows("http_connection").len(), 1);
        let world = World::signed_in_as(simulator, "integration", "planted");
        assert_eq!(errors(&world.configure().await), Vec::<String>::new());
        let mut object = config(&world, CONNECTION, &[("name", text("orders"))]);
        object.insert("id".to_owned(), text("cccc0000000000000000000000000001"));
        let state = State { object, private: Vec::new() };
        let (kept, problems) = world.refresh(CONNECTION, &state).await;
        let said = errors(&problems);
        assert!(said[0].contains(role), "{role} is missing in {said:?}");
        assert!(kept.is_none_or(|it| it.object["id"] != Value::Null));
    }
}
