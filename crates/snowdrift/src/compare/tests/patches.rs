//! The other ways out: a block for what nothing declares, and none for what is gone. Nothing is written on a guess.

use std::fs;

use servicenow_sim::Person;

use super::*;
use crate::adopt::disk;
use crate::adopt::offer::{Asked, Ground, offer};
use crate::compare::footing::Footing;
use crate::compare::ignored;
use crate::config::Config;
use crate::config::Unmanaged;
use crate::live::simulated::sign_in_as;

/// An integration of single blocks.
const SINGLE: &str = r#"resource "servicenow_connection_alias" "orders" {
  name = "orders"
}

resource "servicenow_api_key_credential" "orders" {
  name = "orders key"
}

# The one that is used.
resource "servicenow_http_connection" "blue" {
  name                = "orders-blue"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://blue.example"
  credential_id       = servicenow_api_key_credential.orders.id
  active              = true
}

resource "servicenow_http_connection" "green" {
  name                = "orders-green"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://green.example"
  active              = false
}
"#;

const EVERYTHING: Asked = Asked { values: true, missing: true, unmanaged: true };

/// What is told, with the patches, of which nothing is written yet.
async fn offered(
    world: &World,
    live: &Arc<Live>,
    options: &Options,
    ground: Ground,
) -> (InstanceReport, Vec<String>) {
    let ground = Ground { folder: Some(world.folder.path().to_owned()), ..ground };
    let mut report = compare(live, world.source(), options, ".").await;
    let rules = Config::parse(RULES, Path::new("snowdrift.toml")).unwrap().rules;
    ignored::apply(&mut report, &rules, jiff::civil::date(2026, 11, 22));
    let none = Footing::default();
    let footing = options.footing.get().unwrap_or(&none);
    let adoption = offer(live, &mut report, footing, &ground, EVERYTHING).await;
    assert_eq!(adoption.by_hand, BTreeMap::new());
    for patch in &adoption.patches {
        disk::write(patch).unwrap();
    }
    (report, adoption.patches.into_iter().map(|it| it.unified).collect())
}

/// What is let be in each of these tests.
const RULES: &str = "[[ignore]]\nreason = \"a pilot\"\nrecord = \"pilot*\"\n[[ignore]]\nreason = \"a pilot\"\naddress = \"*.pilot\"\n";

async fn live(world: &World) -> Arc<Live> {
    Arc::new(sign_in(&world.simulator, &[]).await.unwrap())
}

/// Has everything adopted that can be, and looks again.
async fn adopted(world: &World, options: &Options) -> (InstanceReport, Vec<String>, InstanceReport) {
    let (report, patches) = offered(world, &live(world).await, options, Ground::default()).await;
    let options = Options { footing: Arc::default(), ..options.clone() };
    (report, patches, world.report(&options).await)
}

#[allow(clippy::disallowed_methods, reason = "the test looks at the folder that it wrote")]
fn text(world: &World, file: &str) -> String {
    fs::read_to_string(world.folder.path().join(file)).unwrap_or_default()
}

/// What a person is told to do about the only finding of a class.
fn by_hand(report: &InstanceReport, class: Class) -> String {
    let all: Vec<&Finding> = report.findings.iter().filter(|it| it.class == class).collect();
    let [one] = all.as_slice() else { panic!("{:#?}", report.findings) };
    assert_eq!(one.remedy.adopt, None, "{one:#?}");
    one.remedy.by_hand.clone().unwrap_or_default()
}

fn managed() -> Options {
    Options::default()
}

fn all() -> Options {
    Options { unmanaged: Unmanaged::All, ..Options::default() }
}

#[tokio::test]
async fn what_is_gone_is_not_declared_any_more_and_nothing_else_changes() {
    let world = World::applied(SINGLE).await;
    world.remove("http_connection", &world.id("http_connection", "name", "orders-blue"));
    let (report, patches, after) = adopted(&world, &managed()).await;
    check(&report, &[(Class::Missing, "servicenow_http_connection.blue")]);
    let expected = SINGLE.split("# The one that is used.").next().unwrap().to_owned()
        + &SINGLE[SINGLE.find("resource \"servicenow_http_connection\" \"green\"").unwrap()..];
    assert_eq!(text(&world, "main.tf"), expected);
    assert_eq!(
        report.findings[0].remedy.adopt.as_ref().unwrap().lines().filter(|it| it.starts_with('-')).count(),
        10
    );
    assert_eq!(patches.len(), 1);
    check(&after, &[]);
    assert_eq!((after.undecided.len(), after.counts.declared), (0, 3));
}

