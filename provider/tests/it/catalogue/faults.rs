//! A failure of any request of a create, an update and a destroy heals on the next apply.

use servicenow_sim::{Fault, FaultKind};
use tf_core::Object;
use tf_plugin::State;

use super::{Sample, renew, rows, samples, world};
use crate::faults::advance;
use crate::world::World;

/// Requests that one change may take at most.
const REQUESTS_MAX: u32 = 60;

fn kinds() -> [FaultKind; 2] {
    let refused = r#"{"error":{"message":"Operation Failed","detail":"ACL Exception"},"status":"failure"}"#;
    [FaultKind::RefusedBefore { status: 403, body: refused.to_owned() }, FaultKind::LostAfter]
}

/// The sample that says most.
fn fullest(sample: &Sample) -> &Object {
    let is_set = |it: &&Object| it.values().filter(|it| !it.is_null()).count();
    sample.configs.iter().max_by_key(is_set).unwrap()
}

async fn go(world: &World, type_name: &str, kept: &mut Option<State>, config: &Object) -> Result<(), String> {
    assert!(!world.configure().await.has_errors());
    advance(world, type_name, kept, config).await.map(|_| ())
}

/// One case of the loop: the world, and what is to become there.
struct Case<'a> {
    world: &'a World,
    sample: &'a Sample,
    /// How many rows each table has after a create that nothing disturbed.
    undisturbed: &'a [usize],
    from: Option<&'a Object>,
}

impl Case<'_> {
    /// Whether the fault was not met any more.
    async fn check(&self, kind: &FaultKind, at: u32) -> bool {
        let (world, type_name, config) = (self.world, self.sample.definition.type_name, fullest(self.sample));
        let label = format!("{type_name}, {kind:?} at request {at}");
        renew(world).await;
        let mut kept = None;
        if let Some(first) = self.from {
            go(world, type_name, &mut kept, first).await.unwrap();
        }
        let before = world.requests().len();
        world.simulator.fault(Fault::nth(at, kind.clone()).times(1));
        let first = advance(world, type_name, &mut kept, config).await;
        let requests = world.requests().len() - before;
        world.simulator.clear_faults();
        go(world, type_name, &mut kept, config)
            .await
            .unwrap_or_else(|it| panic!("{label} does not heal: {it}"));
        let mut state = kept.unwrap();
        state.object.remove("tainted");
        assert_eq!(world.drift(type_name, &state, config).await, Vec::<String>::new(), "{label}");
        assert_eq!(counts(world, self.sample), self.undisturbed, "{label}: rows too many or too few");
        first.is_ok() && requests < at as usize
    }
}

/// What the fullest sample changes in place: the first one, with what would replace it as it will be.
fn before(sample: &Sample) -> Object {
    let (mut config, fullest) = (sample.configs[0].clone(), fullest(sample));
    for attribute in (sample.definition.schema)().block.attributes {
        if attribute.behavior.replaces.is_possible() {
            config.insert(attribute.name.clone(), fullest[&attribute.name].clone());
        }
    }
    config
}

fn counts(world: &World, sample: &Sample) -> Vec<usize> {
    rows(world, sample.definition).values().map(std::collections::BTreeSet::len).collect()
}

async fn every_request(from_another: bool) {
    let world = world().await;
    for sample in samples() {
        renew(&world).await;
        world.put(sample.definition.type_name, None, fullest(&sample)).await;
        let undisturbed = counts(&world, &sample);
        let from = from_another.then(|| before(&sample));
        let case = Case { world: &world, sample: &sample, undisturbed: &undisturbed, from: from.as_ref() };
        for kind in kinds() {
            let mut at = 1;
            while !case.check(&kind, at).await {
                at += 1;
                assert!(at < REQUESTS_MAX, "{}: the loop does not end", sample.definition.type_name);
            }
        }
    }
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_create_heals() {
    every_request(false).await;
}

#[tokio::test]
async fn a_failure_of_any_request_of_an_update_heals() {
    every_request(true).await;
}

#[tokio::test]
async fn a_failure_of_any_request_of_a_destroy_heals() {
    let world = world().await;
    for sample in samples() {
        for at in 1..REQUESTS_MAX {
            let type_name = sample.definition.type_name;
            renew(&world).await;
            let before = rows(&world, sample.definition);
            let state = world.put(type_name, None, fullest(&sample)).await;
            let requests = world.requests().len();
            let [refused, _] = kinds();
            world.simulator.fault(Fault::nth(at, refused).times(1));
            let (left, problems) = world.delete(type_name, &state).await;
            let met = world.requests().len() - requests >= at as usize;
            world.simulator.clear_faults();
            assert_eq!(left.is_some(), problems.has_errors(), "{type_name}");
            if let Some(left) = left {
                let (left, problems) = world.refresh(type_name, &left).await;
                assert!(!problems.has_errors(), "{type_name}: {problems:?}");
                let (left, problems) = world.delete(type_name, &left.unwrap()).await;
                assert!(left.is_none(), "{type_name} at {at}: {problems:?}");
            }
            assert_eq!(rows(&world, sample.definition), before, "{type_name} at {at}");
            if !met {
                break;
            }
        }
    }
}
