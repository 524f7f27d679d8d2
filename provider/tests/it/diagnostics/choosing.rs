//! Messages about which connection is active.

use tf_core::{Object, Value};
use tf_plugin::State;

use super::all;
use crate::active::Trio;
use crate::claims::Integration;
use crate::environment::{ENVIRONMENT, Landscape};
use crate::fitness::Choice;
use crate::verify::Story;
use crate::world::stage::{STAGES, USUAL};
use crate::world::text;

fn with(object: &Object, name: &str, value: Value) -> Object {
    let mut object = object.clone();
    object.insert(name.to_owned(), value);
    object
}

/// About a connection that is to go dark.
pub async fn darkness(name: &str) -> Vec<String> {
    let it = Trio::new(USUAL[0], &[("on_destroy", text("deactivate"))], &[]).await;
    let (config, state) = &it.connections[0];
    let blue = it.world.refresh(it.stage.member, state).await.0.unwrap();
    let member = it.world.resource(it.stage.member);
    match name {
        "active_stays" => all(&it.world.delete(it.stage.member, &blue).await.1),
        "active_will_go" => all(&member.plan_deletion(&blue).await),
        "member_goes_dark" => {
            let off = with(config, "active", Value::Bool(false));
            all(&it.world.plan(it.stage.member, Some(&blue), &off).await.2)
        }
        _ => all(&it.world.resource(it.stage.pointer).plan_deletion(&it.pointer).await),
    }
}

/// About a connection that somebody else activated.
pub async fn foreign(name: &str) -> Vec<String> {
    let policy = match name {
        "foreign_active" => "error",
        "foreign_adopted" => "adopt",
        _ => "deactivate",
    };
    let it = Trio::new(USUAL[0], &[("on_foreign_active", text(policy))], &[]).await;
    if name == "activated_meanwhile" {
        let state = it.refreshed().await;
        it.by_hand(2, true);
        return all(&it.world.apply(it.stage.pointer, Some(&state), &it.to(1)).await.1);
    }
    it.by_hand(2, true);
    let state = it.refreshed().await;
    all(&it.world.plan(it.stage.pointer, Some(&state), &it.config).await.2)
}

/// About a connection that may be the wrong one.
pub async fn doubts(name: &str) -> Vec<String> {
    match name {
        "endpoint_misfit" => {
            let hosts = Value::Map([("test".to_owned(), Value::List(vec![text("blue.example")]))].into());
            let settings = [("environment", text("test")), ("environment_hosts", hosts)];
            let it = Trio::new(USUAL[0], &[], &settings).await;
            let state = it.refreshed().await;
            all(&it.world.plan(it.stage.pointer, Some(&state), &it.to(1)).await.2)
        }
        "pinned_elsewhere" => {
            let it = Choice::new(STAGES[3]).await;
            it.edit("instance_name", "elsewhere");
            it.warned().await
        }
        "winner_doubtful" => {
            let it = Choice::new(STAGES[0]).await;
            let credential = it.insert("oauth_2_0_credentials", r#"{"name":"tokens"}"#);
            it.edit("credential", &credential);
            it.warned().await
        }
        "winner_unable" => {
            let it = Choice::new(STAGES[3]).await;
            it.edit("endpoint_url", "");
            it.refused().await
        }
        "verify_failed" => Story::new(USUAL[0], &[], &[]).await.switch(&[503]).await.1,
        "two_claims" => {
            let it = Integration::new(USUAL[0]).await;
            let [blue, green] = [&it.blue, &it.green].map(|to| it.pointer(it.id(to)));
            let both = [(it.stage.pointer, None, blue), (it.stage.pointer, None, green)];
            all(&it.plan(&both).await)
        }
        _ => does_not_follow().await,
    }
}

/// An integration of Unifi stays inactive where its rules do not run.
async fn does_not_follow() -> Vec<String> {
    let stage = STAGES[3];
    let world = stage.world().await;
    let (group, ids) = stage.by_hand(&world, "orders", &["blue"]);
    world.simulator.set("unifi_workflow", "off").unwrap();
    all(&world.apply(stage.pointer, None, &stage.pointer(&world, (&group, text(&ids[0])), &[])).await.1)
}

/// About many integrations that are switched as one.
pub async fn environments(name: &str) -> Vec<String> {
    let it = Landscape::new(USUAL[0], &["invoices", "orders"]).await;
    let resource = it.world.resource(ENVIRONMENT);
    match name {
        "environment_will_switch" => all(&it.world.plan(ENVIRONMENT, None, &it.declared(2)).await.2),
        "environment_goes_dark" => {
            let object = with(&it.state.object, "on_destroy", text("deactivate"));
            all(&resource.plan_deletion(&State { object, ..it.state.clone() }).await)
        }
        "environment_failed" => {
            it.freeze(&it.ids["orders"][2]);
            let state = it.refreshed().await;
            all(&it.world.apply(ENVIRONMENT, Some(&state), &it.declared(2)).await.1)
        }
        _ => all(&resource.import().unwrap().by_id("test").await.unwrap_err()),
    }
}