#[tokio::test]
async fn what_others_refer_to_stays_unless_they_are_gone_as_well() {
    let world = World::applied(SINGLE).await;
    world.remove("api_key_credentials", &world.id("api_key_credentials", "name", "orders key"));
    world.add("api_key_credentials", r#"{"name": "another key"}"#);
    let (report, patches, _) = adopted(&world, &managed()).await;
    let words = by_hand(&report, Class::Missing);
    assert!(
        words.contains("servicenow_http_connection.blue` (") && words.contains("refers to it"),
        "{words}"
    );
    assert_eq!(patches, Vec::<String>::new());
    world.remove("http_connection", &world.id("http_connection", "name", "orders-blue"));
    let (report, _, after) = adopted(&world, &managed()).await;
    let key = report.findings.iter().find(|it| it.type_name == "servicenow_api_key_credential").unwrap();
    assert!(
        key.remedy.by_hand.as_ref().unwrap().contains("goes with it: `servicenow_http_connection.blue`.")
    );
    assert!(key.remedy.adopt.as_ref().unwrap().contains("-  connection_url      = \"https://blue.example\""));
    check(&after, &[]);
}

#[tokio::test]
async fn nothing_is_taken_away_on_a_guess() {
    let world = World::applied(SINGLE).await;
    world.remove("http_connection", &world.id("http_connection", "name", "orders-blue"));
    let before = text(&world, "main.tf");
    let live = live(&world).await;
    let shared = Ground { shared_with: Some("test".to_owned()), ..Ground::default() };
    let (report, _) = offered(&world, &live, &managed(), shared).await;
    assert!(by_hand(&report, Class::Missing).contains("are for the instance \"test\" as well"));
    // Somebody else sees no row, some, or all of a table: only the last proves that one is gone.
    let mut report = compare(&live, world.source(), &managed(), ".").await;
    let ground = Ground { folder: Some(world.folder.path().to_owned()), ..Ground::default() };
    let adoption = offer(&live, &mut report, &Footing::default(), &ground, EVERYTHING).await;
    assert_eq!(adoption.patches, []);
    assert!(by_hand(&report, Class::Missing).contains("is not certain"), "{report:#?}");
    // A table that could not be read, and an instance that is not the expected one.
    let whole = |report: &InstanceReport| {
        let whole = report.findings.iter().map(|it| it.type_name.clone()).collect();
        Footing { whole, ..Footing::default() }
    };
    let mut broken = compare(&live, world.source(), &managed(), ".").await;
    broken.problems.push(Problem { summary: "Could not read `x`".to_owned(), detail: String::new() });
    let footing = whole(&broken);
    assert_eq!(offer(&live, &mut broken, &footing, &ground, EVERYTHING).await.patches, []);
    let mut copy = compare(&live, world.source(), &managed(), ".").await;
    let mut clone = copy.findings[0].clone();
    (clone.class, clone.address) = (Class::CloneDetected, None);
    copy.findings.push(clone);
    assert_eq!(offer(&live, &mut copy, &whole(&broken), &ground, EVERYTHING).await.patches, []);
    assert!(by_hand(&copy, Class::Missing).contains("not the one that is expected"));
    assert_eq!(text(&world, "main.tf"), before);
}

#[tokio::test]
async fn the_only_row_of_a_table_may_as_well_be_hidden() {
    let world = World::applied(
        "resource \"servicenow_retry_policy\" \"it\" {\n  name = \"it\"\n  max_retry_count = 2\n}\n",
    )
    .await;
    let rows = world.simulator.rows("sys_retry_policy");
    for row in rows {
        world.remove("sys_retry_policy", &row["sys_id"]);
    }
    let (report, patches, _) = adopted(&world, &managed()).await;
    assert!(by_hand(&report, Class::Missing).contains("or sees none"), "{report:#?}");
    assert_eq!(patches, Vec::<String>::new());
}

#[tokio::test]
async fn a_user_who_may_not_see_costs_nobody_a_declaration() {
    let blind = Person { user_name: "blind".to_owned(), password: "blind".to_owned(), roles: Vec::new() };
    let world = World::applied_by(SINGLE, vec![blind]).await;
    let before = text(&world, "main.tf");
    let live = Arc::new(sign_in_as(&world.simulator, "blind", "blind", &[]).await.unwrap());
    let (report, patches) = offered(&world, &live, &managed(), Ground::default()).await;
    assert!(report.findings.iter().any(|it| it.class == Class::Hidden));
    assert!(report.findings.iter().all(|it| it.remedy.adopt.is_none()), "{:#?}", report.findings);
    assert_eq!((patches, text(&world, "main.tf")), (Vec::new(), before));
}

#[tokio::test]
async fn what_is_let_be_gets_no_patch() {
    let world = World::applied(&SINGLE.replace("\"green\"", "\"pilot\"")).await;
    world.remove("http_connection", &world.id("http_connection", "name", "orders-green"));
    let alias = world.id("sys_alias", "name", "orders");
    world.add(
        "http_connection",
        &format!(r#"{{"name": "pilot two", "connection_alias": "{alias}", "active": "false"}}"#),
    );
    let (report, patches) = offered(&world, &live(&world).await, &managed(), Ground::default()).await;
    check(&report, &[]);
    assert_eq!((report.ignored.len(), patches), (2, Vec::new()));
    assert!(report.ignored.iter().all(|it| it.finding.remedy.adopt.is_none()));
}

/// A connection that somebody made by hand within the integration.
fn by_hand_made(world: &World, name: &str) {
    let alias = world.id("sys_alias", "name", "orders");
    let key = world.id("api_key_credentials", "name", "orders key");
    world.add(
        "http_connection",
        &format!(
            r#"{{"name": "{name}", "connection_alias": "{alias}", "credential": "{key}", "active": "false", "connection_url": "https://red.example"}}"#
        ),
    );
}

#[tokio::test]
async fn a_connection_made_by_hand_is_declared_beside_its_siblings() {
    let world = World::applied(SINGLE).await;
    by_hand_made(&world, "Orders: green!");
    let (report, patches, after) = adopted(&world, &managed()).await;
    check(&report, &[(Class::Unmanaged, "Orders: green!")]);
    let text = text(&world, "main.tf");
    let id = world.id("http_connection", "name", "Orders: green!");
    let expected = format!(
        "{SINGLE}\nimport {{\n  to = servicenow_http_connection.orders_green\n  id = \"{id}\"\n}}\n\nresource \
         \"servicenow_http_connection\" \"orders_green\" {{\n  name                = \"Orders: green!\"\n"
    );
    assert!(text.starts_with(&expected), "{text}");
    for line in [
        "servicenow_connection_alias.orders.id",
        "servicenow_api_key_credential.orders.id",
        "https://red.example",
    ] {
        assert!(text[SINGLE.len()..].contains(line), "{text}");
    }
    assert_eq!(patches.len(), 1);
    assert!(
        patches[0].ends_with(report.findings[0].remedy.adopt.as_ref().unwrap().split_once("@@\n").unwrap().1)
    );
    check(&after, &[]);
    assert_eq!((after.undecided.len(), after.counts.declared), (0, 5));
}

#[tokio::test]
async fn names_that_are_taken_are_left_alone_and_the_provider_is_named() {
    let world = World::applied(SINGLE).await;
    by_hand_made(&world, "green");
    let ground = Ground { provider: Some("eu".to_owned()), ..Ground::default() };
    offered(&world, &live(&world).await, &managed(), ground).await;
    let id = world.id("http_connection", "name", "green");
    let text = text(&world, "main.tf");
    let head = format!("\"green_{}\" {{\n  provider = servicenow.eu\n\n  name ", &id[..6]);
    assert!(text.contains(&head), "{head} in {text}");
}

#[tokio::test]
async fn what_belongs_to_no_declared_integration_has_a_file_of_its_own() {
    let world = World::applied(SINGLE).await;
    world.add("sys_alias", r#"{"name": "invoices", "type": "connection"}"#);
    let alias = world.id("sys_alias", "name", "invoices");
    world.add("basic_auth_credentials", r#"{"name": "invoices", "user_name": "inv"}"#);
    let login = world.id("basic_auth_credentials", "name", "invoices");
    world.add(
        "http_connection",
        &format!(
            r#"{{"name": "invoices", "connection_alias": "{alias}", "credential": "{login}", "active": "true", "connection_url": "https://inv.example"}}"#
        ),
    );
    let (report, _, after) = adopted(&world, &all()).await;
    let of = |type_name: &str| {
        let found =
            report.findings.iter().find(|it| it.type_name == type_name && it.class == Class::Unmanaged);
        found.unwrap().remedy.adopt.clone().unwrap()
    };
    let connection = of("servicenow_http_connection");
    assert!(connection.starts_with("--- /dev/null\n+++ "), "{connection}");
    for part in [
        "adopted.tf\n@@ -0,0 ",
        "+resource \"servicenow_connection_alias\" \"invoices\" {",
        "+  user_name = \"inv\"",
    ] {
        assert!(connection.contains(part), "what it refers to comes with it: {connection}");
    }
    assert!(!of("servicenow_basic_auth_credential").contains("connection_alias"));
    let file = text(&world, "adopted.tf");
    assert!(file.contains("connection_alias_id = servicenow_connection_alias.invoices.id"), "{file}");
    assert_eq!(text(&world, "main.tf"), SINGLE);
    let left = found(&after);
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn an_integration_of_several_blocks_takes_no_other_one() {
    let hcl = SINGLE
        .replace("servicenow_connection_alias.orders.id", "servicenow_connection_alias.orders[\"a\"].id");
    let world = World::applied(
        &hcl.replace("  name = \"orders\"", "  for_each = { a = 1 }\n  name     = \"orders\""),
    )
    .await;
    by_hand_made(&world, "orders-red");
    let (report, patches, _) = adopted(&world, &managed()).await;
    let words = by_hand(&report, Class::Unmanaged);
    assert!(
        words.contains("`servicenow_connection_alias.orders[\"a\"]`") && words.contains("by hand"),
        "{words}"
    );
    assert_eq!(patches, Vec::<String>::new());
}

#[tokio::test]
async fn values_blocks_and_no_blocks_are_changed_in_one_run() {
    let world = World::applied(SINGLE).await;
    world.edit(
        "http_connection",
        &world.id("http_connection", "name", "orders-green"),
        r#"{"connection_url": "https://moved.example"}"#,
    );
    world.remove("http_connection", &world.id("http_connection", "name", "orders-blue"));
    by_hand_made(&world, "orders-red");
    let (report, patches, after) = adopted(&world, &managed()).await;
    assert_eq!((report.findings.len(), patches.len()), (3, 1));
    // Neither of the two that are left was ever switched on.
    check(&after, &[(Class::NoneActive, "servicenow_connection_alias.orders")]);
    let text = text(&world, "main.tf");
    assert!(
        text.contains("moved.example") && !text.contains("blue") && text.contains("red.example"),
        "{text}"
    );
}

#[tokio::test]
async fn what_may_be_declared_already_is_not_declared_again() {
    let world = World::applied(SINGLE).await;
    let live = live(&world).await;
    by_hand_made(&world, "orders-red");
    let open = "\nresource \"servicenow_http_connection\" \"open\" {\n  name = data.other.it.name\n}\n";
    world.declare(&format!("{SINGLE}{open}"));
    let (report, patches) = offered(&world, &live, &managed(), Ground::default()).await;
    let words = by_hand(&report, Class::Unmanaged);
    assert!(words.contains("`servicenow_http_connection.open` may be it"), "{words}");
    assert_eq!(patches, Vec::<String>::new());
    // What is for another instance is none of this one.
    let other = open.replace("  name", "  provider = servicenow.eu\n  name");
    world.declare(&format!("{SINGLE}{other}"));
    let (_, patches) =
        offered(&world, &live, &Options { footing: Arc::default(), ..managed() }, Ground::default()).await;
    assert_eq!(patches.len(), 1);
}
