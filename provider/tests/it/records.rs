//! Create, read, change, import and delete of every record-backed resource.

use servicenow_core::Method;
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text};

const ALIAS: &str = "servicenow_connection_alias";
const CREDENTIAL: &str = "servicenow_basic_auth_credential";
const CONNECTION: &str = "servicenow_http_connection";

/// One of each, and what it takes to have them.
pub struct Trio {
    pub alias: (Object, State),
    pub credential: (Object, State),
    pub connection: (Object, State),
}

impl Trio {
    pub async fn new(world: &World) -> Trio {
        let alias = put(world, ALIAS, &[("name", text("orders")), ("description", text("Orders"))]).await;
        let credential = put(
            world,
            CREDENTIAL,
            &[
                ("name", text("orders-user")),
                ("user_name", text("svc.orders")),
                ("password_wo", text("first secret")),
                ("password_wo_version", text("1")),
                ("credential_alias_ids", Value::set(vec![text(&attribute(&alias.1, "id"))])),
            ],
        )
        .await;
        let connection = put(
            world,
            CONNECTION,
            &[
                ("name", text("orders-prod")),
                ("connection_alias_id", text(&attribute(&alias.1, "id"))),
                ("connection_url", text("https://orders.example")),
                ("credential_id", text(&attribute(&credential.1, "id"))),
            ],
        )
        .await;
        Trio { alias, credential, connection }
    }

    pub fn all(&self) -> [(&'static str, &(Object, State)); 3] {
        [(CONNECTION, &self.connection), (CREDENTIAL, &self.credential), (ALIAS, &self.alias)]
    }
}

async fn put(world: &World, type_name: &str, members: &[(&str, Value)]) -> (Object, State) {
    let config = config(world, type_name, members);
    let state = world.put(type_name, None, &config).await;
    (config, state)
}

#[tokio::test]
async fn what_is_created_is_there_and_a_second_plan_is_empty() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    assert_eq!(attribute(&trio.alias.1, "qualified_name"), "orders");
    assert_eq!(attribute(&trio.alias.1, "connection_type"), "http_connection");
    let row = &world.rows("http_connection", "name")["orders-prod"];
    assert_eq!(row["connection_url"], "https://orders.example");
    assert_eq!(row["active"], "false", "a new connection is inactive");
    assert_eq!(row["credential"], attribute(&trio.credential.1, "id"));
    for (type_name, (config, state)) in trio.all() {
        assert_eq!(world.drift(type_name, state, config).await, Vec::<String>::new(), "{type_name}");
    }
}

#[tokio::test]
async fn an_edit_by_hand_shows_exactly_that_attribute_and_is_healed() {
    let cases = [
        (ALIAS, "sys_alias", "name", "other", &["name", "qualified_name"][..]),
        (ALIAS, "sys_alias", "description", "other", &["description"]),
        (ALIAS, "sys_alias", "connection_type", "jdbc_connection", &["connection_type"]),
        (ALIAS, "sys_alias", "multiple_connections", "true", &["multiple_connections"]),
        (CREDENTIAL, "basic_auth_credentials", "name", "other", &["name"]),
        (CREDENTIAL, "basic_auth_credentials", "user_name", "other", &["user_name"]),
        (CREDENTIAL, "basic_auth_credentials", "order", "7", &["order"]),
        (CREDENTIAL, "basic_auth_credentials", "active", "false", &["active"]),
        (CREDENTIAL, "basic_auth_credentials", "tag", "", &["credential_alias_ids"]),
        (CONNECTION, "http_connection", "name", "other", &["name", "active"]),
        (CONNECTION, "http_connection", "connection_url", "https://x.example", &["connection_url", "active"]),
        (CONNECTION, "http_connection", "credential", "", &["credential_id", "active"]),
    ];
    for (type_name, table, column, value, expected) in cases {
        let world = World::new().await;
        let trio = Trio::new(&world).await;
        let (config, state) = trio.all().into_iter().find(|it| it.0 == type_name).unwrap().1;
        let path = format!("/api/now/table/{table}/{}", attribute(state, "id"));
        let before = world.simulator.rows(table);
        assert_eq!(world.hand(Method::Patch, &path, &format!("{{\"{column}\":\"{value}\"}}")).status, 200);
        let mut found = world.drift(type_name, state, config).await;
        let mut expected: Vec<&str> = expected.to_vec();
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{type_name}: {column}");
        let (state, _) = world.refresh(type_name, state).await;
        world.put(type_name, state.as_ref(), config).await;
        let value_of = |rows: &[std::collections::BTreeMap<String, String>]| rows[0][column].clone();
        assert_eq!(
            value_of(&world.simulator.rows(table)),
            value_of(&before),
            "{type_name}: {column} is healed"
        );
    }
}

