//! Create, read, update in place or by replacement, unset, import, second apply, destroy.

use tf_core::{Object, Value};
use tf_plugin::State;

use super::{PLANTED, Sample, readable, renew, rows, samples, world};
use crate::world::{World, errors};

/// What a configuration becomes: in place, or by a replacement where the documentation says so.
pub async fn become_next(world: &World, type_name: &str, state: Option<State>, config: &Object) -> State {
    let state = match state {
        Some(state) if world.replaces(type_name, &state, config).await => {
            let (left, problems) = world.delete(type_name, &state).await;
            assert_eq!((left, errors(&problems)), (None, vec![]), "{type_name}");
            None
        }
        other => other,
    };
    world.put(type_name, state.as_ref(), config).await
}

/// Nothing is left to change, neither in a plan nor in a second apply.
pub async fn settled(world: &World, type_name: &str, state: &State, config: &Object, place: &str) {
    assert_eq!(world.drift(type_name, state, config).await, Vec::<String>::new(), "{type_name}, {place}");
    let writes = world.writes().len();
    world.put(type_name, Some(state), config).await;
    assert_eq!(world.writes().len(), writes, "{type_name}, {place}: the second apply wrote");
}

fn names(sample: &Sample, state: &State) -> Vec<String> {
    let text = |name: &str| state.object.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut names = vec![text("id").unwrap()];
    let columns = sample.definition.layout.main().unwrap().columns;
    for key in sample.definition.natural_keys {
        let column = columns.iter().find(|it| it.name == *key).unwrap();
        names.extend(column.holds.attributes().first().and_then(|it| text(it)));
    }
    names
}

#[tokio::test]
async fn every_resource_lives_through_its_samples_and_leaves_nothing() {
    let world = world().await;
    for sample in samples() {
        let type_name = sample.definition.type_name;
        renew(&world).await;
        let before = rows(&world, sample.definition);
        let mut state: Option<State> = None;
        let and_back = sample.configs.iter().chain(sample.configs.first());
        for (number, config) in and_back.enumerate() {
            let place = format!("sample {number}");
            let next = become_next(&world, type_name, state.take(), config).await;
            settled(&world, type_name, &next, config, &place).await;
            for name in names(&sample, &next) {
                let imported = world
                    .import(type_name, &name)
                    .await
                    .unwrap_or_else(|it| panic!("{type_name} {name}: {it:?}"));
                let config = readable(sample.definition, config);
                assert_eq!(
                    world.drift(type_name, &imported, &config).await,
                    Vec::<String>::new(),
                    "{type_name} {place} {name}"
                );
            }
            state = Some(next);
        }
        let (left, problems) = world.delete(type_name, &state.unwrap()).await;
        assert_eq!((left, errors(&problems)), (None, vec![]), "{type_name}");
        assert_eq!(rows(&world, sample.definition), before, "{type_name} leaves rows");
    }
}

#[tokio::test]
async fn a_composite_name_imports_what_it_names() {
    for (type_name, name) in [
        ("servicenow_oauth_profile", "issuer/one"),
        ("servicenow_unifi_integration", "Incident/Suppliers 2"),
        ("servicenow_unifi_connection", "Orders/Production"),
    ] {
        let world = world().await;
        let sample = samples().into_iter().find(|it| it.definition.type_name == type_name).unwrap();
        let number = usize::from(type_name == "servicenow_unifi_integration");
        let state = world.put(type_name, None, &sample.configs[number]).await;
        let imported = world.import(type_name, name).await.unwrap();
        assert_eq!(imported.object["id"], state.object["id"], "{type_name}");
        assert!(world.import(type_name, "no/such").await.is_err());
    }
}

#[tokio::test]
async fn a_secret_is_stored_as_configured_in_every_mode_and_found_nowhere_else() {
    let world = world().await;
    for mode in ["always", "display_value_only", "raw_unless_display_value"] {
        for sample in samples() {
            let type_name = sample.definition.type_name;
            renew(&world).await;
            world.simulator.set("password2_write", mode).unwrap();
            let secrets: Vec<(&str, &str)> = sample
                .definition
                .layout
                .records
                .iter()
                .flat_map(|record| {
                    let is_secret =
                        |it: &&reconcile::Column| matches!(it.holds, reconcile::Holds::Secret(..));
                    record.columns.iter().filter(is_secret).map(|it| (record.table, it.name))
                })
                .collect();
            for config in &sample.configs {
                let (state, problems) = world.apply(type_name, None, config).await;
                let state = state.unwrap();
                let kept =
                    format!("{:?} {} {problems:?}", state.object, String::from_utf8_lossy(&state.private));
                assert!(!kept.contains(PLANTED), "{type_name}: {kept}");
                let is_planted = format!("{config:?}").contains(PLANTED);
                for (table, column) in secrets.iter().filter(|_| is_planted) {
                    let id = state.object["id"].as_str().unwrap();
                    assert!(
                        world.simulator.proves(table, id, column, PLANTED),
                        "{mode} {type_name} {column}"
                    );
                }
                world.delete(type_name, &state).await;
            }
        }
    }
}
