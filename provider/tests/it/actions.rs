//! Switches that are made once, because somebody says so: of one integration and of many, whatever tables they live in.

use servicenow_client::Cause;
use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Object, Value};

use crate::standing::{host, invoke};
use crate::world::stage::{STAGES, Stage};
use crate::world::{World, text};

/// Two integrations of each kind, of which the live connection is active.
struct Night {
    world: World,
    /// The stage, the group, live and trial.
    groups: Vec<(&'static Stage, String, [String; 2])>,
}

impl Night {
    async fn new() -> Night {
        let (native, unifi) = (STAGES[0], STAGES[3]);
        let world = unifi.world().await;
        let mut groups = Vec::new();
        for stage in [native, unifi] {
            for name in ["invoices", "orders"] {
                let (group, members) = stage.by_hand(&world, name, &["live", "trial"]);
                stage.edit(&world, &members[0], true);
                groups.push((stage, group, members.try_into().unwrap()));
            }
        }
        world.simulator.clear_journal();
        Night { world, groups }
    }

    fn to(&self, which: usize) -> Value {
        let choice =
            |(_, group, members): &(&Stage, String, [String; 2])| (group.clone(), text(&members[which]));
        Value::Map(self.groups.iter().map(choice).collect::<Object>())
    }

    fn active(&self) -> Vec<String> {
        [STAGES[0], STAGES[3]].iter().flat_map(|it| it.active(&self.world)).collect()
    }
}

const ACTION: &str = "servicenow_switch_environment";

#[tokio::test]
async fn many_are_switched_as_one_and_each_is_told() {
    let it = Night::new().await;
    let client = host(it.world.simulator.clone(), Ok(200)).await;
    let config = [("connections", it.to(1)), ("test_first", Value::Bool(true))];
    let (lines, failures) = invoke(&client, ACTION, &config).await;
    assert_eq!((failures, it.active()), (vec![], vec!["trial".to_owned(); 4]));
    let told = lines.join("\n");
    for part in
        ["4 of 4 integrations", "switched orders (", "orders - live -> orders - trial", "the other system"]
    {
        assert!(told.contains(part), "{part} is missing in {told}");
    }
    let writes = it.world.writes().len();
    let (lines, failures) = invoke(&client, ACTION, &[("connections", it.to(1))]).await;
    assert_eq!((failures, it.world.writes().len()), (vec![], writes), "what is so already is left alone");
    assert!(lines.join("\n").contains("0 of 4"), "{lines:?}");
    let (_, failures) = invoke(&client, ACTION, &[("connections", it.to(0))]).await;
    assert_eq!((failures, it.active()), (vec![], vec!["live".to_owned(); 4]), "and back");
}

#[tokio::test]
async fn one_that_cannot_be_switched_leads_the_others_back_unless_they_are_to_stay() {
    for (rollback, left) in [(Value::Null, 0), (text("none"), 3)] {
        let it = Night::new().await;
        let (stage, _, members) = it.groups.iter().max_by_key(|it| it.1.clone()).unwrap();
        let refused = FaultKind::RefusedBefore { status: 403, body: stage.refusal() };
        let fault = Fault::next(refused).on_method("PATCH").on_path(&members[1]).times(100);
        it.world.simulator.fault(fault);
        let client = host(it.world.simulator.clone(), Ok(200)).await;
        let config = [("connections", it.to(1)), ("rollback", rollback)];
        let (_, failures) = invoke(&client, ACTION, &config).await;
        let [failure] = &failures[..] else { panic!("{failures:?}") };
        assert!(failure.contains("Freeze") && failure.contains("could not be switched"), "{failure}");
        assert_eq!(it.active().iter().filter(|it| *it == "trial").count(), left, "{failure}");
        assert_eq!(it.active().len(), 4, "none went dark");
    }
}

#[tokio::test]
async fn nothing_is_switched_where_one_is_missing_or_does_not_answer() {
    let it = Night::new().await;
    let client = host(it.world.simulator.clone(), Err(Cause::Tcp)).await;
    let config = [("connections", it.to(1)), ("test_first", Value::Bool(true))];
    let (_, failures) = invoke(&client, ACTION, &config).await;
    assert!(failures.join("").contains("Nothing was changed"), "{failures:?}");
    let Value::Map(mut choices) = it.to(1) else { panic!("a map") };
    choices.insert("0123456789abcdef0123456789abcdef".to_owned(), text(&it.groups[0].2[1]));
    let (_, failures) = invoke(&client, ACTION, &[("connections", Value::Map(choices))]).await;
    assert!(failures.join("").contains("There is no connection alias"), "{failures:?}");
    assert_eq!((it.active(), it.world.writes()), (vec!["live".to_owned(); 4], vec![]));
}

#[tokio::test]
async fn what_could_not_work_is_not_activated() {
    let it = Night::new().await;
    let client = host(it.world.simulator.clone(), Ok(200)).await;
    for (stage, _, members) in &it.groups {
        let path = format!("/api/now/table/{}/{}", stage.table, members[1]);
        let body = format!(r#"{{"{}":""}}"#, stage.address);
        assert_eq!(it.world.hand(Method::Patch, &path, &body).status, 200);
    }
    it.world.simulator.clear_journal();
    for (_, _, members) in &it.groups {
        let config = [("connection_id", text(&members[1]))];
        let (_, failures) = invoke(&client, "servicenow_activate_connection", &config).await;
        assert!(failures.join("").contains("could not work once it is active"), "{failures:?}");
    }
    let (_, failures) = invoke(&client, ACTION, &[("connections", it.to(1))]).await;
    assert!(failures.join("").contains("could not work once it is active"), "{failures:?}");
    assert_eq!((it.active(), it.world.writes()), (vec!["live".to_owned(); 4], vec![]));
}

#[tokio::test]
async fn one_connection_is_activated_whatever_tables_it_lives_in() {
    let it = Night::new().await;
    let client = host(it.world.simulator.clone(), Ok(200)).await;
    for (stage, _, members) in &it.groups {
        let config = [("connection_id", text(&members[1])), ("test_first", Value::Bool(true))];
        let (lines, failures) = invoke(&client, "servicenow_activate_connection", &config).await;
        assert_eq!(failures, Vec::<String>::new(), "{}", stage.label);
        let told = lines.join("\n");
        assert!(told.contains("- live\"") && told.contains("active now: "), "{told}");
    }
    assert_eq!(it.active(), vec!["trial".to_owned(); 4]);
}
