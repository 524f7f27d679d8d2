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
    let pointer = [("connection_alias_id", text(&alias)), ("connection_id", text(&wish))];
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
fn kinds() -> [(FaultKind, u32); 5] {
    let refused = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception"},"status":"failure"}"#;
    [
        (FaultKind::RefusedBefore { status: 403, body: refused.to_owned() }, 1),
        (FaultKind::LostAfter, 1),
        (FaultKind::LostAfter, 10_000),
        (FaultKind::LostBefore, 10_000),
        (FaultKind::TruncatedBody, 1),
    ]
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