#[tokio::test]
async fn a_change_writes_one_column_of_one_record() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    let (mut config, state) = trio.connection.clone();
    config.insert("connection_url".to_owned(), text("https://new.example"));
    let journal = world.writes().len();
    let state = world.put(CONNECTION, Some(&state), &config).await;
    let writes = world.writes().split_off(journal);
    assert_eq!(writes, [format!("PATCH /api/now/table/http_connection/{}", attribute(&state, "id"))]);
    let row = &world.rows("http_connection", "name")["orders-prod"];
    assert_eq!((row["sys_mod_count"].as_str(), row["connection_url"].as_str()), ("1", "https://new.example"));
}

#[tokio::test]
async fn import_by_id_and_by_name_leaves_nothing_to_change() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    for (type_name, (config, state)) in trio.all() {
        let mut config = config.clone();
        for name in ["password_wo", "password_wo_version"] {
            config.entry(name.to_owned()).and_modify(|it| *it = Value::Null);
        }
        for id in [attribute(state, "id"), attribute(state, "name")] {
            let imported = world.import(type_name, &id).await.unwrap();
            assert_eq!(
                world.drift(type_name, &imported, &config).await,
                Vec::<String>::new(),
                "{type_name} {id}"
            );
        }
        let problems = errors(&world.import(type_name, "no such thing").await.unwrap_err());
        assert!(
            problems[0].contains("no such thing") && problems[0].contains("state is unchanged"),
            "{problems:?}"
        );
    }
}

#[tokio::test]
async fn a_name_that_several_have_is_not_imported() {
    let world = World::new().await;
    for _ in 0..2 {
        put(&world, CREDENTIAL, &[("name", text("twin")), ("user_name", text("u"))]).await;
    }
    let problems = errors(&world.import(CREDENTIAL, "twin").await.unwrap_err());
    assert!(problems[0].contains("Several records are called \"twin\""), "{problems:?}");
}

#[tokio::test]
async fn the_stored_secret_is_the_configured_one_in_every_mode_of_the_instance() {
    for mode in ["always", "display_value_only", "raw_unless_display_value"] {
        let world = World::new().await;
        world.simulator.set("password2_write", mode).unwrap();
        let trio = Trio::new(&world).await;
        let id = attribute(&trio.credential.1, "id");
        let stored = world.simulator.stored_secret("basic_auth_credentials", &id, "password");
        assert_eq!(stored.as_deref(), Some("first secret"), "{mode}");
    }
}

#[tokio::test]
async fn a_new_version_alone_writes_the_secret_with_one_request() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    let (mut config, state) = trio.credential.clone();
    config.insert("password_wo".to_owned(), text("second secret"));
    let writes = world.writes().len();
    let same = world.put(CREDENTIAL, Some(&state), &config).await;
    assert_eq!(world.writes().len(), writes, "the same version writes nothing");
    config.insert("password_wo_version".to_owned(), text("2"));
    let state = world.put(CREDENTIAL, Some(&same), &config).await;
    let id = attribute(&state, "id");
    assert_eq!(
        world.writes().split_off(writes),
        [format!("PATCH /api/now/table/basic_auth_credentials/{id}")]
    );
    let stored = world.simulator.stored_secret("basic_auth_credentials", &id, "password");
    assert_eq!(stored.as_deref(), Some("second secret"));
    assert_eq!(state.object["password_wo"], Value::Null);
}

#[tokio::test]
async fn a_new_version_without_a_secret_is_an_error_in_the_plan() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    let (mut config, state) = trio.credential.clone();
    config.insert("password_wo".to_owned(), Value::Null);
    config.insert("password_wo_version".to_owned(), text("2"));
    let (_, _, problems) = world.plan(CREDENTIAL, Some(&state), &config).await;
    assert!(errors(&problems)[0].contains("there is none to write"), "{problems:?}");
}

