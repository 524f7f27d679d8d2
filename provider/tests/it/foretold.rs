//! A plan warns of what its apply would not find: names and ids that lead nowhere, and names that several records have.

use servicenow_core::Method;
use tf_core::{Object, Value};

use crate::catalogue;
use crate::world::{World, attribute, config, errors, text, warnings};

const ALIAS: &str = "servicenow_connection_alias";
const HTTP: &str = "servicenow_http_connection";
const ENVIRONMENT: &str = "servicenow_unifi_environment";
const UNIFI: &str = "servicenow_unifi_connection";
const RECORD: &str = "servicenow_record";

/// Attributes of a connection, and what the warning of their plan says.
type Row<'a> = (&'a [(&'a str, Value)], &'a [&'a str]);

fn unifi(world: &World, members: &[(&str, Value)]) -> Object {
    let usual = [("integration_id", text(&catalogue::id("integra"))), ("environment", text("Test"))];
    config(world, UNIFI, &[&usual[..], members].concat())
}

/// What the plan of a new object warns of; it never fails.
async fn warned(world: &World, type_name: &str, config: &Object) -> Vec<String> {
    let (_, _, problems) = world.plan_beside(type_name, None, config).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    warnings(&problems)
}

#[track_caller]
fn check(warned: &[String], parts: &[&str]) {
    let [warning] = warned else { panic!("{warned:?}") };
    for part in parts {
        assert!(warning.contains(part), "{part} is missing in {warning}");
    }
}

#[tokio::test]
async fn a_name_that_nothing_has_is_told_with_those_that_there_are() {
    let world = catalogue::world().await;
    let rows: &[Row<'_>] = &[
        (
            &[("environment", text("Prodution"))],
            &[
                "`environment` cannot be applied as `Prodution`",
                "`x_snd_eb_environment`",
                "\"Production\"",
                "the plan goes on",
            ],
        ),
        (&[("inbound_user", text("nobody"))], &["`inbound_user` cannot be applied", "`sys_user`"]),
        (
            &[("authentication", text("kerberos"))],
            &["`authentication` cannot be applied as `kerberos`", "It offers"],
        ),
    ];
    for (members, parts) in rows {
        check(&warned(&world, UNIFI, &unifi(&world, members)).await, parts);
        let (state, problems) = world.apply(UNIFI, None, &unifi(&world, members)).await;
        assert!(state.is_none() && errors(&problems).len() == 1, "the apply ends there: {problems:?}");
    }
    assert_eq!(warned(&world, UNIFI, &unifi(&world, &[])).await, Vec::<String>::new());
}

#[tokio::test]
async fn what_the_same_plan_creates_is_not_missed() {
    let world = catalogue::world().await;
    let named = unifi(&world, &[("environment", text("Rehearsal"))]);
    check(&warned(&world, UNIFI, &named).await, &["`Rehearsal`"]);
    let environment = config(&world, ENVIRONMENT, &[("name", text("Rehearsal"))]);
    assert_eq!(warned(&world, ENVIRONMENT, &environment).await, Vec::<String>::new());
    assert_eq!(warned(&world, UNIFI, &named).await, Vec::<String>::new(), "the environment is planned");

    let user = unifi(&world, &[("inbound_user", text("svc.new"))]);
    check(&warned(&world, UNIFI, &user).await, &["`svc.new`"]);
    let fields = Value::Map([("user_name".to_owned(), text("svc.new"))].into_iter().collect());
    let record = config(&world, RECORD, &[("table", text("sys_user")), ("fields", fields)]);
    assert_eq!(warned(&world, RECORD, &record).await, Vec::<String>::new());
    assert_eq!(warned(&world, UNIFI, &user).await, Vec::<String>::new(), "a record of any table counts");

    // Another plan has its own records.
    let (_, _, problems) = world.plan(UNIFI, None, &named).await;
    check(&warnings(&problems), &["`Rehearsal`"]);
}

#[tokio::test]
async fn an_id_from_another_instance_is_told() {
    let world = World::new().await;
    let alias = world.put(ALIAS, None, &config(&world, ALIAS, &[("name", text("orders"))])).await;
    let elsewhere = "0123456789abcdef0123456789abcdef";
    let of = |id: &str| {
        let members = [
            ("name", text("orders")),
            ("connection_alias_id", text(id)),
            ("connection_url", text("https://orders.example")),
        ];
        config(&world, HTTP, &members)
    };
    check(
        &warned(&world, HTTP, &of(elsewhere)).await,
        &["`connection_alias_id`", elsewhere, "`GET /api/now/table/sys_alias/"],
    );
    assert_eq!(warned(&world, HTTP, &of(&attribute(&alias, "id"))).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_two_records_have_is_told() {
    let world = catalogue::world().await;
    for _ in 0..2 {
        world.hand(Method::Post, "/api/now/table/ecc_agent_cluster", r#"{"name":"Twin"}"#);
    }
    let members = [
        ("name", text("orders")),
        ("connection_url", text("https://orders.example")),
        ("use_mid", Value::Bool(true)),
        ("mid_selection", text("specific_mid_cluster")),
        ("mid_cluster", text("Twin")),
    ];
    let twin = config(&world, HTTP, &members);
    check(&warned(&world, HTTP, &twin).await, &["`Twin`", "several records have that name"]);
}

#[tokio::test]
async fn what_is_as_before_and_what_was_read_cost_no_request() {
    let world = catalogue::world().await;
    let usual = unifi(&world, &[]);
    let state = world.put(UNIFI, None, &usual).await;
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
    let (state, _) = world.refresh(UNIFI, &state).await;
    let state = state.unwrap();
    world.simulator.clear_journal();
    let (_, _, problems) = world.plan(UNIFI, Some(&state), &usual).await;
    assert_eq!(warnings(&problems), Vec::<String>::new());
    assert_eq!(world.requests(), Vec::<String>::new());

    // An alias that was refreshed need not be asked for.
    let alias = world.put(ALIAS, None, &config(&world, ALIAS, &[("name", text("orders"))])).await;
    assert_eq!(errors(&world.configure().await), Vec::<String>::new());
    world.refresh(ALIAS, &alias).await;
    world.simulator.clear_journal();
    let members = [
        ("name", text("orders")),
        ("connection_alias_id", text(&attribute(&alias, "id"))),
        ("connection_url", text("https://orders.example")),
    ];
    assert_eq!(warned(&world, HTTP, &config(&world, HTTP, &members)).await, Vec::<String>::new());
    assert_eq!(world.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_name_that_many_write_wrongly_is_looked_for_once() {
    let world = catalogue::world().await;
    let wrong = unifi(&world, &[("environment", text("Prodution"))]);
    check(&warned(&world, UNIFI, &wrong).await, &["\"Production\""]);
    world.simulator.clear_journal();
    for _ in 0..5 {
        check(&warned(&world, UNIFI, &wrong).await, &["\"Production\""]);
    }
    assert_eq!(world.requests(), Vec::<String>::new());
}
