//! The rehearsal of the guide on switching: each of its steps is taken from the page and done as it says.

use std::fs;

use acceptance_tests::{Terraform, World, root};

use crate::orders::{active, nothing_is_left};

/// Where the rehearsal begins on the page, and each of its steps.
const REHEARSAL: &str = "## A rehearsal on the simulator";
const STEP: &str = "\n### ";

/// What a step says.
#[derive(Debug, Default)]
struct Step {
    /// The whole configuration, where it is new.
    configuration: Option<String>,
    /// What becomes what in the configuration.
    change: Option<(String, String)>,
    /// The commands.
    commands: String,
    /// The connections that are active afterwards.
    active: Vec<String>,
}

fn steps() -> Vec<Step> {
    let page = fs::read_to_string(root().join("docs/guides/environments-and-switching.md")).unwrap();
    let (_, rehearsal) = page.split_once(REHEARSAL).expect("the page has a rehearsal");
    rehearsal.split(STEP).skip(1).map(step).collect()
}

fn step(text: &str) -> Step {
    let block = |language: &str| {
        let (_, rest) = text.split_once(&format!("```{language}\n"))?;
        rest.split_once("```").map(|(block, _)| block.to_owned())
    };
    let quoted = |line: &str| line.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let change = text.lines().find(|it| it.contains("` becomes `")).map(|line| {
        let [.., from, to] = &quoted(line)[..] else { panic!("nothing becomes anything in {line}") };
        (from.clone(), to.clone())
    });
    let line = text.lines().find_map(|it| it.strip_prefix("Active: "));
    Step {
        configuration: block("hcl"),
        change,
        commands: block("sh").expect("a step has commands"),
        active: quoted(line.expect("a step says what is active")),
    }
}

#[test]
fn every_step_of_the_rehearsal_does_what_the_guide_says() {
    let steps = steps();
    assert!(steps.len() >= 4, "{steps:?}");
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        let mut configuration = String::new();
        for (number, step) in steps.iter().enumerate() {
            if let Some(text) = &step.configuration {
                configuration.clone_from(text);
            }
            if let Some((from, to)) = &step.change {
                assert!(configuration.contains(from), "step {number}: there is no {from}");
                configuration = configuration.replace(from, to);
            }
            world.file("main.tf", &configuration).file("step.sh", &format!("set -e\n{}", step.commands));
            let run = world.shell(&world.configuration().join("step.sh")).ends_with(0);
            assert_eq!(active(&world), step.active, "step {number}: {run}");
        }
        nothing_is_left(&world);
    }
}
