//! Random histories of many integrations: applies, hand edits, refused and lost requests, killed processes and two runs at
//! once, under every rule that an instance may keep, with the platform's own tables and with those of Unifi. At every
//! instant at most one connection of an integration is active by our doing; the next apply ends as declared, whatever came
//! before; and nothing is left behind.
//!
//! A failing history is printed with its seed and made as short as it can be. `PROPTEST_CASES=5000` makes more of them.

use proptest::prelude::*;
use servicenow_core::Method;
use servicenow_sim::{Fault, FaultKind};
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::world::stage::{STAGES, Stage};
use crate::world::{World, attribute, config, errors, text};

const ENVIRONMENT: &str = "servicenow_environment";

/// Two integrations have a pointer of their own, and two share an environment.
const POINTERS: usize = 2;
const INTEGRATIONS: usize = 4;
const CONNECTIONS: usize = 3;

/// Something that happens.
#[derive(Clone, Debug)]
enum Event {
    /// A resource is applied with these wishes.
    Apply { resource: usize, wishes: [usize; 2], trouble: Trouble },
    /// Somebody edits a connection.
    Hand { integration: usize, connection: usize, active: bool },
    /// Two processes apply the same resource at the same time, each with a wish of its own.
    AtOnce { resource: usize, one: [usize; 2], other: [usize; 2] },
}

/// What goes wrong during an apply.
#[derive(Clone, Debug)]
enum Trouble {
    None,
    /// One request fails in this way.
    Fault {
        at: u32,
        kind: usize,
    },
    /// The process is killed at one request, before or after the instance carried it out.
    Killed {
        at: u64,
        executed: bool,
    },
}

/// How a request fails, and how many in a row.
fn kind(stage: &Stage, index: usize) -> (FaultKind, u32) {
    let refused = stage.refusal();
    match index {
        0 => (FaultKind::RefusedBefore { status: 403, body: refused }, 1),
        1 => (FaultKind::LostAfter, 1),
        2 => (FaultKind::LostAfter, 10_000),
        3 => (FaultKind::LostBefore, 10_000),
        4 => (FaultKind::Status { status: 503, retry_after_s: None }, 10_000),
        _ => (FaultKind::RefusedBefore { status: 403, body: refused }, 10_000),
    }
}

