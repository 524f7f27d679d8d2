//! The fault loop: every request of a story fails in turn, once refused and once lost after it took effect. The next
//! apply must end where the undisturbed one ends, with no record twice and never two connections active.

use servicenow_sim::{Fault, FaultKind};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text};

/// Requests that a story may take at most; the loop ends when a fault is not met any more.
const REQUESTS_MAX: u32 = 60;

/// The state that Terraform would keep, through failures.
#[derive(Default)]
struct Kept {
    alias: Option<State>,
    credential: Option<State>,
    blue: Option<State>,
    green: Option<State>,
    pointer: Option<State>,
}

/// One object of the story: refreshed, then applied. A failed create taints: it is deleted and created anew, as Terraform
/// does.
async fn advance(
    world: &World,
    type_name: &str,
    kept: &mut Option<State>,
    config: &Object,
) -> Result<String, String> {
    let tainted = kept.as_ref().is_some_and(|it| it.object.contains_key("tainted"));
    if let Some(state) = kept.take() {
        let mut state = state;
        state.object.remove("tainted");
        let (refreshed, problems) = world.refresh(type_name, &state).await;
        if problems.has_errors() {
            if tainted {
                state.object.insert("tainted".to_owned(), Value::Bool(true));
            }
            *kept = Some(state);
            return Err(said(type_name, &problems));
        }
        *kept = refreshed;
    }
    if tainted && let Some(state) = kept.take() {
        let (left, problems) = world.delete(type_name, &state).await;
        if problems.has_errors() {
            *kept = left.map(|mut it| {
                it.object.insert("tainted".to_owned(), Value::Bool(true));
                it
            });
            return Err(said(type_name, &problems));
        }
    }
    let is_new = kept.is_none();
    let (state, problems) = world.apply(type_name, kept.as_ref(), config).await;
    *kept = state;
    if problems.has_errors() {
        if let Some(state) = kept.as_mut().filter(|_| is_new) {
            state.object.insert("tainted".to_owned(), Value::Bool(true));
        }
        return Err(said(type_name, &problems));
    }
    Ok(attribute(kept.as_ref().unwrap(), "id"))
}

fn said(type_name: &str, problems: &Diagnostics) -> String {
    format!("{type_name}: {}", errors(problems).join("; "))
}

/// The whole story: an alias, a credential, two connections, and the pointer at one of them.
async fn story(world: &World, kept: &mut Kept, winner: &str, version: &str) -> Result<(), String> {
    let problems = world.configure().await;
    if problems.has_errors() {
        return Err(said("provider", &problems));
    }
    let alias = config(world, "servicenow_connection_alias", &[("name", text("orders"))]);
    let alias = advance(world, "servicenow_connection_alias", &mut kept.alias, &alias).await?;
    let credential = [
        ("name", text("user")),
        ("user_name", text("svc")),
        ("password_wo", text("planted secret")),
        ("password_wo_version", text(version)),
    ];
    let credential = config(world, "servicenow_basic_auth_credential", &credential);
    let credential =
        advance(world, "servicenow_basic_auth_credential", &mut kept.credential, &credential).await?;
    let connection = |name: &str, credential: Value| {
        let members = [
            ("name", text(name)),
            ("connection_alias_id", text(&alias)),
            ("connection_url", text(&format!("https://{name}.example"))),
            ("credential_id", credential),
        ];
        config(world, "servicenow_http_connection", &members)
    };
    let blue = connection("blue", text(&credential));
    let blue = advance(world, "servicenow_http_connection", &mut kept.blue, &blue).await?;
    let green = connection("green", Value::Null);
    let green = advance(world, "servicenow_http_connection", &mut kept.green, &green).await?;
    let wish = if winner == "blue" { blue } else { green };
    let pointer = [
        ("connection_alias_id", text(&alias)),
        ("connection_id", text(&wish)),
        // What is active is not deleted: the pointer goes first and leaves nothing active.
        ("on_destroy", text("deactivate")),
    ];
    let pointer = config(world, "servicenow_connection_activation", &pointer);
    advance(world, "servicenow_connection_activation", &mut kept.pointer, &pointer).await?;
    Ok(())
}

