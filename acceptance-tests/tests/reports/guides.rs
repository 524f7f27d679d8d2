//! The guides on reports and fleets do what they say: each of their boxes is run, one after the other.

use std::fs;

use acceptance_tests::{Setup, Terraform, World, root};

/// What stands in the boxes of a guide that are marked so.
fn boxes(guide: &str, mark: &str) -> Vec<String> {
    let page = fs::read_to_string(root().join("docs/guides").join(guide)).unwrap();
    let mark = format!("\n```{mark}\n");
    page.split(&mark).skip(1).map(|it| it.split("\n```").next().unwrap().to_owned() + "\n").collect()
}

const READER: (&str, &str) = ("drift.reader", "a reader's password 4711");

/// An instance with the user of the guides, which may read connections.
fn world() -> World {
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator: &["--fixture", "empty"] });
    world.instance.add_user(READER.0, READER.1, &["connection_admin"]).unwrap();
    world.conceal(READER.1);
    world
}

/// Copies the folder of the example that the guides are about.
fn infra(world: &World) {
    fs::create_dir(world.configuration().join("infra")).unwrap();
    for name in ["main.tf", "prod.tfvars", "test.tfvars"] {
        let text = fs::read_to_string(root().join("examples/gitops/infra").join(name)).unwrap();
        world.file(&format!("infra/{name}"), &text);
    }
}

/// Runs the lines of boxes, and gives with which codes they ended. A shell that stops at the first would not get far: drift
/// is a code of its own.
fn codes(world: &World, boxes: &[String]) -> Vec<i32> {
    let is_command = |it: &&str| !it.trim().is_empty() && !it.starts_with('#');
    let lines: Vec<&str> = boxes.iter().flat_map(|it| it.lines()).filter(is_command).collect();
    let script: String = lines.iter().map(|it| format!("{it}\necho \"ended with $?\"\n")).collect();
    world.file("guide.sh", &script);
    let run = world.shell(&world.configuration().join("guide.sh")).ends_with(0);
    let codes: Vec<i32> = run
        .stdout
        .lines()
        .filter_map(|it| it.strip_prefix("ended with "))
        .map(|it| it.parse().unwrap())
        .collect();
    assert_eq!(codes.len(), lines.len(), "{run}");
    assert!(!codes.contains(&1), "{run}");
    codes
}

fn read(world: &World, name: &str) -> String {
    fs::read_to_string(world.configuration().join(name)).unwrap_or_else(|it| panic!("{name}: {it}"))
}

#[test]
fn the_guide_on_reports_is_done_as_it_says() {
    let world = world();
    world.environment("SERVICENOW_USERNAME", READER.0).environment("SERVICENOW_PASSWORD", READER.1);
    world.hcl("resource \"servicenow_connection_alias\" \"orders\" {\n  name = \"orders\"\n}\n");
    let boxes = boxes("reports.md", "sh");
    assert_eq!(boxes.len(), 2, "{boxes:?}");
    // What is declared is missing, which is drift in each of them.
    assert_eq!(codes(&world, &boxes), [2, 2, 2]);
    assert!(read(&world, "drift.html").contains("servicenow_connection_alias.orders"));
    let kept = || fs::read_dir(world.configuration().join("reports")).unwrap().count();
    assert_eq!(kept(), 1);
    // The second report is another one as soon as the clock of its name goes on.
    let again = boxes.last().unwrap().replace("%SZ", "%SZ-again");
    assert_eq!(codes(&world, &[again]), [2]);
    assert_eq!(kept(), 2);
    assert!(read(&world, "drift.html").contains("History"));
}

#[test]
fn the_guide_on_fleets_is_done_as_it_says() {
    let (prod, test) = (world(), world());
    infra(&prod);
    let mut settings = boxes("fleet.md", "toml").concat();
    for (name, of) in [("https://acme.service-now.com", &prod), ("https://acmetest.service-now.com", &test)] {
        assert!(settings.contains(name), "{settings}");
        settings = settings.replace(name, &of.instance.url);
    }
    prod.file("snowdrift.toml", &settings);
    for variable in ["SNOW_PROD_PASSWORD", "SNOW_TEST_PASSWORD"] {
        prod.environment(variable, READER.1);
    }
    let boxes = boxes("fleet.md", "sh");
    assert_eq!(boxes.len(), 1, "{boxes:?}");
    let codes = codes(&prod, &boxes);
    // A share without an instance is clean; the whole is not, because nothing that is declared is there yet.
    assert!(codes.len() == 3 && codes.ends_with(&[2]), "{codes:?}");
    let page = read(&prod, "fleet.html");
    assert!(page.contains("prod") && page.contains("test"), "{page}");
    assert!(test.instance.journal().unwrap().len() > 2, "the second instance was looked at as well");
}
