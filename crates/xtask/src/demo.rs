//! The story of one integration, told with real Terraform against a simulated instance.
//!
//! Every step checks that what it tells is what happened, so the demonstration doubles as a test.

mod configuration;
mod scene;
mod stage;

use serde_json::json;

use crate::failure::{Failure, Outcome};
use crate::workspace::Workspace;

use configuration::Colour;
use scene::{Colleague, Scene, Show};
use stage::Stage;

/// How to tell it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Leave the instance running at the end.
    pub keep: bool,
    /// Make no pauses.
    pub fast: bool,
}

/// One part of the story: what it is called, and what happens.
type Chapter = (&'static str, fn(&Scene) -> Outcome<()>);

const CHAPTERS: &[Chapter] = &[
    ("An integration, written down", written_down),
    ("What would happen", planned),
    ("It happens", applied),
    ("And nothing is left to do", nothing_left),
    ("Somebody switches the connection by hand", switched_by_hand),
    ("The plan says who, and what", plan_tells),
    ("Apply heals it", healed),
    ("Blue to green, by changing one line", blue_to_green),
    ("A connection that was clicked together", imported),
    ("Everything goes, and leaves nothing behind", destroyed),
];

/// Prepares the scene and tells every chapter.
pub fn tell(workspace: &Workspace, options: &Options) -> Outcome<()> {
    let stage = Stage::at_hand(options.fast);
    stage.title("One integration, from HCL to a live ServiceNow instance");
    let scene = Scene::set(workspace, stage, options.keep)?;
    for (number, (title, chapter)) in CHAPTERS.iter().enumerate() {
        scene.stage.chapter(number + 1, title);
        chapter(&scene).map_err(|failure| {
            Failure::new(format!(
                "chapter {} (\"{title}\") is not as told: {failure}\nThe files are in {}",
                number + 1,
                scene.folder().display()
            ))
        })?;
    }
    scene.end(options.keep)
}

fn written_down(scene: &Scene) -> Outcome<()> {
    scene.stage.say(
        "The orders integration: an alias that flows refer to, a credential, two connections called blue and green, \
         and a pointer that says which of the two is active.",
    );
    let text = configuration::orders(Colour::Blue);
    scene.write("main.tf", &text)?;
    scene.stage.code(configuration::resources(&text));
    scene.terraform(&["init", "-input=false"], 0, Show::Nothing)?;
    scene.stage.holds("`terraform init` took the provider from a mirror with the fresh build")
}

fn planned(scene: &Scene) -> Outcome<()> {
    scene.stage.say("Nothing has been sent to the instance that could change it; Terraform only looks.");
    let run = scene.plan(2, Show::Headlines)?;
    run.says("Plan: 5 to add, 0 to change, 0 to destroy")?;
    run.never_says(scene.secret())?;
    scene.expect(scene.writes()?.is_empty(), "planning wrote to the instance")?;
    scene.stage.holds("five resources to create; the instance was asked for nothing but reads")
}

fn applied(scene: &Scene) -> Outcome<()> {
    scene.terraform(&["apply", "-auto-approve", "-input=false"], 0, Show::Headlines)?;
    scene.expect_active("demo-orders-blue")?;
    let credential = scene.row("discovery_credentials", "name=Demo orders")?;
    let stored = scene.stored_secret(&credential)?;
    scene.expect(
        stored.as_deref() == Some(scene.secret()),
        "the instance does not hold the configured password",
    )?;
    scene.never_in_state(scene.secret())?;
    scene.stage.holds("blue is active, and green stands by")?;
    scene.stage.holds("the instance holds the password; Terraform's state does not")
}

fn nothing_left(scene: &Scene) -> Outcome<()> {
    scene.plan(0, Show::Headlines)?.says("No changes")?;
    scene.stage.holds("the second plan is empty")
}

fn switched_by_hand(scene: &Scene) -> Outcome<()> {
    scene.stage.say(
        "The engineer on call opens the connections in ServiceNow and activates green. The instance's own rule \
         switches blue off.",
    );
    let green = scene.row("http_connection", "name=demo-orders-green")?;
    scene.by_hand(Colleague::OnCall, "http_connection", &green, &json!({"active": "true"}))?;
    scene.expect_active("demo-orders-green")?;
    scene.stage.holds("green is active now, and no file says so")
}

fn plan_tells(scene: &Scene) -> Outcome<()> {
    let run = scene.plan(2, Show::Whole)?;
    run.says("servicenow_connection_activation.orders")?;
    run.says("0 to add, 1 to change, 0 to destroy")?;
    run.says(Colleague::OnCall.user_name())?;
    scene.stage.holds("one resource differs: the pointer. The plan names the person who switched it")
}

fn healed(scene: &Scene) -> Outcome<()> {
    scene.terraform(&["apply", "-auto-approve", "-input=false"], 0, Show::Headlines)?;
    scene.expect_active("demo-orders-blue")?;
    scene.show_writes()?;
    scene.plan(0, Show::Nothing)?;
    scene.stage.holds("blue is active again, and the plan is empty again")
}

fn blue_to_green(scene: &Scene) -> Outcome<()> {
    scene.stage.say("Now the same switch as everybody should make it: reviewed, in one line.");
    let (blue, green) = (configuration::orders(Colour::Blue), configuration::orders(Colour::Green));
    scene.stage.difference(&blue, &green);
    scene.write("main.tf", &green)?;
    let run = scene.plan(2, Show::Whole)?;
    run.says("0 to add, 1 to change, 0 to destroy")?;
    let looks = scene.never_dark_during(|| {
        scene.terraform(&["apply", "-auto-approve", "-input=false"], 0, Show::Headlines).map(|_| ())
    })?;
    scene.expect_active("demo-orders-green")?;
    scene.show_writes()?;
    scene.plan(0, Show::Nothing)?;
    scene.stage.holds("green is active, one resource changed, and the next plan is empty")?;
    scene.stage.holds(&format!("looked {looks} times meanwhile: exactly one connection was active each time"))
}

fn imported(scene: &Scene) -> Outcome<()> {
    scene.stage.say(
        "Months ago somebody clicked a payments integration together. Two import blocks name what is there, and \
         Terraform writes the configuration itself.",
    );
    scene.click_together()?;
    scene.write("import.tf", configuration::IMPORT)?;
    scene.stage.code(configuration::IMPORT);
    let generate = ["plan", "-input=false", "-detailed-exitcode", "-generate-config-out=payments.tf"];
    scene
        .terraform(&generate, 2, Show::Headlines)?
        .says("Plan: 2 to import, 0 to add, 0 to change, 0 to destroy")?;
    let apply = scene.terraform(&["apply", "-auto-approve", "-input=false"], 0, Show::Headlines)?;
    apply.says("2 imported, 0 added, 0 changed, 0 destroyed")?;
    scene.expect(scene.writes()?.is_empty(), "importing wrote to the instance")?;
    scene.plan(0, Show::Nothing)?;
    scene.stage.holds("both are managed now, nothing on the instance was touched, and the plan is empty")
}

fn destroyed(scene: &Scene) -> Outcome<()> {
    scene.terraform(&["destroy", "-auto-approve", "-input=false"], 0, Show::Headlines)?;
    for (table, query) in configuration::OURS {
        scene
            .expect(scene.count(table, query)? == 0, &format!("rows of {table} are left on the instance"))?;
    }
    scene.stage.holds("no row of ours is left on the instance")
}
