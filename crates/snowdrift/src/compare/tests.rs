//! Comparing folders and states with a simulated instance.

mod catalogue;
mod classes;
mod patches;
mod references;
mod size;

use std::path::Path;
use std::sync::Arc;

use servicenow_core::Method;
use servicenow_sim::{Person, Simulator};
use tempfile::TempDir;
use tf_plugin::State;

use super::*;
use crate::live::simulated::{create, empty, hand, sign_in};
use crate::report::Class;

/// What most tests declare: an integration with two connections, a credential and the choice of the first connection.
pub const ORDERS: &str = r#"
variable "key" {
  type      = string
  default   = "planted secret 4711"
  sensitive = true
}

resource "servicenow_connection_alias" "orders" {
  name = "orders"
}

resource "servicenow_api_key_credential" "orders" {
  name               = "orders key"
  api_key_wo         = var.key
  api_key_wo_version = "1"
}

resource "servicenow_http_connection" "orders" {
  for_each            = { test = "https://test.example", prod = "https://prod.example" }
  name                = "orders-${each.key}"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = each.value
  credential_id       = servicenow_api_key_credential.orders.id
}

resource "servicenow_connection_activation" "orders" {
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_id       = servicenow_http_connection.orders["test"].id
}
"#;

/// An instance, and a folder that declares what is on it.
pub struct World {
    pub simulator: Simulator,
    pub folder: TempDir,
    pub live: Arc<Live>,
}

impl World {
    /// An instance with these people and nothing else, beside a folder with that text.
    async fn with(hcl: &str, people: Vec<Person>) -> World {
        let simulator = empty(&["unifi"], people);
        let live = Arc::new(sign_in(&simulator, &[]).await.unwrap());
        let world = World { simulator, folder: TempDir::new().unwrap(), live };
        world.declare(hcl);
        world
    }

    /// An empty instance beside a folder with that text.
    pub async fn empty(hcl: &str) -> World {
        World::with(hcl, Vec::new()).await
    }

    /// An instance on which everything was created that the folder declares.
    pub async fn applied(hcl: &str) -> World {
        World::applied_by(hcl, Vec::new()).await
    }

    /// The same with more people than the administrator.
    pub async fn applied_by(hcl: &str, people: Vec<Person>) -> World {
        let world = World::with(hcl, people).await;
        world.apply().await;
        world
    }

    /// Writes the folder anew.
    #[allow(clippy::disallowed_methods, reason = "the test writes the folder that it looks at")]
    pub fn declare(&self, hcl: &str) {
        std::fs::write(self.folder.path().join("main.tf"), hcl).unwrap();
    }

    /// Creates what is declared, as often as references between resources need it. Returns the states by address.
    pub async fn apply(&self) -> BTreeMap<String, State> {
        let (mut known, mut states) = (Known::new(), BTreeMap::new());
        for _ in 0..8 {
            let declared = self.source().declared(self.live.schemas(), &known);
            for resource in &declared.resources {
                if known.contains(&resource.address) {
                    continue;
                }
                let schema = self.live.schema(&resource.type_name).unwrap();
                let value = |name: &String| {
                    resource.attributes.get(name).map_or(Value::Null, |it| it.value.value.clone())
                };
                let block = &schema.block;
                let names =
                    block.attributes.iter().map(|it| &it.name).chain(block.blocks.iter().map(|it| &it.name));
                let config: Object = names.map(|it| (it.clone(), value(it))).collect();
                if config.values().all(Value::is_wholly_known) {
                    let state = create(&self.live, &resource.type_name, &config).await;
                    known.insert(
                        &resource.address,
                        state.object.iter().map(|(name, it)| (name.as_str(), it.clone())),
                    );
                    states.insert(resource.address.clone(), state);
                }
            }
        }
        assert_eq!(states.len(), self.source().declared(self.live.schemas(), &known).resources.len());
        states
    }

    pub fn source(&self) -> Source {
        let inputs = Inputs::collect(self.folder.path(), [], &[], &[]).unwrap();
        Source::Folder(Box::new(Folder::load(self.folder.path()).unwrap()), inputs)
    }

    /// Signs in anew, as the next run does, and compares.
    pub async fn report(&self, options: &Options) -> InstanceReport {
        let live = Arc::new(sign_in(&self.simulator, &[]).await.unwrap());
        self.report_of(&live, options).await
    }

    pub async fn report_of(&self, live: &Arc<Live>, options: &Options) -> InstanceReport {
        let mut report = compare(live, self.source(), options, ".").await;
        let folder = self.folder.path().display().to_string();
        for place in report.findings.iter_mut().filter_map(|it| it.place.as_mut()) {
            place.file = Path::new(&place.file).strip_prefix(&folder).unwrap().display().to_string();
        }
        assert!(
            !serde_json::to_string(&report).unwrap().contains("planted secret"),
            "a secret shows: {report:?}"
        );
        report
    }

    /// The id of the one row that has that text in a column.
    pub fn id(&self, table: &str, column: &str, text: &str) -> String {
        let rows = self.simulator.rows(table);
        let found: Vec<_> = rows.iter().filter(|it| it.get(column).is_some_and(|it| it == text)).collect();
        let [row] = found.as_slice() else { panic!("{table}.{column} = {text}: {found:?}") };
        row["sys_id"].clone()
    }

    /// What a row has in a column.
    pub fn text(&self, table: &str, id: &str, column: &str) -> String {
        let rows = self.simulator.rows(table);
        rows.iter().find(|it| it["sys_id"] == id).unwrap()[column].clone()
    }

    /// Moves the clock of the instance.
    pub fn wait_s(&self, seconds: u64) {
        let answer =
            hand(&self.simulator, Method::Post, "/_sim/clock", &format!(r#"{{"advance_s": {seconds}}}"#));
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }

    /// Changes a row by hand.
    pub fn edit(&self, table: &str, id: &str, body: &str) {
        let answer = hand(&self.simulator, Method::Patch, &format!("/api/now/table/{table}/{id}"), body);
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }

    pub fn remove(&self, table: &str, id: &str) {
        let answer = hand(&self.simulator, Method::Delete, &format!("/api/now/table/{table}/{id}"), "");
        assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
    }

    pub fn add(&self, table: &str, body: &str) {
        let answer = hand(&self.simulator, Method::Post, &format!("/api/now/table/{table}"), body);
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    }
}

/// The classes and addresses of the findings.
pub fn found(report: &InstanceReport) -> Vec<(Class, String)> {
    let name = |it: &Finding| {
        let record = || it.record.as_ref().map(|it| it.name.clone()).unwrap_or_default();
        it.address.clone().unwrap_or_else(record)
    };
    report.findings.iter().map(|it| (it.class, name(it))).collect()
}

#[track_caller]
pub fn check(report: &InstanceReport, expected: &[(Class, &str)]) {
    let expected: Vec<(Class, String)> =
        expected.iter().map(|(class, it)| (*class, (*it).to_owned())).collect();
    assert_eq!(found(report), expected, "{:#?}", (&report.findings, &report.undecided, &report.problems));
}