fn wishes() -> impl Strategy<Value = [usize; 2]> {
    [0..CONNECTIONS, 0..CONNECTIONS]
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        2 => Just(Trouble::None),
        2 => (1_u32..16, 0_usize..6).prop_map(|(at, kind)| Trouble::Fault { at, kind }),
        2 => (1_u64..16, any::<bool>()).prop_map(|(at, executed)| Trouble::Killed { at, executed }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let resource = 0..=POINTERS;
    prop_oneof![
        4 => (resource.clone(), wishes(), trouble())
            .prop_map(|(resource, wishes, trouble)| Event::Apply { resource, wishes, trouble }),
        2 => (0..INTEGRATIONS, 0..CONNECTIONS, any::<bool>())
            .prop_map(|(integration, connection, active)| Event::Hand { integration, connection, active }),
        1 => (resource, wishes(), wishes())
            .prop_map(|(resource, one, other)| Event::AtOnce { resource, one, other }),
    ]
}

/// The instance, two processes over it, and what Terraform keeps.
struct Fleet {
    stage: &'static Stage,
    world: World,
    rival: World,
    groups: Vec<String>,
    connections: Vec<Vec<String>>,
    kept: Vec<Option<State>>,
}

impl Fleet {
    fn new(stage: &'static Stage) -> Fleet {
        let simulator = stage.instance();
        let (world, rival) = (World::over(simulator.clone()), World::over(simulator));
        let colours = ["blue", "green", "red"];
        let groups = (0..INTEGRATIONS).map(|it| stage.by_hand(&world, &format!("group-{it}"), &colours));
        let (groups, connections) = groups.unzip();
        stage.begins(&world);
        Fleet { stage, world, rival, groups, connections, kept: vec![None; POINTERS + 1] }
    }

    /// The type and the configuration of a resource.
    fn declared(&self, resource: usize, wishes: [usize; 2]) -> (&'static str, Object) {
        let connection = |integration: usize, wish: usize| text(&self.connections[integration][wish]);
        if resource < POINTERS {
            let ids = (self.groups[resource].as_str(), connection(resource, wishes[0]));
            return (self.stage.pointer, self.stage.pointer(&self.world, ids, &[]));
        }
        let choices = (POINTERS..INTEGRATIONS).zip(wishes);
        let choices = choices.map(|(it, wish)| (self.groups[it].clone(), connection(it, wish))).collect();
        let members = [("name", text("fleet")), ("connections", Value::Map(choices))];
        (ENVIRONMENT, config(&self.world, ENVIRONMENT, &members))
    }

    /// A command of Terraform in a process of its own: refresh, plan, apply. What is kept changes when it comes to an end.
    async fn run(&self, world: &World, resource: usize, wishes: [usize; 2]) -> (Option<State>, Vec<String>) {
        let (type_name, config) = self.declared(resource, wishes);
        let mut state = self.kept[resource].clone();
        let problems = errors(&world.configure_with(&self.stage.settings(&[])).await);
        if !problems.is_empty() {
            return (state, problems);
        }
        if let Some(known) = &state {
            let (refreshed, problems) = world.refresh(type_name, known).await;
            if problems.has_errors() {
                return (state, errors(&problems));
            }
            state = refreshed;
        }
        let (after, problems) = world.apply(type_name, state.as_ref(), &config).await;
        (after, errors(&problems))
    }

    async fn happen(&mut self, event: &Event) {
        match event {
            Event::Hand { integration, connection, active } => {
                let id = &self.connections[*integration][*connection];
                let path = format!("/api/now/table/{}/{id}", self.stage.table);
                // An instance may refuse a second active one to people too.
                self.world.hand(Method::Patch, &path, &format!("{{\"active\":\"{active}\"}}"));
            }
            Event::Apply { resource, wishes, trouble } => self.apply(*resource, *wishes, trouble).await,
            Event::AtOnce { resource, one, other } => {
                let (first, _second) = tokio::join!(
                    self.run(&self.world, *resource, *one),
                    self.run(&self.rival, *resource, *other)
                );
                // The state of the one that saves it last.
                self.kept[*resource] = first.0;
            }
        }
    }

    async fn apply(&mut self, resource: usize, wishes: [usize; 2], trouble: &Trouble) {
        self.world.doubled.lock().unwrap().clear();
        let run = self.run(&self.world, resource, wishes);
        let ended = match trouble {
            Trouble::Killed { at, executed } => self.world.killed_at(*at, *executed, run).await,
            Trouble::Fault { at, kind: index } => {
                let (kind, times) = kind(self.stage, *index);
                self.world.simulator.fault(Fault::nth(*at, kind).times(times));
                Some(run.await)
            }
            Trouble::None => Some(run.await),
        };
        self.world.simulator.clear_faults();
        // A process that was killed saves nothing.
        if let Some((state, _)) = ended {
            self.kept[resource] = state;
        }
        let doubled = self.world.doubled.lock().unwrap().clone();
        assert!(doubled.is_empty(), "a second one became active by our doing: {doubled:?}");
    }

    fn active(&self, integration: usize) -> Vec<usize> {
        let rows = self.world.simulator.rows(self.stage.table);
        let is_active = |id: &String| rows.iter().any(|it| it["sys_id"] == *id && it["active"] == "true");
        (0..CONNECTIONS).filter(|it| is_active(&self.connections[integration][*it])).collect()
    }

    /// One undisturbed apply of everything ends as declared, and leaves nothing to do.
    async fn ends_with(&mut self, wishes: [[usize; 2]; POINTERS + 1]) {
        for (resource, wishes) in wishes.into_iter().enumerate() {
            let (state, problems) = self.run(&self.world, resource, wishes).await;
            assert_eq!(problems, Vec::<String>::new(), "the next apply goes through");
            let state = state.unwrap();
            let (type_name, config) = self.declared(resource, wishes);
            assert_eq!(self.world.drift(type_name, &state, &config).await, Vec::<String>::new());
            assert!(type_name == ENVIRONMENT || !attribute(&state, "connection_id").is_empty());
            self.kept[resource] = Some(state);
        }
        for integration in 0..INTEGRATIONS {
            let wish = match integration.checked_sub(POINTERS) {
                None => wishes[integration][0],
                Some(within) => wishes[POINTERS][within],
            };
            assert_eq!(self.active(integration), [wish], "integration {integration}");
        }
    }
}

async fn check(stage: &'static Stage, by_parts: bool, history: &[Event]) {
    let mut fleet = Fleet::new(stage);
    if by_parts {
        [&fleet.world, &fleet.rival].iter().for_each(|it| it.ask_for_each_part());
    }
    for event in history {
        fleet.happen(event).await;
    }
    fleet.ends_with([[0, 0]; POINTERS + 1]).await;
    // A switch of everything also removes what the trial of a process that was killed left behind.
    fleet.ends_with([[1, 1]; POINTERS + 1]).await;
    let rows = fleet.world.simulator.rows(stage.table).len();
    assert_eq!(rows, INTEGRATIONS * CONNECTIONS, "a record is left behind");
}

/// Histories in the usual run; `PROPTEST_CASES` asks for more.
const USUAL: u32 = 40;

#[expect(
    clippy::disallowed_methods,
    reason = "proptest reads the variable; here it only counts whether it is set"
)]
fn cases() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let config = ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::default() };
    ProptestConfig { cases: if asked { config.cases } else { USUAL }, ..config }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_history_ends_as_declared_and_never_makes_two_active(
        stage in 0..STAGES.len(),
        by_parts in any::<bool>(),
        history in prop::collection::vec(event(), 1..8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(STAGES[stage], by_parts, &history));
    }
}