fn check_rows(world: &World, winner: &str, story: &str) {
    let instants = world.instants.lock().unwrap().clone();
    assert!(instants.iter().all(|it| *it <= 1), "{story}: two were active: {instants:?}");
    for (table, count) in [("sys_alias", 1), ("basic_auth_credentials", 1), ("http_connection", 2)] {
        assert_eq!(world.simulator.rows(table).len(), count, "{story}: {table}");
    }
    let active: Vec<String> = world
        .rows("http_connection", "name")
        .into_iter()
        .filter(|(_, row)| row["active"] == "true")
        .map(|(name, _)| name)
        .collect();
    assert_eq!(active, [winner], "{story}");
    let id = &world.rows("basic_auth_credentials", "name")["user"]["sys_id"];
    let secret = world.simulator.stored_secret("basic_auth_credentials", id, "password");
    assert_eq!(secret.as_deref(), Some("planted secret"), "{story}");
}

/// What goes wrong, and how many requests in a row: a network that breaks stays broken until somebody runs again.
fn kinds() -> Vec<(FaultKind, u32)> {
    let refused = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception"},"status":"failure"}"#;
    vec![
        (FaultKind::RefusedBefore { status: 403, body: refused.to_owned() }, 1),
        (FaultKind::LostAfter, 1),
        (FaultKind::LostAfter, 10_000),
        (FaultKind::LostBefore, 10_000),
        (FaultKind::TruncatedBody, 1),
    ]
}

/// What passes, or says the wrong thing: an instance that is full, limited, restarting or signed out, and answers that
/// are none.
fn passing_kinds() -> Vec<(FaultKind, u32)> {
    let status = |status, retry_after_s| FaultKind::Status { status, retry_after_s };
    vec![
        (status(429, Some(3_600)), 1),
        (status(429, None), 1),
        (status(202, None), 1),
        (status(401, None), 1),
        (status(503, None), 10_000),
        (FaultKind::ErrorInBody, 1),
        (FaultKind::Html { status: 200 }, 1),
        (FaultKind::Html { status: 502 }, 1),
    ]
}

#[tokio::test]
async fn a_failure_that_passes_heals_on_the_next_apply_at_the_latest() {
    for (kind, times) in passing_kinds() {
        for at in 1..REQUESTS_MAX {
            let world = World::over(crate::world::empty());
            world.simulator.set("one_active_rule", "refuse").unwrap();
            let mut kept = Kept::default();
            let label = format!("{kind:?} at request {at}, {times} times");
            world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
            let first = story(&world, &mut kept, "blue", "1").await;
            world.simulator.clear_faults();
            if first.is_ok() && world.requests().len() < at as usize {
                break;
            }
            let healed = story(&world, &mut kept, "blue", "1").await;
            healed.unwrap_or_else(|it| panic!("{label}: does not heal: {it}"));
            check_rows(&world, "blue", &label);
            assert!(at < REQUESTS_MAX - 1, "{label}: the loop does not end");
        }
    }
}

