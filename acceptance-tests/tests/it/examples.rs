//! Every example that is published is applied here. Those of resources share a configuration and an instance, so that all of
//! them take as many commands of Terraform as one would.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use acceptance_tests::{Setup, Terraform, World, root};

use crate::orders::{PASSWORD, active, nothing_is_left};

/// Resources of which there is an example at least.
const TYPES_MIN: usize = 25;

/// The example of a resource.
pub struct Example {
    /// The type of the resource, which its label `orders` and a number follow.
    kind: String,
    /// Calls what it makes by names that no other example uses, on the instance and in Terraform.
    text: String,
    /// The script that imports what the example makes.
    import: String,
    number: usize,
}

impl Example {
    fn of(kind: String, number: usize) -> Example {
        let own = |file: &str| {
            let text = example(&format!("resources/{kind}/{file}"));
            text.replace("orders", &format!("orders{number}")).replace("Orders", &format!("Orders{number}"))
        };
        Example { text: own("resource.tf"), import: own("import.sh"), kind, number }
    }

    fn address(&self) -> String {
        format!("{}.orders{}", self.kind, self.number)
    }

    /// The names of the variables that take secrets.
    fn variables(&self) -> Vec<&str> {
        self.text.lines().filter_map(|it| it.strip_prefix("variable \"")?.strip_suffix("\" {")).collect()
    }

    /// The block that asks for what the script asks for: a shell reads it, with a `terraform` that says what it was told.
    fn import_block(&self) -> String {
        let script = format!("terraform() {{ printf '%s\\n' \"$@\"; }}\n{}", self.import);
        let output = Command::new("sh").args(["-c", &script]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let arguments: Vec<&str> = said.lines().collect();
        let ["import", address, id] = arguments[..] else {
            panic!("{}: the script imports nothing: {arguments:?}", self.kind)
        };
        assert_eq!(address, self.address());
        format!("import {{\n  to = {address}\n  id = {id:?}\n}}\n")
    }
}

/// The example of every resource.
pub fn of_resources() -> Vec<Example> {
    let entries = fs::read_dir(root().join("examples/resources")).unwrap();
    let mut kinds: Vec<String> =
        entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    kinds.sort();
    assert!(kinds.len() >= TYPES_MIN, "{kinds:?}");
    kinds.into_iter().enumerate().map(|(number, kind)| Example::of(kind, number)).collect()
}

/// A world in which all examples are declared, with secrets that may be found nowhere.
pub fn declared(examples: &[Example], terraform: Terraform) -> World {
    let simulator = &["--fixture", "empty", "--app", "unifi"];
    let world = World::with(Setup { terraform, simulator });
    for variable in examples.iter().flat_map(Example::variables) {
        let value = format!("pl4nted-{variable}");
        if terraform >= Terraform::V1_11 {
            world.plant(variable, &value);
        } else {
            // Nothing is ephemeral there: Terraform itself keeps the values of variables in its plans.
            world.environment(&format!("TF_VAR_{variable}"), &value);
        }
    }
    let text: String = examples.iter().map(|it| it.text.as_str()).collect();
    world.hcl(&if terraform >= Terraform::V1_11 { text } else { without_secrets(&text) });
    world
}

/// Without what came with Terraform 1.10 and 1.11: ephemeral variables and write-only attributes.
fn without_secrets(text: &str) -> String {
    let is_known = |line: &&str| {
        let name = line.split('=').next().unwrap_or_default().trim();
        !name.ends_with("_wo") && !name.ends_with("_wo_version") && name != "ephemeral"
    };
    text.lines().filter(is_known).map(|line| format!("{line}\n")).collect()
}

fn example(path: &str) -> String {
    fs::read_to_string(root().join("examples").join(path)).unwrap()
}

/// Attributes that an import cannot know: only the next apply can.
fn is_never_read(attribute: &str) -> bool {
    attribute.ends_with("_wo_version") || ["on_destroy", "wait_until_inactive_drained"].contains(&attribute)
}

#[test]
fn every_resource_example_applies_imports_and_leaves_nothing_behind() {
    let examples = of_resources();
    let world = declared(&examples, Terraform::V1_15);
    world.converges();
    let addresses: Vec<String> = examples.iter().map(Example::address).collect();
    let forget: Vec<&str> = ["state", "rm"].into_iter().chain(addresses.iter().map(String::as_str)).collect();
    world.run(&forget).ends_with(0);
    let blocks: String = examples.iter().map(Example::import_block).collect();
    let plan = world.file("import.tf", &blocks).plan();
    assert_ne!(plan.code, 1, "{plan}");
    let imported = format!("Plan: {} to import, 0 to add, ", examples.len());
    let plan = plan.says(&imported).says("0 to destroy");
    for change in world.changes().0 {
        let unread: BTreeSet<&String> = change.attributes.iter().filter(|it| !is_never_read(it)).collect();
        assert_eq!(unread, BTreeSet::new(), "{}: {plan}", change.address);
    }
    world.converges();
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn the_provider_example_configures_the_provider() {
    let world = World::new(Terraform::V1_15);
    let example = example("provider/provider.tf");
    let here = example.replace("https://dev12345.service-now.com", &world.instance.url);
    assert_ne!(here, example, "the example names no instance");
    world.without_environment("SERVICENOW_INSTANCE_URL").file("provider.tf", &here);
    world
        .file("alias.tf", "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n")
        .converges();
}

#[test]
fn the_blue_green_scenario_switches_and_leaves_nothing_behind() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world
            .plant("password", PASSWORD)
            .file("main.tf", &example("scenarios/blue-green/main.tf"))
            .converges();
        assert_eq!(active(&world), ["orders-blue"]);
        world.environment("TF_VAR_active", "green").plan().ends_with(2);
        assert_eq!(world.changes().addresses(), ["servicenow_connection_activation.orders"]);
        world.converges();
        assert_eq!(active(&world), ["orders-green"]);
        world.environment("TF_VAR_active", "red").plan().ends_with(1).says("Choose blue or green");
        world.environment("TF_VAR_active", "green").destroy().ends_with(0);
        nothing_is_left(&world);
    }
}
