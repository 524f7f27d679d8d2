//! Whatever an instance turns out to do: under every value of every setting about its data and its applications each
//! resource is created, changed, imported and removed, and a plan in between has nothing to do.

use servicenow_sim::settings::{APPLICATIONS, Allowed, DATA, Setting};
use tf_core::Object;
use tf_plugin::State;

use super::life::become_next;
use super::{Sample, readable, renew, rows, samples, world};
use crate::world::{World, errors};

/// Every value but the default.
fn others(setting: &Setting) -> Vec<&'static str> {
    let Allowed::Words(words) = setting.allowed else { return Vec::new() };
    words.iter().filter(|it| **it != setting.default).copied().collect()
}

/// What a setting is about: the tables of Unifi, or everything.
fn concerns(setting: &Setting, sample: &Sample) -> bool {
    let is_of_unifi = sample.definition.subcategory == "Unifi";
    if setting.name.starts_with("unifi_") { is_of_unifi } else { !is_of_unifi }
}

/// The sample that says most.
fn fullest(sample: &Sample) -> &Object {
    sample.configs.iter().max_by_key(|it| it.values().filter(|it| !it.is_null()).count()).unwrap()
}

async fn lives(world: &World, sample: &Sample, place: &str) {
    let type_name = sample.definition.type_name;
    let before = rows(world, sample.definition);
    let mut state: Option<State> = None;
    for config in [&sample.configs[0], fullest(sample)] {
        let next = become_next(world, type_name, state.take(), config).await;
        assert_eq!(world.drift(type_name, &next, config).await, Vec::<String>::new(), "{place}");
        state = Some(next);
    }
    let state = state.unwrap();
    let imported = world.import(type_name, state.object["id"].as_str().unwrap()).await;
    let imported = imported.unwrap_or_else(|it| panic!("{place}: {it:?}"));
    let readable = readable(sample.definition, fullest(sample));
    assert_eq!(world.drift(type_name, &imported, &readable).await, Vec::<String>::new(), "{place}, imported");
    let (left, problems) = world.delete(type_name, &state).await;
    assert_eq!((left, errors(&problems)), (None, vec![]), "{place}");
    assert_eq!(rows(world, sample.definition), before, "{place} leaves rows");
}

async fn check(settings: &[Setting]) {
    let world = world().await;
    let samples = samples();
    for setting in settings {
        for value in others(setting) {
            renew(&world).await;
            world.simulator.set(setting.name, value).unwrap();
            for sample in samples.iter().filter(|it| concerns(setting, it)) {
                let place = format!("{} with {} = {value}", sample.definition.type_name, setting.name);
                lives(&world, sample, &place).await;
            }
            world.simulator.set(setting.name, setting.default).unwrap();
        }
    }
}

#[tokio::test]
async fn every_resource_lives_under_every_setting_of_the_data() {
    check(DATA).await;
}

#[tokio::test]
async fn every_resource_lives_under_every_setting_of_the_applications() {
    check(APPLICATIONS).await;
}
