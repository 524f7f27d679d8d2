//! The page of `snowdrift status` in a browser: with everything an instance may hold, and with what may not be seen.

use std::fs;

use acceptance_tests::{Setup, Terraform, World};
use serde_json::json;

use crate::eyes::{fits_a_phone, keep, shuts_nobody_out, told};

/// An instance as it is, one with names that mean harm, and one of which only a part may be seen.
const INSTANCES: &[&str] = &["demo", "hostile", "hidden", "nothing"];

/// The page of an instance.
fn page(instance: &str) -> String {
    let fixture = if instance == "nothing" { "empty" } else { "demo" };
    let simulator = ["--fixture", fixture, "--app", "unifi"];
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator: &simulator });
    let mut code = 0;
    match instance {
        "hostile" => harm(&world),
        "hidden" => {
            world.instance.add_user("half.blind", "half-blind-password", &["connection_admin"]).unwrap();
            world.environment("SERVICENOW_USERNAME", "half.blind").conceal("half-blind-password");
            world.environment("SERVICENOW_PASSWORD", "half-blind-password");
            code = 3;
        }
        _ => {}
    }
    world.snowdrift(&["status", "--format", "html", "--out", "page.html"]).ends_with(code);
    fs::read_to_string(world.configuration().join("page.html")).unwrap()
}

/// Names that want to be markup, to turn the direction of writing, and to be wider than any phone.
fn harm(world: &World) {
    let wide = "W".repeat(180);
    let alias = world.instance.insert("sys_alias", &json!({"name": "Harm"})).unwrap();
    for (name, url) in [
        ("<img src=x onerror=alert(1)>", "https://a.example/'\"><script>alert(1)</script>".to_owned()),
        ("\u{202e}gnihtemos \u{200b}esrever", format!("https://{wide}.example/{wide}")),
        (&*wide, "javascript:alert(1)".to_owned()),
        ("注文の接続 Größe 🚚", "https://größe.example".to_owned()),
    ] {
        let row = json!({"name": name, "connection_url": url, "connection_alias": alias["sys_id"], "active": "false"});
        world.instance.insert("http_connection", &row).unwrap();
    }
}

#[test]
fn nobody_is_shut_out_of_the_inventory() {
    for (instance, is_dark) in [("demo", false), ("demo", true), ("hostile", true), ("hidden", false)] {
        shuts_nobody_out(&page(instance), is_dark);
    }
}

#[test]
fn a_phone_shows_the_inventory_without_sideways_scrolling() {
    INSTANCES.iter().for_each(|it| fits_a_phone(&page(it)));
}

#[test]
fn names_that_mean_harm_are_names() {
    let script = "document.documentElement.setAttribute('data-told', document.scripts.length + ' ' + document.images.length + ' ' + \
                  [...document.links].filter((it) => !['https:', 'http:', 'file:'].includes(it.protocol)).length);";
    // The one script is that of the test.
    assert_eq!(told(&page("hostile"), &[], script), "1 0 0");
}

#[test]
fn pictures_of_the_inventory_are_kept_to_be_looked_at() {
    for instance in ["demo", "hostile"] {
        keep(&page(instance), &format!("status-{instance}"));
    }
}
