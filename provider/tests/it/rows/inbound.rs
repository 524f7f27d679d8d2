//! Inbound endpoints: URLs that are known when they can be, and operations as one thing with their API.

use tf_core::{Object, Value};

use crate::catalogue::world;
use crate::world::{World, attribute, config, errors, text};

const ENDPOINT: &str = "servicenow_inbound_endpoint";

fn operations(entries: &[(&str, &[(&str, Value)])]) -> Value {
    let members = ["id", "method", "path", "script", "requires_authentication", "requires_access_control"];
    let more = ["requires_internal_role", "access_controls", "active", "description"];
    let entry = |(name, given): &(&str, &[(&str, Value)])| {
        let mut object: Object =
            members.iter().chain(&more).map(|it| ((*it).to_owned(), Value::Null)).collect();
        object.extend(given.iter().map(|(name, it)| ((*name).to_owned(), it.clone())));
        ((*name).to_owned(), Value::Map(object))
    };
    Value::Map(entries.iter().map(entry).collect())
}

fn endpoint(world: &World, active: bool, path: &str) -> Object {
    let members = [
        ("name", text("Orders")),
        ("active", Value::Bool(active)),
        ("operations", operations(&[("read", &[("path", text(path))]), ("list", &[])])),
    ];
    config(world, ENDPOINT, &members)
}

/// How many operations the instance has of an endpoint.
fn operations_of(world: &World, state: &tf_plugin::State) -> usize {
    let rows = world.simulator.rows("sys_ws_operation").into_iter();
    rows.filter(|it| it["web_service_definition"] == attribute(state, "id")).count()
}

#[tokio::test]
async fn the_urls_are_those_of_the_instance_and_activating_gives_them() {
    let world = world().await;
    let state = world.put(ENDPOINT, None, &endpoint(&world, true, "/{number}")).await;
    let base = attribute(&state, "base_url");
    assert!(base.starts_with("https://simulated.service-now.com/api/"), "{base}");
    let Value::Map(urls) = &state.object["operation_urls"] else { panic!("{state:?}") };
    assert_eq!(urls["read"], Value::string(format!("{base}/{{number}}")));
    let off = endpoint(&world, false, "/{number}");
    let (planned, ..) = world.plan(ENDPOINT, Some(&state), &off).await;
    assert_eq!(
        (&planned["base_url"], &planned["operation_urls"]),
        (&Value::Null, &Value::Null),
        "known in the plan"
    );
    let state = world.put(ENDPOINT, Some(&state), &off).await;
    assert_eq!(operations_of(&world, &state), 2, "the configuration stays");
    let on = endpoint(&world, true, "/{number}");
    let (planned, ..) = world.plan(ENDPOINT, Some(&state), &on).await;
    assert!(planned["base_url"].is_unknown(), "only activating leaves it open");
    let state = world.put(ENDPOINT, Some(&state), &on).await;
    assert_eq!(attribute(&state, "base_url"), base);
}

#[tokio::test]
async fn urls_are_known_after_apply_only_when_they_may_change() {
    let world = world().await;
    let first = endpoint(&world, true, "/{number}");
    let state = world.put(ENDPOINT, None, &first).await;
    for (attribute, value, base_open, urls_open) in [
        ("description", text("x"), false, false),
        ("name", text("Orders in"), false, false),
        ("api_id", text("orders_in"), true, true),
        ("operations", operations(&[("read", &[("path", text("/moved"))]), ("list", &[])]), false, true),
        (
            "operations",
            operations(&[("read", &[("path", text("/{number}")), ("script", text("x"))]), ("list", &[])]),
            false,
            false,
        ),
    ] {
        let mut config = first.clone();
        config.insert(attribute.to_owned(), value);
        let (planned, ..) = world.plan(ENDPOINT, Some(&state), &config).await;
        assert_eq!(
            (planned["base_url"].is_unknown(), planned["operation_urls"].is_unknown()),
            (base_open, urls_open),
            "{attribute}"
        );
    }
}

#[tokio::test]
async fn a_changed_api_id_moves_the_urls_of_all_operations() {
    let world = world().await;
    let mut config = endpoint(&world, true, "/{number}");
    let state = world.put(ENDPOINT, None, &config).await;
    config.insert("api_id".to_owned(), text("orders_in"));
    let state = world.put(ENDPOINT, Some(&state), &config).await;
    let Value::Map(urls) = &state.object["operation_urls"] else { panic!("{state:?}") };
    for url in urls.values() {
        assert!(url.as_str().unwrap().contains("/orders_in"), "{url:?}");
    }
}