#[tokio::test]
async fn destroying_leaves_no_row() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    for (type_name, (_, state)) in trio.all() {
        let (left, problems) = world.delete(type_name, state).await;
        assert_eq!((left, errors(&problems)), (None, vec![]), "{type_name}");
        let (left, problems) = world.delete(type_name, state).await;
        assert_eq!((left, errors(&problems)), (None, vec![]), "{type_name}: gone already");
        assert_eq!(world.refresh(type_name, state).await.0, None);
    }
    for table in ["sys_alias", "sys_connection", "discovery_credentials"] {
        assert_eq!(world.simulator.rows(table).len(), 0, "{table}");
    }
}

#[tokio::test]
async fn a_child_alias_takes_from_its_parent_what_nobody_says() {
    let world = World::new().await;
    let parent = [("name", text("parent")), ("multiple_connections", Value::Bool(true))];
    let parent = put(&world, ALIAS, &parent).await.1;
    let child = [("name", text("child")), ("parent_id", text(&attribute(&parent, "id")))];
    let (config, child) = put(&world, ALIAS, &child).await;
    assert_eq!(child.object["multiple_connections"], Value::Bool(true));
    assert_eq!(world.drift(ALIAS, &child, &config).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_reference_to_nothing_is_an_error_before_any_write() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    let nothing = text(&"0".repeat(32));
    for attribute in ["connection_alias_id", "credential_id"] {
        let (mut config, _) = trio.connection.clone();
        config.insert("name".to_owned(), text("dangling"));
        config.insert(attribute.to_owned(), nothing.clone());
        let writes = world.writes().len();
        let (state, problems) = world.apply(CONNECTION, None, &config).await;
        assert!(state.is_none() && errors(&problems)[0].contains("finds no such record"), "{problems:?}");
        assert!(errors(&problems)[0].contains("Nothing was changed"), "{problems:?}");
        assert_eq!(world.writes().len(), writes);
    }
}

#[tokio::test]
async fn what_many_refer_to_is_looked_up_once() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    let alias = format!("GET /api/now/table/sys_alias/{}", attribute(&trio.alias.1, "id"));
    let asked = |world: &World| world.requests().into_iter().filter(|it| *it == alias).count();
    let before = asked(&world);
    for name in ["one", "two", "three"] {
        let mut config = trio.connection.0.clone();
        config.insert("name".to_owned(), text(name));
        world.put(CONNECTION, None, &config).await;
    }
    assert_eq!(asked(&world), before, "the first connection has looked already");
}

#[tokio::test]
async fn a_refused_write_quotes_the_rule_and_leaves_nothing() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    let (state, problems) = world.apply(ALIAS, None, &trio.alias.0).await;
    let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
    assert!(state.is_none());
    for part in [
        "Could not create the connection alias \"orders\"",
        "POST /api/now/table/sys_alias",
        "403",
        "Nothing was changed",
    ] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

#[tokio::test]
async fn active_true_switches_the_others_off_and_active_false_switches_off() {
    for rule in ["cascade", "refuse", "none"] {
        let world = World::new().await;
        world.simulator.set("one_active_rule", rule).unwrap();
        let trio = Trio::new(&world).await;
        let (mut first, state) = trio.connection.clone();
        first.insert("active".to_owned(), Value::Bool(true));
        let state = world.put(CONNECTION, Some(&state), &first).await;
        assert_eq!(world.rows("http_connection", "name")["orders-prod"]["active"], "true", "{rule}");
        let mut second = first.clone();
        second.insert("name".to_owned(), text("orders-test"));
        second.insert("credential_id".to_owned(), Value::Null);
        world.put(CONNECTION, None, &second).await;
        let rows = world.rows("http_connection", "name");
        assert_eq!(
            (rows["orders-prod"]["active"].as_str(), rows["orders-test"]["active"].as_str()),
            ("false", "true")
        );
        assert_eq!(rows.len(), 2, "{rule}: no trial record stays");
        assert_eq!(world.drift(CONNECTION, &state, &first).await, ["active"], "{rule}");
        second.insert("active".to_owned(), Value::Bool(false));
        let test = world.import(CONNECTION, "orders-test").await.unwrap();
        world.put(CONNECTION, Some(&test), &second).await;
        assert_eq!(world.rows("http_connection", "name")["orders-test"]["active"], "false", "{rule}");
    }
}
