//! `snowdrift drift` beside real Terraform: what one finds the other plans, from HCL, from a state and from a plan.

use acceptance_tests::{Binaries, Run, Terraform, World};
use serde_json::{Value, json};

use crate::orders::{self, ALIAS, BLUE, PASSWORD, POINTER};

/// Runs a line of a shell in which `$SNOWDRIFT` is the built program.
pub fn shell(world: &World, line: &str) -> Run {
    let snowdrift = Binaries::built().snowdrift();
    world.file("line.sh", &format!("set -e\nSNOWDRIFT='{}'\n{line}\n", snowdrift.display()));
    world.shell(&world.configuration().join("line.sh")).never_says(PASSWORD)
}

/// The findings of a JSON report: class and address.
fn findings(world: &World, arguments: &str) -> Vec<(String, String)> {
    shell(world, &format!("\"$SNOWDRIFT\" drift {arguments} --out json=report.json || true"));
    let text = std::fs::read_to_string(world.configuration().join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let word = |it: &Value, name: &str| it[name].as_str().unwrap_or_default().to_owned();
    let found = report["instances"][0]["findings"].as_array().unwrap();
    found.iter().map(|it| (word(it, "class"), word(it, "address"))).collect()
}

#[test]
fn what_terraform_would_plan_is_found_from_hcl_from_a_state_and_from_a_plan() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD);
    world.hcl(&orders::integration("blue")).apply().ends_with(0);
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(0);
    shell(&world, "terraform show -json | \"$SNOWDRIFT\" drift --state -").ends_with(0);
    shell(&world, "\"$SNOWDRIFT\" drift --state terraform.tfstate").ends_with(0);

    world.edit("http_connection", &world.id(BLUE), &json!({ "connection_url": "https://moved.example.com" }));
    world.edit("sys_alias", &world.id(ALIAS), &json!({ "description": "By hand." }));
    let expected = [("changed".to_owned(), ALIAS.to_owned()), ("changed".to_owned(), BLUE.to_owned())];
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(2).says("https://moved.example.com").says("By hand.");
    shell(&world, "\"$SNOWDRIFT\" drift --fail-on critical").ends_with(0);
    shell(&world, "\"$SNOWDRIFT\" drift --fail-on nothing").ends_with(2).says("several_active");
    assert_eq!(findings(&world, ""), expected);
    assert_eq!(findings(&world, "--state terraform.tfstate"), expected);
    shell(
        &world,
        "terraform plan -input=false -out=made.plan >/dev/null && terraform show -json made.plan > made.json",
    )
    .ends_with(0);
    assert_eq!(findings(&world, "--plan-json made.json"), expected);

    world.apply().ends_with(0);
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(0);
    world.edit("http_connection", &world.id(BLUE), &json!({ "active": "false" }));
    let dark = [("none_active".to_owned(), POINTER.to_owned())];
    assert_eq!(findings(&world, ""), dark);
    assert_eq!(findings(&world, "--state terraform.tfstate"), dark);
    assert_eq!(world.find_secrets(), Vec::<String>::new());
}

#[test]
fn a_fleet_is_looked_at_in_one_run_and_one_that_does_not_answer_stops_no_other() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD);
    world.hcl(&orders::integration("blue")).apply().ends_with(0);
    let url = &world.instance.url;
    let instance = |name: &str, url: &str| {
        format!(
            "[instance.{name}]\ninstance_url = \"{url}\"\nusername = \"admin\"\npassword_env = \"SERVICENOW_PASSWORD\"\n"
        )
    };
    let user = &world.instance.username;
    let both = format!("{}{}", instance("one", url), instance("two", url))
        .replace("\"admin\"", &format!("\"{user}\""));
    world.file("snowdrift.toml", &both);
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(0).says("one").says("two");
    world.file("snowdrift.toml", &format!("{both}{}", instance("gone", "http://127.0.0.1:9")));
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(1).says("gone");
    shell(&world, "\"$SNOWDRIFT\" drift --instance one --instance two").ends_with(0);
    shell(&world, "\"$SNOWDRIFT\" drift --instance none").ends_with(1).says("there is no instance `none`");
    shell(
        &world,
        "for i in 1 2 3; do \"$SNOWDRIFT\" drift --instance one --instance two --shard $i/3 --out json=part-$i.json; done\n\
         \"$SNOWDRIFT\" merge part-1.json part-2.json part-3.json",
    )
    .ends_with(0)
    .says("one")
    .says("two");
}

/// The reports of a job, and a page and a summary beside them.
const JOB: &str = "--since last --history reports --out markdown=summary.md --out html=page.html";

#[test]
fn a_job_goes_on_from_its_last_report_and_says_what_it_does_not_look_at() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD);
    world.hcl(&orders::integration("blue")).apply().ends_with(0);
    shell(&world, &format!("\"$SNOWDRIFT\" drift {JOB} --out json=reports/1.json"))
        .ends_with(0)
        .says("Everything is looked at: `reports` has no complete report of the instance");
    let told = || {
        ["summary.md", "page.html"].map(|it| std::fs::read_to_string(world.configuration().join(it)).unwrap())
    };
    assert!(told().iter().all(|it| !it.contains("written since")));
    // What was found before is not told again: the last report is taken to be half an hour younger than this edit.
    world.edit("http_connection", &world.id(BLUE), &json!({ "connection_url": "https://old.example.com" }));
    let later = "sed -i \"s/\\\"began\\\": \\\"[^\\\"]*\\\"/\\\"began\\\": \\\"$(date -u -d '+30 min' +%FT%TZ)\\\"/\" reports/1.json";
    shell(&world, &format!("{later}\n\"$SNOWDRIFT\" drift {JOB}"))
        .ends_with(0)
        .never_says("Everything is looked at")
        .says("Nothing was written since")
        .says("deleted records and older differences are not seen this way");
    for text in told() {
        assert!(
            text.contains("Nothing was written since") && text.contains("are not seen this way"),
            "{text}"
        );
    }
    assert_eq!(world.api("POST", "/_sim/clock", &json!({ "advance_s": 3600 })).status, 200);
    world.edit("sys_alias", &world.id(ALIAS), &json!({ "description": "By hand." }));
    assert_eq!(findings(&world, JOB), [("changed".to_owned(), ALIAS.to_owned())]);
    for text in told() {
        assert!(
            text.contains("Only what was written since") && text.contains("is not seen this way"),
            "{text}"
        );
    }
}

#[test]
fn an_instance_without_a_name_that_cannot_be_reached_is_called_by_its_address() {
    let world = World::new(Terraform::V1_15);
    world.hcl("");
    for address in ["http://127.0.0.1:9", "http://somebody:a-word-in-an-address@127.0.0.1:9"] {
        world.environment("SERVICENOW_INSTANCE_URL", address);
        let run = shell(&world, "\"$SNOWDRIFT\" drift --out json=report.json").ends_with(1);
        run.says("Could not look at \"127.0.0.1:9\"").never_says("a-word-in-an-address");
        let report = std::fs::read_to_string(world.configuration().join("report.json")).unwrap();
        assert!(report.contains("127.0.0.1:9") && !report.contains("somebody"), "{report}");
    }
}
