//! A change by hand of each column that is seen shows that attribute, and the next apply takes it back.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::{Column, Exists, Holds, RecordLayout};
use servicenow_core::Method;
use tf_core::{Mode, Object, Value};
use tf_plugin::State;

use super::life::become_next;
use super::{Sample, renew, samples, world};
use crate::world::{World, errors};

type Row = BTreeMap<String, String>;

/// What the instance keeps whatever is written: a hand cannot change it.
const IMMOVABLE: &[(&str, &str)] = &[("sys_alias", "parent")];

/// The application of a record is one of them, in every table that has one.
const APPLICATION: &str = "sys_scope";

/// A text that is not what the column holds now.
fn another(world: &World, record: &RecordLayout, column: &Column, row: &Row) -> Option<String> {
    let now = row[column.name].as_str();
    let choices = choices(world, record.table, column.name);
    if let Some(other) = choices.iter().find(|it| *it != now && !it.is_empty()) {
        return Some(other.clone());
    }
    let toggled = |table: &str| -> String {
        let ids: Vec<String> =
            world.simulator.rows(table).into_iter().map(|it| it["sys_id"].clone()).collect();
        ids.into_iter().find(|it| !now.contains(it.as_str())).unwrap_or_default()
    };
    Some(match column.holds {
        Holds::Text(_) | Holds::Lines(_) if column.name == "http_method" => "PUT".to_owned(),
        Holds::Text(_) if column.name == "relative_path" => "/moved".to_owned(),
        Holds::Text(_) | Holds::Lines(_) | Holds::Key => format!("{now}x"),
        Holds::Number(_) => (now.parse::<i64>().unwrap_or_default() + 3).to_string(),
        Holds::Flag(_) => (now != "true").to_string(),
        Holds::Reference(_, table) | Holds::References(_, table) => toggled(table),
        Holds::Lookup(_, lookup) | Holds::Lookups(_, lookup) => toggled(lookup.table),
        _ => return None,
    })
}

fn choices(world: &World, table: &str, column: &str) -> Vec<String> {
    let tables = world.rows("sys_db_object", "name");
    let by_id: BTreeMap<&str, &Row> = tables.values().map(|it| (it["sys_id"].as_str(), it)).collect();
    let mut family = BTreeSet::new();
    let mut next = tables.get(table);
    while let Some(row) = next {
        family.insert(row["name"].clone());
        next = by_id.get(row["super_class"].as_str()).copied();
    }
    let rows = world.simulator.rows("sys_choice").into_iter();
    rows.filter(|it| it["element"] == column && family.contains(&it["name"]))
        .map(|it| it["value"].clone())
        .collect()
}

/// Whether a plan is made from what the column holds: nobody decides it but the configuration.
fn is_owned(sample: &Sample, attribute: &str, config: &Object) -> bool {
    let attributes = (sample.definition.schema)().block.attributes;
    let mode = attributes.iter().find(|it| it.name == attribute).unwrap().behavior.mode;
    !config[attribute].is_null() || matches!(mode, Mode::Required | Mode::Optional)
}

async fn check(
    sample: &Sample,
    world: &World,
    state: &mut State,
    config: &Object,
    immovable: &mut BTreeSet<(String, String)>,
) {
    let type_name = sample.definition.type_name;
    for record in sample.definition.layout.records {
        for column in record.columns {
            let parent = sample.definition.layout.main().unwrap().slot;
            let id = state.object["id"].as_str().unwrap().to_owned();
            let own = |it: &Row| match record.refers_to(parent) {
                Some(column) => it[column.name] == id,
                None => it["sys_id"] == id,
            };
            let Some(row) = world.simulator.rows(record.table).into_iter().find(own) else { continue };
            let attribute = match record.exists {
                Exists::ForEach(attribute) => Some(attribute),
                _ => column.holds.attributes().first().copied(),
            };
            let (Some(attribute), Some(text)) = (attribute, another(world, record, column, &row)) else {
                continue;
            };
            if !is_owned(sample, attribute, config) {
                continue;
            }
            let path = format!("/api/now/table/{}/{}", record.table, row["sys_id"]);
            let place = format!("{type_name}: {}.{} = {text:?}", record.table, column.name);
            let answer =
                world.hand(Method::Patch, &path, &serde_json::json!({ column.name: text }).to_string());
            let now = world
                .simulator
                .rows(record.table)
                .into_iter()
                .find(|it| it["sys_id"] == row["sys_id"])
                .unwrap();
            if now[column.name] == row[column.name] {
                immovable.insert((record.table.to_owned(), column.name.to_owned()));
                continue;
            }
            assert_eq!(answer.status, 200, "{place}");
            let found = world.drift(type_name, state, config).await;
            assert!(found.iter().any(|it| it == attribute), "{place}: only {found:?} is seen");
            let (read, problems) = world.refresh(type_name, state).await;
            assert_eq!(errors(&problems), Vec::<String>::new(), "{place}");
            *state = become_next(world, type_name, read, config).await;
            assert_eq!(
                world.drift(type_name, state, config).await,
                Vec::<String>::new(),
                "{place} is not healed"
            );
        }
    }
}

#[tokio::test]
async fn drift_of_every_seen_column_is_shown_and_healed() {
    let mut immovable = BTreeSet::new();
    let world = world().await;
    for sample in samples() {
        renew(&world).await;
        let mut state: Option<State> = None;
        for config in &sample.configs {
            let mut next = become_next(&world, sample.definition.type_name, state.take(), config).await;
            check(&sample, &world, &mut next, config, &mut immovable).await;
            state = Some(next);
        }
    }
    let expected: BTreeSet<(String, String)> =
        IMMOVABLE.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())).collect();
    immovable.retain(|(_, column)| column != APPLICATION);
    assert_eq!(immovable, expected);
}

#[tokio::test]
async fn another_spelling_of_the_same_record_is_no_change() {
    let world = world().await;
    let mut seen = 0;
    for sample in samples() {
        let type_name = sample.definition.type_name;
        for config in &sample.configs {
            let state = world.put(type_name, None, config).await;
            for column in sample.definition.layout.main().unwrap().columns {
                let Holds::Lookup(attribute, lookup) = column.holds else { continue };
                if config[attribute].is_null() {
                    continue;
                }
                let row = world.simulator.rows(sample.definition.layout.main().unwrap().table);
                let row = row
                    .into_iter()
                    .find(|it| Some(it["sys_id"].as_str()) == state.object["id"].as_str())
                    .unwrap();
                let mut other = config.clone();
                other.insert(attribute.to_owned(), Value::string(row[column.name].as_str()));
                assert_ne!(
                    other[attribute], config[attribute],
                    "{type_name}.{attribute} of {}",
                    lookup.table
                );
                let found = world.drift(type_name, &state, &other).await;
                assert_eq!(found, Vec::<String>::new(), "{type_name}.{attribute}");
                assert!(!world.replaces(type_name, &state, &other).await, "{type_name}.{attribute}");
                seen += 1;
            }
            world.delete(type_name, &state).await;
        }
    }
    assert!(seen > 15, "{seen} spellings");
}
