//! What is asked of the tables that describe tables, and what is made of the answers.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use servicenow_core::{Request, Response, SysId};

use super::*;
use crate::{Transport, TransportError};

/// An instance with nothing but tables that describe tables.
#[derive(Default)]
struct Describing {
    /// What each table answers with; a table that is not here is forbidden.
    rows: HashMap<&'static str, Value>,
    /// Requests that are lost first.
    lost: AtomicU64,
    /// Rows that are counted and not shown.
    hidden: usize,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Transport for Describing {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        let table = request.path.rsplit('/').next().unwrap().to_owned();
        self.asked.lock().unwrap().push(table.clone());
        tokio::task::yield_now().await;
        let lost = self.lost.load(Ordering::SeqCst);
        if lost > 0 {
            self.lost.store(lost - 1, Ordering::SeqCst);
            return Ok(Response { status: 500, headers: Vec::new(), body: Vec::new() });
        }
        let rows = self.rows.get(table.as_str()).map(|it| selected(it, request));
        let total = rows.as_ref().map_or(0, Vec::len) + self.hidden;
        let (status, body) = match rows {
            Some(rows) => (200, json!({ "result": rows })),
            None => (403, json!({"error": {"message": "Operation Failed", "detail": "ACL Exception"}})),
        };
        let headers = vec![("X-Total-Count".to_owned(), total.to_string())];
        Ok(Response { status, headers, body: body.to_string().into_bytes() })
    }

    async fn sleep(&self, _: Duration) {}

    fn now_ms(&self) -> u64 {
        0
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes([7; 16])
    }
}

/// The rows of one name, where a request asks for that, or else all.
fn selected(rows: &Value, request: &Request) -> Vec<Value> {
    let query = request.query.iter().find(|it| it.0 == "sysparm_query").map_or("", |it| it.1.as_str());
    let name = query.split('^').find_map(|it| it.strip_prefix("name="));
    let is_meant = |row: &&Value| name.is_none_or(|it| row["name"] == it);
    rows.as_array().unwrap().iter().filter(is_meant).cloned().collect()
}

fn id(number: usize) -> String {
    format!("{number:032}")
}

fn dictionary_row(number: usize, table: &str, element: &str) -> Value {
    json!({"sys_id": id(number), "name": table, "element": element, "internal_type": "string", "choice": "3"})
}

/// `http_connection` extends `sys_connection`.
fn described() -> Describing {
    let table = json!({"sys_id": id(1), "name": "http_connection", "super_class.name": "sys_connection",
        "super_class.super_class.name": ""});
    let columns = json!([
        dictionary_row(2, "http_connection", "connection_url"),
        dictionary_row(3, "sys_connection", "sys_id"),
        dictionary_row(4, "sys_connection", "mid_selection"),
    ]);
    Describing {
        rows: HashMap::from([("sys_db_object", json!([table])), ("sys_dictionary", columns)]),
        ..Describing::default()
    }
}

fn client(transport: Describing) -> (Client, Arc<Describing>) {
    let transport = Arc::new(transport);
    (Client::new(Arc::clone(&transport) as Arc<dyn Transport>), transport)
}

fn table() -> TableName {
    "http_connection".parse().unwrap()
}

fn asked(transport: &Describing) -> Vec<String> {
    transport.asked.lock().unwrap().clone()
}

#[tokio::test]
async fn a_table_is_asked_about_once_by_however_many() {
    let (client, transport) = client(described());
    assert_eq!(asked(&transport), Vec::<String>::new(), "nothing is asked before somebody wants to know");
    let tasks = (0..10).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.missing_columns(&table(), &["connection_uri", "sys_id"]).await })
    });
    for task in tasks.collect::<Vec<_>>() {
        let missing = task.await.unwrap();
        let [missing] = &missing[..] else { panic!("{missing:?}") };
        assert_eq!(
            (missing.column.as_str(), &missing.similar[..]),
            ("connection_uri", &["connection_url".to_owned()][..])
        );
    }
    assert_eq!(asked(&transport), ["sys_db_object", "sys_dictionary"]);
}

