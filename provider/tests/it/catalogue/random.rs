//! Configurations at random: each becomes the next, converges, and plans empty afterwards.

use std::env;

use reconcile::Holds;
use tf_core::{Attribute, Object, Value};
use tf_plugin::State;

use super::life::{become_next, settled};
use super::{Sample, renew, samples, world};

/// How many configurations, in the usual run and in a long one.
const CONFIGURATIONS: (usize, usize) = (60, 500);

/// Texts that are not free although no check says so: the instance knows which there are.
const SPELLED: [&str; 3] = ["connection_type", "connection_url", "endpoint_url"];

/// A small generator of numbers that gives the same for the same seed everywhere (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }

    fn text(&mut self, length_max: usize) -> String {
        const LETTERS: [&str; 16] =
            ["a", "B", "7", "_", "ä", "漢", "'", "\"", "<", "&", "%", "{", "}", "=", ";", " "];
        let length = 1 + self.below(length_max.clamp(1, 24));
        let text: String = (0..length).map(|_| LETTERS[self.below(LETTERS.len())]).collect();
        format!("x{}x", text.trim())
    }
}

/// A value of one's own for an attribute that is free enough.
fn random(dice: &mut Dice, attribute: &Attribute, holds: Holds, before: &Value) -> Option<Value> {
    let keyword = |name: &str| {
        attribute
            .behavior
            .checks
            .iter()
            .find_map(|it| it.keywords.get(name))
            .and_then(serde_json::Value::as_i64)
    };
    let bounds = ["minLength", "maxLength", "minimum", "maximum"];
    let is_free =
        attribute.behavior.checks.iter().all(|it| it.keywords.keys().all(|it| bounds.contains(&it.as_str())));
    match (holds, before) {
        (Holds::Number(_), Value::Number(_)) if is_free => {
            let (least, most) =
                (keyword("minimum").unwrap_or(0), keyword("maximum").unwrap_or(10_000).min(10_000));
            let span = usize::try_from(most - least).unwrap() + 1;
            Some(Value::Number((least + i64::try_from(dice.below(span)).unwrap()).into()))
        }
        (Holds::Text(name), Value::String(_)) if name == "name" || name == "user_name" => {
            Some(Value::string(format!("n{}", dice.below(1_000_000))))
        }
        (Holds::Text(name), Value::String(_)) if is_free && !SPELLED.contains(&name) => {
            let length = usize::try_from(keyword("maxLength").unwrap_or(24)).unwrap();
            Some(Value::string(dice.text(length.saturating_sub(2))))
        }
        _ => None,
    }
}

fn configuration(dice: &mut Dice, sample: &Sample) -> Object {
    let mut config = sample.configs[dice.below(sample.configs.len())].clone();
    let attributes = (sample.definition.schema)().block.attributes;
    for column in sample.definition.layout.main().unwrap().columns {
        let held = column.holds.attributes();
        let Some(attribute) = attributes.iter().find(|it| held.first() == Some(&it.name.as_str())) else {
            continue;
        };
        if let Some(value) = random(dice, attribute, column.holds, &config[&attribute.name]) {
            config.insert(attribute.name.clone(), value);
        }
    }
    config
}

#[tokio::test]
#[allow(clippy::disallowed_methods, reason = "a longer run is asked for by the environment")]
async fn random_configurations_converge_and_plan_empty() {
    let count = if env::var_os("SNOWDRIFT_LONG").is_some() { CONFIGURATIONS.1 } else { CONFIGURATIONS.0 };
    let seed = env::var("SNOWDRIFT_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(4_711);
    println!("seed {seed}: set SNOWDRIFT_SEED to repeat or to vary it");
    let (mut dice, samples) = (Dice(seed), samples());
    let each = count.div_ceil(samples.len());
    let world = world().await;
    for sample in samples {
        let type_name = sample.definition.type_name;
        renew(&world).await;
        let mut state: Option<State> = None;
        for number in 0..each {
            let config = configuration(&mut dice, &sample);
            let next = become_next(&world, type_name, state.take(), &config).await;
            settled(&world, type_name, &next, &config, &format!("seed {seed}, number {number}: {config:?}"))
                .await;
            state = Some(next);
        }
    }
}