#[tokio::test]
async fn an_operation_that_somebody_added_by_hand_is_seen_and_taken_away() {
    let world = world().await;
    let config = endpoint(&world, true, "/{number}");
    let state = world.put(ENDPOINT, None, &config).await;
    let body = format!(
        r#"{{"web_service_definition":"{}","name":"back door","relative_path":"/x"}}"#,
        attribute(&state, "id")
    );
    assert_eq!(
        world.hand(servicenow_core::Method::Post, "/api/now/table/sys_ws_operation", &body).status,
        201
    );
    assert!(world.drift(ENDPOINT, &state, &config).await.contains(&"operations".to_owned()));
    let (state, _) = world.refresh(ENDPOINT, &state).await;
    let state = world.put(ENDPOINT, state.as_ref(), &config).await;
    assert_eq!(operations_of(&world, &state), 2);
}

#[tokio::test]
async fn two_operations_that_would_answer_the_same_are_an_error_before_anything() {
    let world = world().await;
    let same = operations(&[("a", &[("path", text("/{x}"))]), ("b", &[("path", text("/{y}"))])]);
    let config = config(&world, ENDPOINT, &[("name", text("Orders")), ("operations", same)]);
    let problems = errors(&world.resource(ENDPOINT).validate(&config));
    assert!(problems[0].contains("`b` and `a` would both answer"), "{problems:?}");
}

const RECORD: &str = "servicenow_record";

/// A record of any table.
fn record(world: &World, table: &str, fields: &[(&str, &str)]) -> Object {
    let fields = fields.iter().map(|(name, it)| ((*name).to_owned(), text(it))).collect();
    config(world, RECORD, &[("table", text(table)), ("fields", Value::Map(fields))])
}

/// The first version of an API, and the second one made of records: its version, and an operation of the same name.
struct TwoVersions {
    config: Object,
    state: tf_plugin::State,
    second: [(Object, tf_plugin::State); 2],
}

impl TwoVersions {
    async fn of(world: &World) -> TwoVersions {
        let mut config = endpoint(world, true, "/{number}");
        config.insert("version".to_owned(), Value::Number(1_i64.into()));
        let state = world.put(ENDPOINT, None, &config).await;
        let api = attribute(&state, "id");
        let version = record(world, "sys_ws_version", &[("web_service_definition", &api), ("version", "2")]);
        let second = world.put(RECORD, None, &version).await;
        let fields = [
            ("web_service_definition", api.as_str()),
            ("web_service_version", &attribute(&second, "id")),
            ("name", "read"),
            ("relative_path", "/{number}"),
        ];
        let operation = record(world, "sys_ws_operation", &fields);
        let created = world.put(RECORD, None, &operation).await;
        TwoVersions { config, state, second: [(version, second), (operation, created)] }
    }

    /// Nothing is to change, neither here nor there.
    async fn is_settled(&self, world: &World) {
        assert_eq!(world.drift(ENDPOINT, &self.state, &self.config).await, Vec::<String>::new());
        for (config, state) in &self.second {
            assert_eq!(world.drift(RECORD, state, config).await, Vec::<String>::new());
        }
    }
}

#[tokio::test]
async fn another_version_of_the_same_api_is_left_alone() {
    for default in ["latest", "none"] {
        let world = world().await;
        world.simulator.set("scripted_default_version", default).unwrap();
        let mut both = TwoVersions::of(&world).await;
        both.is_settled(&world).await;
        both.config
            .insert("operations".to_owned(), operations(&[("read", &[("path", text("/one/{number}"))])]));
        both.state = world.put(ENDPOINT, Some(&both.state), &both.config).await;
        both.is_settled(&world).await;
        both.config.insert("version".to_owned(), Value::Number(3_i64.into()));
        both.state = world.put(ENDPOINT, Some(&both.state), &both.config).await;
        both.is_settled(&world).await;
    }
}

#[tokio::test]
async fn an_api_with_two_versions_is_imported_with_its_default_one() {
    let world = world().await;
    let both = TwoVersions::of(&world).await;
    let imported = world.import(ENDPOINT, "Orders").await.unwrap();
    assert_eq!(imported.object["version"], both.state.object["version"]);
    assert_eq!(imported.object["operations"], both.state.object["operations"]);
    // Somebody makes the second version the default one: what is managed stays the first.
    let second = attribute(&both.second[0].1, "id");
    let path = format!("/api/now/table/sys_ws_version/{second}");
    world.hand(servicenow_core::Method::Patch, &path, r#"{"is_default":"true"}"#);
    let first = world.rows("sys_ws_version", "version")["1"]["sys_id"].clone();
    let path = format!("/api/now/table/sys_ws_version/{first}");
    world.hand(servicenow_core::Method::Patch, &path, r#"{"is_default":"false"}"#);
    assert_eq!(world.drift(ENDPOINT, &both.state, &both.config).await, Vec::<String>::new());
    let imported = world.import(ENDPOINT, "Orders").await.unwrap();
    assert_eq!(imported.object["version"], Value::Number(2_i64.into()));
}
