//! A switch that lets messages come to their end: the integration is paused, what is in work ends through the old
//! connection, what came in the pause goes to the new one, and whatever happens the integration sends again or somebody is
//! told that it does not.

mod states;
mod troubles;

use servicenow_core::{Method, Request};
use servicenow_sim::Simulator;
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::world::stage::{USUAL, errors, warnings};
use crate::world::{World, by_hand, text};

const INTEGRATION: &str = "x_snd_eb_integration";
const TRANSACTION: &str = "x_snd_eb_transaction";
const STAGE: &crate::world::stage::Stage = USUAL[1];

/// An instance whose messages come and go.
#[derive(Clone)]
struct Traffic {
    simulator: Simulator,
    integration: String,
}

impl Traffic {
    fn ask(&self, method: Method, path: &str, body: &str) -> serde_json::Value {
        let mut request = Request::new(method, format!("/api/now/table/{path}"));
        request.body = Some(body.to_owned());
        serde_json::from_slice(&by_hand(&self.simulator, request).body).unwrap_or_default()
    }

    /// A message comes, unless the instance cannot take it just now.
    fn comes(&self, number: &str) -> String {
        let body = format!(r#"{{"integration":"{}","number":"{number}"}}"#, self.integration);
        self.ask(Method::Post, TRANSACTION, &body)["result"]["sys_id"].as_str().unwrap_or_default().to_owned()
    }

    /// A message becomes something.
    fn becomes(&self, id: &str, state: &str) {
        self.ask(Method::Patch, &format!("{TRANSACTION}/{id}"), &format!(r#"{{"state":"{state}"}}"#));
    }

    /// Every message in work ends.
    fn ends(&self) {
        for row in self.simulator.rows(TRANSACTION).iter().filter(|it| it["state"] == "sending") {
            self.becomes(&row["sys_id"], "complete");
        }
    }

    /// The integration becomes something.
    fn integration_becomes(&self, state: &str) {
        let path = format!("{INTEGRATION}/{}", self.integration);
        self.ask(Method::Patch, &path, &format!(r#"{{"state":"{state}"}}"#));
    }

    fn state(&self) -> String {
        self.simulator.rows(INTEGRATION).into_iter().find(|it| it["sys_id"] == self.integration).unwrap()["state"]
            .clone()
    }
}

/// An integration with two connections, and a pointer that waits.
pub struct Story {
    world: World,
    traffic: Traffic,
    blue: String,
    green: String,
    state: Option<State>,
    block: Value,
}

impl Story {
    async fn new(queued: Option<&str>) -> Story {
        let world = STAGE.world().await;
        let mut it = Story::over(world, queued);
        let blue = it.to(&it.blue);
        it.state = Some(it.world.put(STAGE.pointer, None, &blue).await);
        it.world.simulator.clear_journal();
        it
    }

    /// The same before the pointer is there.
    fn over(world: World, queued: Option<&str>) -> Story {
        let (integration, ids) = STAGE.by_hand(&world, "orders", &["blue", "green"]);
        let traffic = Traffic { simulator: world.simulator.clone(), integration };
        let queued = queued.map_or(Value::Null, text);
        let block = [("longest_wait".to_owned(), text("1m")), ("queued".to_owned(), queued)];
        let block = Value::Map(block.into());
        let [blue, green] = ids.try_into().unwrap();
        Story { world, traffic, blue, green, state: None, block }
    }

    fn to(&self, id: &str) -> Object {
        let more = [("wait_until_inactive_drained", self.block.clone())];
        STAGE.pointer(&self.world, (&self.traffic.integration, text(id)), &more)
    }

    /// Switches to green. Gives the errors and the warnings.
    async fn switch(&mut self) -> (Vec<String>, Vec<String>) {
        let config = self.to(&self.green);
        let (state, problems) = self.world.apply(STAGE.pointer, self.state.as_ref(), &config).await;
        self.state = state;
        (errors(&problems), warnings(&problems))
    }

    /// Each message and the connection that it went through.
    fn ways(&self) -> Vec<String> {
        let rows = self.world.simulator.rows(TRANSACTION);
        let colour = |id: &str| match id {
            "" => "nobody".to_owned(),
            id if id == self.blue => "blue".to_owned(),
            _ => "green".to_owned(),
        };
        let mut ways: Vec<String> = rows
            .iter()
            .map(|it| format!("{} {} {}", it["number"], it["state"], colour(&it["connection"])))
            .collect();
        ways.sort();
        ways
    }

    /// The writes, with the names of what was written.
    fn writes(&self) -> Vec<String> {
        let short = |it: String| {
            it.replace(&format!("/api/now/table/{INTEGRATION}/{}", self.traffic.integration), "integration")
                .replace("/api/now/table/x_snd_eb_connection/", "")
                .replace(&self.green, "green")
                .replace(&self.blue, "blue")
        };
        self.world.writes().into_iter().map(short).filter(|it| !it.contains(TRANSACTION)).collect()
    }

    /// Green is active, the integration sends, and this became of the messages.
    fn check(&self, ways: &[&str]) {
        assert_eq!(
            (STAGE.active(&self.world), self.traffic.state().as_str()),
            (vec!["green".to_owned()], "active")
        );
        assert_eq!(self.ways(), ways);
    }
}

fn nothing() -> (Vec<String>, Vec<String>) {
    (Vec::new(), Vec::new())
}

const DRAINED: [&str; 3] = ["PATCH integration", "PATCH green", "PATCH integration"];

#[tokio::test]
async fn a_quiet_integration_is_paused_for_the_switch_and_resumed() {
    for queued in [None, Some("refuse"), Some("send_to_new")] {
        let mut it = Story::new(queued).await;
        assert_eq!(it.switch().await, nothing());
        it.check(&[]);
        assert_eq!(it.writes(), DRAINED, "{queued:?}");
        let green = it.to(&it.green);
        let state = it.state.as_ref().unwrap();
        assert_eq!(it.world.drift(STAGE.pointer, state, &green).await, Vec::<String>::new());
        it.world.simulator.clear_journal();
        assert_eq!(it.switch().await, nothing());
        assert_eq!(it.writes(), Vec::<String>::new(), "nothing is switched, so nothing is paused");
    }
}

#[tokio::test]
async fn a_message_in_work_ends_through_the_old_one_before_anything_is_paused() {
    let mut it = Story::new(None).await;
    it.world.simulator.set("unifi_sending", "slow").unwrap();
    it.traffic.comes("one");
    let (traffic, mut waits) = (it.traffic.clone(), 0);
    it.world.meanwhile(move |what| {
        waits += usize::from(what == "wait");
        if waits == 3 {
            traffic.ends();
        }
    });
    assert_eq!(it.switch().await, nothing());
    it.check(&["one complete blue"]);
    assert_eq!(it.writes(), DRAINED);
}

#[tokio::test]
async fn what_comes_in_the_pause_is_sent_by_the_new_one() {
    let mut it = Story::new(None).await;
    let (traffic, mut has_come) = (it.traffic.clone(), false);
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/x_snd_eb_connection") && !has_come {
            has_come = true;
            traffic.comes("late");
        }
    });
    assert_eq!(it.switch().await, nothing());
    it.check(&["late complete green"]);
}

#[tokio::test]
async fn what_came_a_moment_before_the_pause_and_waits_is_let_go_to_the_old_one_first() {
    let mut it = Story::new(None).await;
    let (traffic, mut has_come) = (it.traffic.clone(), false);
    it.world.meanwhile(move |what| {
        if what.starts_with("PATCH /api/now/table/x_snd_eb_integration") && !has_come {
            has_come = true;
            let id = traffic.comes("early");
            traffic.becomes(&id, "queued");
        }
    });
    assert_eq!(it.switch().await, nothing());
    it.check(&["early complete blue"]);
    assert_eq!(it.writes()[..2], ["PATCH integration", "PATCH integration"], "paused, and resumed for it");
}

#[tokio::test]
async fn what_is_in_work_when_the_pause_begins_is_waited_for() {
    for queued in [None, Some("send_to_new")] {
        let mut it = Story::new(queued).await;
        it.world.simulator.set("unifi_sending", "slow").unwrap();
        let (traffic, mut has_come) = (it.traffic.clone(), false);
        it.world.meanwhile(move |what| {
            if what.starts_with("PATCH /api/now/table/x_snd_eb_integration") && !has_come {
                has_come = true;
                traffic.comes("early");
            } else if what == "wait" {
                traffic.ends();
            }
        });
        assert_eq!(it.switch().await, nothing());
        it.check(&["early complete blue"]);
        assert_eq!(it.writes(), DRAINED);
    }
}

#[tokio::test]
async fn what_waits_goes_to_the_new_one_where_somebody_says_so_and_is_named() {
    let mut it = Story::new(Some("send_to_new")).await;
    for number in ["TX1", "TX2"] {
        let id = it.traffic.comes(number);
        it.traffic.becomes(&id, "queued");
    }
    let (problems, said) = it.switch().await;
    assert_eq!(problems, Vec::<String>::new());
    let [said] = &said[..] else { panic!("{said:?}") };
    assert!(said.contains("TX1, TX2 wait") && said.contains("go to the new connection"), "{said}");
    it.check(&["TX1 complete green", "TX2 complete green"]);
}

#[tokio::test]
async fn when_the_time_is_over_nothing_is_switched_and_the_integration_sends_again() {
    for (when, queued) in [("before", None), ("in the pause", None), ("in the pause", Some("send_to_new"))] {
        let mut it = Story::new(queued).await;
        it.world.simulator.set("unifi_sending", "slow").unwrap();
        let (traffic, mut has_come) = (it.traffic.clone(), when == "before");
        if has_come {
            traffic.comes("TX7");
        }
        it.world.meanwhile(move |what| {
            if what.starts_with("PATCH /api/now/table/x_snd_eb_integration") && !has_come {
                has_come = true;
                traffic.comes("TX7");
            }
        });
        let began_ms = it.world.waited_ms();
        let (problems, _) = it.switch().await;
        let [problem] = &problems[..] else { panic!("{problems:?}") };
        for part in [
            "After 60 seconds there is still one transaction on the way: 1 `sending`",
            "TX7",
            "Nothing was switched.",
        ] {
            assert!(problem.contains(part), "{when}: {part} is missing in {problem}");
        }
        assert_eq!(
            problem.contains("It had been paused for that, and was resumed."),
            when != "before",
            "{problem}"
        );
        assert!((60_000..61_000).contains(&(it.world.waited_ms() - began_ms)), "{when}");
        assert_eq!(
            (STAGE.active(&it.world), it.traffic.state().as_str()),
            (vec!["blue".to_owned()], "active")
        );
        assert_eq!(it.ways(), ["TX7 sending blue"]);
    }
}

#[tokio::test]
async fn an_integration_that_somebody_paused_stays_paused_and_what_waits_there_is_not_sent_on() {
    let mut it = Story::new(None).await;
    it.traffic.integration_becomes("paused");
    it.traffic.comes("TX3");
    let (problems, _) = it.switch().await;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    for part in ["Somebody paused it, and the transaction TX3 waits", "Nothing was switched.", "Resume it"] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert_eq!((STAGE.active(&it.world), it.traffic.state().as_str()), (vec!["blue".to_owned()], "paused"));
    it.traffic.integration_becomes("active");
    it.traffic.integration_becomes("paused");
    it.world.simulator.clear_journal();
    let (problems, said) = it.switch().await;
    assert_eq!((problems, STAGE.active(&it.world)), (vec![], vec!["green".to_owned()]));
    assert!(said.iter().any(|it| it.contains("\"orders\" is paused")), "{said:?}");
    assert_eq!((it.traffic.state().as_str(), it.writes()), ("paused", vec!["PATCH green".to_owned()]));
    let (_, said) = it.world.refresh(STAGE.pointer, it.state.as_ref().unwrap()).await;
    assert!(warnings(&said).iter().any(|it| it.contains("was killed")), "a refresh says so too: {said:?}");
}

#[tokio::test]
async fn where_nothing_is_active_nothing_is_paused_and_what_waits_is_not_sent_without_a_word() {
    let mut it = Story::over(STAGE.world().await, None);
    let waiting = it.traffic.comes("TX4");
    it.traffic.becomes(&waiting, "queued");
    let (problems, _) = it.switch().await;
    let [problem] = &problems[..] else { panic!("{problems:?}") };
    assert!(problem.contains("No connection is active, and the transaction TX4 waits"), "{problem}");
    assert_eq!((STAGE.active(&it.world), it.state.is_none()), (vec![], true));
    it.traffic.becomes(&waiting, "complete");
    it.world.simulator.clear_journal();
    assert_eq!(it.switch().await, nothing());
    assert_eq!(it.writes(), ["PATCH green"]);
}

/// The situations of messages, for the test that each of them comes about.
pub async fn said(name: &str) -> Vec<String> {
    let mut it = Story::new(Some("send_to_new").filter(|_| name == "waiting_goes_to_new")).await;
    match name {
        "not_drained" => it.world.simulator.set("unifi_pause", "ignored").unwrap(),
        "group_is_paused" => it.traffic.integration_becomes("paused"),
        "still_paused" => troubles::no_resuming(&it),
        _ => {
            let id = it.traffic.comes("TX5");
            it.traffic.becomes(&id, "queued");
        }
    }
    let (problems, said) = it.switch().await;
    [problems, said].concat()
}