/// Deletes what is left of the story, in the order in which Terraform does.
async fn destroy(world: &World, kept: &mut Kept) -> Result<(), String> {
    let problems = world.configure().await;
    if problems.has_errors() {
        return Err(said("provider", &problems));
    }
    let connection = "servicenow_http_connection";
    for (type_name, state) in [
        ("servicenow_connection_activation", &mut kept.pointer),
        (connection, &mut kept.green),
        (connection, &mut kept.blue),
        ("servicenow_basic_auth_credential", &mut kept.credential),
        ("servicenow_connection_alias", &mut kept.alias),
    ] {
        let Some(known) = state.take() else { continue };
        let (left, problems) = world.delete(type_name, &known).await;
        assert_eq!(
            left.is_some(),
            problems.has_errors(),
            "{type_name}: it is gone, or an error says why not"
        );
        *state = left;
        if problems.has_errors() {
            return Err(said(type_name, &problems));
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_destroy_heals_on_the_next_one() {
    for (kind, times) in kinds().into_iter().chain(passing_kinds()) {
        for at in 1..REQUESTS_MAX {
            let world = World::over(crate::world::empty());
            let mut kept = Kept::default();
            story(&world, &mut kept, "blue", "1").await.unwrap();
            let before = world.requests().len();
            let label = format!("destroy, {kind:?} at request {at}, {times} times");
            world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
            let first = destroy(&world, &mut kept).await;
            world.simulator.clear_faults();
            if first.is_ok() && world.requests().len() - before < at as usize {
                break;
            }
            destroy(&world, &mut kept).await.unwrap_or_else(|it| panic!("{label}: does not heal: {it}"));
            for table in ["sys_alias", "sys_connection", "discovery_credentials"] {
                assert_eq!(world.simulator.rows(table).len(), 0, "{label}: {table}");
            }
            assert!(at < REQUESTS_MAX - 1, "{label}: the loop does not end");
        }
    }
}

#[tokio::test]
async fn a_failure_of_any_request_of_an_import_changes_nothing() {
    for (kind, times) in kinds().into_iter().chain(passing_kinds()) {
        for at in 1..REQUESTS_MAX {
            let world = World::over(crate::world::empty());
            let mut kept = Kept::default();
            story(&world, &mut kept, "blue", "1").await.unwrap();
            let (rows, before) = (world.simulator.rows("sys_alias"), world.requests().len());
            world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
            let resource = world.resource("servicenow_connection_alias");
            let first = resource.import().unwrap().by_id("orders").await;
            let requests = world.requests().len() - before;
            world.simulator.clear_faults();
            assert_eq!(world.simulator.rows("sys_alias"), rows, "{kind:?} at {at}");
            // The next command is another process: it does not know of a quota that this one met.
            assert!(!world.configure().await.has_errors(), "{kind:?} at {at}");
            let second = resource.import().unwrap().by_id("orders").await;
            assert!(second.is_ok(), "{kind:?} at {at}");
            if first.is_ok() && requests < at as usize {
                break;
            }
            assert!(at < REQUESTS_MAX - 1, "{kind:?}: the loop does not end");
        }
    }
}

#[tokio::test]
async fn a_failure_of_any_request_heals_on_the_next_apply() {
    let mut disturbed = 0;
    // The first winner has no rival: the rule of the instance does not come into play.
    for rule in ["refuse"] {
        for (kind, times) in kinds() {
            for at in 1..REQUESTS_MAX {
                let world = World::over(crate::world::empty());
                world.simulator.set("one_active_rule", rule).unwrap();
                let mut kept = Kept::default();
                let label = format!("{rule}, {kind:?} at request {at}, {times} times");
                world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
                let first = story(&world, &mut kept, "blue", "1").await;
                world.simulator.clear_faults();
                let requests = world.requests().len();
                disturbed += usize::from(first.is_err());
                if first.is_ok() && requests < at as usize {
                    check_rows(&world, "blue", &label);
                    break;
                }
                story(&world, &mut kept, "blue", "1")
                    .await
                    .unwrap_or_else(|it| panic!("{label}: does not heal: {it}"));
                check_rows(&world, "blue", &label);
                assert!(at < REQUESTS_MAX - 1, "{label}: the loop does not end");
            }
        }
    }
    assert!(disturbed > 40, "the faults were met: {disturbed}");
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_switch_heals_on_the_next_apply() {
    let mut disturbed = 0;
    for rule in ["cascade", "refuse", "none"] {
        for (kind, times) in kinds() {
            for at in 1..REQUESTS_MAX {
                let world = World::over(crate::world::empty());
                world.simulator.set("one_active_rule", rule).unwrap();
                let mut kept = Kept::default();
                story(&world, &mut kept, "blue", "1").await.unwrap();
                world.instants.lock().unwrap().clear();
                let before = world.requests().len();
                let label = format!("switch, {rule}, {kind:?} at request {at}, {times} times");
                world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
                let first = story(&world, &mut kept, "green", "2").await;
                world.simulator.clear_faults();
                let requests = world.requests().len() - before;
                disturbed += usize::from(first.is_err());
                if first.is_ok() && requests < at as usize {
                    check_rows(&world, "green", &label);
                    break;
                }
                story(&world, &mut kept, "green", "2")
                    .await
                    .unwrap_or_else(|it| panic!("{label}: does not heal: {it}"));
                check_rows(&world, "green", &label);
                assert!(at < REQUESTS_MAX - 1, "{label}: the loop does not end");
            }
        }
    }
    assert!(disturbed > 40, "the faults were met: {disturbed}");
}