#[tokio::test]
async fn a_closed_dictionary_is_asked_once_and_nothing_is_missing() {
    for rows in [
        HashMap::new(),
        HashMap::from([("sys_db_object", json!([]))]),
        HashMap::from([
            ("sys_db_object", described().rows["sys_db_object"].clone()),
            ("sys_dictionary", json!([])),
        ]),
    ] {
        let (client, transport) = client(Describing { rows, ..Describing::default() });
        for name in ["http_connection", "http_connection", "sys_alias"] {
            assert_eq!(client.missing_columns(&name.parse().unwrap(), &["nonsense"]).await, vec![]);
        }
        assert!(client.is_dictionary_closed());
        assert!(asked(&transport).len() <= 2, "{:?}", asked(&transport));
    }
}

#[tokio::test]
async fn a_table_that_is_certainly_not_there_is_missed_and_closes_nothing() {
    let (client, _) = client(described());
    assert_eq!(client.instead_of_missing(&table()).await, None);
    let missing = "http_connections".parse().unwrap();
    assert_eq!(client.instead_of_missing(&missing).await, Some(vec!["http_connection".to_owned()]));
    assert_eq!(client.describe(&missing).await, None);
    assert!(!client.is_dictionary_closed());
    assert_eq!(client.missing_columns(&table(), &["connection_uri"]).await.len(), 1);
}

#[tokio::test]
async fn a_dictionary_of_which_a_part_is_hidden_makes_no_column_missing() {
    let (client, _) = client(Describing { hidden: 1, ..described() });
    assert_eq!(client.missing_columns(&table(), &["nonsense"]).await, vec![]);
    assert!(client.is_dictionary_closed());
}

#[tokio::test]
async fn a_passing_failure_says_nothing_about_the_dictionary() {
    let (client, transport) = client(Describing { lost: AtomicU64::new(1), ..described() });
    assert_eq!(client.missing_columns(&table(), &["nonsense"]).await, vec![]);
    assert!(!client.is_dictionary_closed());
    assert_eq!(client.missing_columns(&table(), &["nonsense"]).await.len(), 1);
    assert_eq!(asked(&transport).len(), 3);
}

#[tokio::test]
async fn choices_come_in_their_order_and_without_those_that_are_switched_off() {
    let choice = |number: usize, value: &str, inactive: &str| {
        json!({"sys_id": id(number), "name": "sys_connection", "element": "mid_selection", "value": value,
            "inactive": inactive, "sequence": number.to_string()})
    };
    let mut instance = described();
    instance.rows.insert(
        "sys_choice",
        json!([choice(3, "specific", "false"), choice(1, "auto", "false"), choice(2, "old", "true")]),
    );
    let (client, transport) = client(instance);
    for _ in 0..2 {
        assert_eq!(*client.choices(&table(), "mid_selection").await, ["auto", "specific"]);
    }
    assert_eq!(asked(&transport), ["sys_db_object", "sys_dictionary", "sys_choice"]);
}

#[tokio::test]
async fn the_most_specific_access_control_names_the_roles() {
    let control = |number: usize, name: &str| json!({"sys_id": id(number), "name": name, "operation": "write", "active": "true"});
    let grant = |number: usize, control: usize, role: &str| json!({"sys_id": id(number), "sys_security_acl": id(control), "sys_user_role.name": role});
    let mut instance = described();
    instance.rows.insert(
        "sys_security_acl",
        json!([control(20, "sys_connection.connection_url"), control(21, "http_connection.connection_url")]),
    );
    instance.rows.insert("sys_security_acl_role", json!([grant(31, 21, "b"), grant(32, 21, "a")]));
    let (client, _) = client(instance);
    assert_eq!(client.roles_for(&table(), Some("connection_url"), Access::Write).await, ["a", "b"]);
    let (client, _) = self::client(described());
    assert_eq!(client.roles_for(&table(), None, Access::Read).await, Vec::<String>::new());
}

#[test]
fn controls_of_a_column_come_before_those_of_all_columns() {
    let lineage = ["b".to_owned(), "a".to_owned()];
    assert_eq!(controls(&lineage, Some("x")), ["b.x", "a.x", "b.*", "a.*"]);
    assert_eq!(controls(&lineage, None), ["b", "a"]);
}
