//! The fault loop: every request of a story fails in turn, once refused and once lost after it took effect. The next
//! apply must end where the undisturbed one ends, with no record twice and never two connections active.

use std::collections::BTreeSet;

use servicenow_client::Client;
use servicenow_core::{Method, Query};
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text};

/// Requests that a story may take at most; the loop ends when a fault is not met any more.
const REQUESTS_MAX: u32 = 60;

/// The state that Terraform would keep, through failures.
#[derive(Clone, Default)]
struct Kept {
    alias: Option<State>,
    credential: Option<State>,
    blue: Option<State>,
    green: Option<State>,
    pointer: Option<State>,
}

/// One object of the story: refreshed, then applied. A failed create taints: it is deleted and created anew, as Terraform
/// does.
pub async fn advance(
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
            ("connection_url", text(&format!("https://{name}{version}.example"))),
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

/// What the states say is what the instance has, and nothing is left to do.
async fn check_states(world: &World, kept: &Kept, label: &str) {
    for (type_name, state) in [
        ("servicenow_connection_alias", &kept.alias),
        ("servicenow_basic_auth_credential", &kept.credential),
        ("servicenow_http_connection", &kept.blue),
        ("servicenow_http_connection", &kept.green),
        ("servicenow_connection_activation", &kept.pointer),
    ] {
        let state = state.as_ref().unwrap();
        let (live, problems) = world.refresh(type_name, state).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{label}: {type_name}");
        let (mut live, mut known) = (live.unwrap().object, state.object.clone());
        // Whether a connection is active was decided after its own turn, and what a switch did is of that switch alone.
        for told_by_others in ["active", "deactivates"] {
            live.remove(told_by_others);
            known.remove(told_by_others);
        }
        assert_eq!(live, known, "{label}: {type_name}");
    }
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

/// A moment of an instance to which every turn of a loop returns, with the states that Terraform has then.
struct Moment {
    world: World,
    kept: Kept,
}

impl Moment {
    /// An empty instance.
    fn empty(rule: &str) -> Moment {
        let world = World::over(crate::world::empty());
        world.simulator.set("one_active_rule", rule).unwrap();
        world.simulator.snapshot("moment").unwrap();
        Moment { world, kept: Kept::default() }
    }

    /// An instance on which the first story has been told.
    async fn told(rule: &str) -> Moment {
        let mut moment = Moment::empty(rule);
        story(&moment.world, &mut moment.kept, "blue", "1").await.unwrap();
        moment.world.simulator.snapshot("moment").unwrap();
        moment
    }

    /// Returns to the moment, with something that will go wrong.
    fn again(&self, at: u32, kind: &FaultKind, times: u32) -> Kept {
        self.again_with(Fault::nth(at, kind.clone()).times(times))
    }

    fn again_with(&self, fault: Fault) -> Kept {
        self.world.simulator.clear_faults();
        self.world.simulator.restore("moment").unwrap();
        self.world.simulator.clear_journal();
        self.world.instants.lock().unwrap().clear();
        self.world.simulator.fault(fault);
        self.kept.clone()
    }

    /// Whether the request that was to go wrong was never sent, at the end of a first attempt.
    fn is_over(&self, at: u32, first: &Result<(), String>) -> bool {
        let met = self.world.simulator.journal().to_string().contains("\"fault\":");
        self.world.simulator.clear_faults();
        assert!(at < REQUESTS_MAX - 1, "the loop does not end");
        first.is_ok() && !met
    }
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
    let moment = Moment::empty("refuse");
    for (kind, times) in passing_kinds() {
        for at in 1..REQUESTS_MAX {
            let (world, mut kept) = (&moment.world, moment.again(at, &kind, times));
            let first = story(world, &mut kept, "blue", "1").await;
            if moment.is_over(at, &first) {
                break;
            }
            heals(world, &mut kept, ("blue", "1"), &format!("{kind:?} at request {at}, {times} times")).await;
        }
    }
}

/// The next apply goes through; afterwards rows and states are those of an undisturbed one.
async fn heals(world: &World, kept: &mut Kept, (winner, version): (&str, &str), label: &str) {
    let healed = story(world, kept, winner, version).await;
    healed.unwrap_or_else(|it| panic!("{label}: does not heal: {it}"));
    check_rows(world, winner, label);
    check_states(world, kept, label).await;
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
    let moment = Moment::told("refuse").await;
    for (kind, times) in kinds().into_iter().chain(passing_kinds()) {
        for at in 1..REQUESTS_MAX {
            let (world, mut kept) = (&moment.world, moment.again(at, &kind, times));
            let label = format!("destroy, {kind:?} at request {at}, {times} times");
            let first = destroy(world, &mut kept).await;
            if moment.is_over(at, &first) {
                break;
            }
            destroy(world, &mut kept).await.unwrap_or_else(|it| panic!("{label}: does not heal: {it}"));
            for table in ["sys_alias", "sys_connection", "discovery_credentials"] {
                assert_eq!(world.simulator.rows(table).len(), 0, "{label}: {table}");
            }
        }
    }
}

#[tokio::test]
async fn a_failure_of_any_request_of_an_import_changes_nothing() {
    let moment = Moment::told("refuse").await;
    let rows = moment.world.simulator.rows("sys_alias");
    for (kind, times) in kinds().into_iter().chain(passing_kinds()) {
        for at in 1..REQUESTS_MAX {
            let (world, label) = (&moment.world, format!("{kind:?} at {at}"));
            moment.again(at, &kind, times);
            let resource = world.resource("servicenow_connection_alias");
            let first = resource.import().unwrap().by_id("orders").await;
            let is_over = moment.is_over(at, &first.map(|_| ()).map_err(|it| said("import", &it)));
            assert_eq!(world.simulator.rows("sys_alias"), rows, "{label}");
            // The next command is another process: it does not know of a quota that this one met.
            assert!(!world.configure().await.has_errors(), "{label}");
            let second = resource.import().unwrap().by_id("orders").await;
            assert!(second.is_ok(), "{label}");
            if is_over {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_failure_of_any_request_heals_on_the_next_apply() {
    let mut disturbed = 0;
    // The first winner has no rival: the rule of the instance does not come into play.
    let moment = Moment::empty("refuse");
    for (kind, times) in kinds() {
        for at in 1..REQUESTS_MAX {
            let (world, mut kept) = (&moment.world, moment.again(at, &kind, times));
            let first = story(world, &mut kept, "blue", "1").await;
            disturbed += usize::from(first.is_err());
            if moment.is_over(at, &first) {
                break;
            }
            heals(world, &mut kept, ("blue", "1"), &format!("{kind:?} at request {at}, {times} times")).await;
        }
    }
    assert!(disturbed > 40, "the faults were met: {disturbed}");
}

/// Changes that touch no group: another address, another secret.
#[tokio::test]
async fn a_failure_of_any_request_of_an_update_heals_on_the_next_apply() {
    let moment = Moment::told("refuse").await;
    for (kind, times) in kinds().into_iter().chain(passing_kinds()) {
        for at in 1..REQUESTS_MAX {
            let (world, mut kept) = (&moment.world, moment.again(at, &kind, times));
            let label = format!("update, {kind:?} at request {at}, {times} times");
            let first = story(world, &mut kept, "blue", "2").await;
            if moment.is_over(at, &first) {
                break;
            }
            heals(world, &mut kept, ("blue", "2"), &label).await;
            let url = &world.rows("http_connection", "name")["blue"]["connection_url"];
            assert_eq!(url, "https://blue2.example", "{label}");
        }
    }
}

/// Rows of a list that takes two pages.
const LISTED: usize = 1_050;

#[tokio::test]
async fn a_failure_of_any_request_of_a_list_ends_in_every_row_or_in_an_error() {
    let world = World::over(crate::world::empty());
    for number in 0..LISTED {
        let row = format!("{{\"name\":\"listed-{number}\"}}");
        assert_eq!(world.hand(Method::Post, "/api/now/table/sys_alias", &row).status, 201);
    }
    let table = "sys_alias".parse().unwrap();
    let query = Query::new().equals("type", "connection").unwrap();
    for (kind, times) in kinds().into_iter().chain(passing_kinds()) {
        for at in 1..REQUESTS_MAX {
            world.simulator.clear_journal();
            world.simulator.fault(Fault::nth(at, kind.clone()).times(times));
            // Each list is that of another process.
            let client = Client::new(world.transport());
            let listed = client.list(&table, &query, &["name"]).await;
            let requests = world.requests().len();
            world.simulator.clear_faults();
            let label = format!("list, {kind:?} at request {at}, {times} times");
            let is_undisturbed = listed.is_ok() && requests < at as usize;
            match listed {
                Ok(rows) => {
                    let ids: BTreeSet<&str> = rows.iter().map(|it| it.text("sys_id")).collect();
                    assert_eq!((rows.len(), ids.len()), (LISTED, LISTED), "{label}");
                }
                Err(error) => assert!(!error.reason.is_empty(), "{label}"),
            }
            if is_undisturbed {
                break;
            }
            let again = Client::new(world.transport()).list(&table, &query, &["name"]).await;
            assert_eq!(again.unwrap().len(), LISTED, "{label}");
            assert!(at < REQUESTS_MAX - 1, "{label}: the loop does not end");
        }
    }
}

/// Under each rule of the instance; what passes is met alike under all of them.
async fn check_switch(rule: &str, kinds: Vec<(FaultKind, u32)>) {
    let disturbed = check_switch_on(Moment::told(rule).await, rule, kinds).await;
    assert!(disturbed > 20, "the faults were met: {disturbed}");
}

/// How many of the first attempts failed.
async fn check_switch_on(moment: Moment, rule: &str, kinds: Vec<(FaultKind, u32)>) -> usize {
    let mut disturbed = 0;
    for (kind, times) in kinds {
        for at in 1..REQUESTS_MAX {
            let (world, mut kept) = (&moment.world, moment.again(at, &kind, times));
            let label = format!("switch, {rule}, {kind:?} at request {at}, {times} times");
            let first = story(world, &mut kept, "green", "2").await;
            disturbed += usize::from(first.is_err());
            if moment.is_over(at, &first) {
                break;
            }
            heals(world, &mut kept, ("green", "2"), &label).await;
        }
    }
    disturbed
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_switch_heals_where_the_instance_cascades() {
    check_switch("cascade", kinds()).await;
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_switch_heals_where_the_instance_refuses() {
    check_switch("refuse", kinds()).await;
}

/// What goes wrong with one part of a batch: the part alone, or the whole answer with it.
fn kinds_of_parts() -> Vec<FaultKind> {
    let once = kinds().into_iter().chain(passing_kinds()).filter(|it| it.1 == 1).map(|it| it.0);
    let ends = [FaultKind::LostBefore, FaultKind::UnservicedBefore, FaultKind::UnservicedAfter];
    once.chain(ends).collect()
}

/// Both writes travel in one request there; a fault meets the request above, and each of its parts here.
#[tokio::test]
async fn a_failure_of_any_part_of_a_switch_heals_where_the_instance_refuses() {
    let moment = Moment::told("refuse").await;
    let (mut disturbed, mut in_parts) = (0, 0);
    for kind in kinds_of_parts() {
        for at in 1..REQUESTS_MAX {
            let label = format!("switch, part by part, {kind:?} at change {at}");
            let world = &moment.world;
            let mut kept = moment.again_with(Fault::nth(at, kind.clone()).on_method("PATCH"));
            let first = story(world, &mut kept, "green", "2").await;
            disturbed += usize::from(first.is_err());
            let journal = world.simulator.journal();
            let is_in_part = |it: &serde_json::Value| it["parts"].to_string().contains("\"fault\":");
            in_parts += usize::from(journal.as_array().unwrap().iter().any(is_in_part));
            if moment.is_over(at, &first) {
                break;
            }
            heals(world, &mut kept, ("green", "2"), &label).await;
        }
    }
    assert!(disturbed > 10 && in_parts > 20, "the faults were met: {disturbed}, {in_parts} of them by parts");
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_switch_heals_where_the_instance_does_nothing() {
    check_switch("none", kinds()).await;
}

#[tokio::test]
async fn a_failure_that_passes_heals_in_a_switch_too() {
    check_switch("refuse", passing_kinds()).await;
}
