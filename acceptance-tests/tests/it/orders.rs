//! The integration that most tests are about: an alias, a credential, a blue and a green connection, and a pointer.

use acceptance_tests::World;

/// The password of the credential: it may be found nowhere but on the instance.
pub const PASSWORD: &str = "pl4nted-0rders-Passw0rd";

/// The addresses of what is declared.
pub const ALIAS: &str = "servicenow_connection_alias.orders";
pub const CREDENTIAL: &str = "servicenow_basic_auth_credential.orders";
pub const BLUE: &str = "servicenow_http_connection.blue";
pub const GREEN: &str = "servicenow_http_connection.green";
pub const POINTER: &str = "servicenow_connection_activation.orders";

/// The tables of everything that is declared.
pub const TABLES: &[&str] = &["sys_alias", "sys_connection", "discovery_credentials"];

/// An ephemeral variable with the password, and the alias.
const BEGINNING: &str = r#"
variable "password" {
  type      = string
  ephemeral = true
}

resource "servicenow_connection_alias" "orders" {
  name        = "orders"
  description = "Where orders go."
}

resource "servicenow_basic_auth_credential" "orders" {
  name                = "Orders service account"
  user_name           = "svc.orders"
  password_wo         = var.password
  password_wo_version = VERSION
}
"#;

const CONNECTION: &str = r#"
resource "servicenow_http_connection" "COLOUR" {
  name                = "orders-COLOUR"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://COLOUR.orders.example.com"
  credential_id       = servicenow_basic_auth_credential.orders.id
}
"#;

const ACTIVATION: &str = r#"
resource "servicenow_connection_activation" "orders" {
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_id       = servicenow_http_connection.COLOUR.id
  on_destroy          = "deactivate"

  lifecycle {
    create_before_destroy = true
  }
}
"#;

/// One of the two connections.
pub fn connection(colour: &str) -> String {
    CONNECTION.replace("COLOUR", colour)
}

/// The pointer to one of the two.
pub fn pointer(colour: &str) -> String {
    ACTIVATION.replace("COLOUR", colour)
}

/// Alias and credential alone, with this version of the password.
pub fn beginning(version: u32) -> String {
    BEGINNING.replace("VERSION", &version.to_string())
}

/// The whole integration with this connection active.
pub fn integration(active: &str) -> String {
    [beginning(1), connection("blue"), connection("green"), pointer(active)].concat()
}

/// Fails the test unless no row of ours is left on an instance that was empty before.
#[track_caller]
pub fn nothing_is_left(world: &World) {
    for table in TABLES {
        let rows = world.instance.rows(table, "").expect("the simulator answers");
        assert!(rows.is_empty(), "rows of {table} are left: {rows:#?}");
    }
}

/// The names of the active connections.
pub fn active(world: &World) -> Vec<String> {
    let rows =
        world.instance.rows("sys_connection", "active=true^ORDERBYname").expect("the simulator answers");
    rows.iter().filter_map(|row| row.get("name")?.as_str().map(str::to_owned)).collect()
}

/// One cell of the one row that matches.
#[track_caller]
pub fn cell(world: &World, table: &str, query: &str, column: &str) -> String {
    let rows = world.instance.rows(table, query).expect("the simulator answers");
    assert_eq!(rows.len(), 1, "expected one row of {table} with {query}: {rows:#?}");
    rows.first().and_then(|row| row.get(column)?.as_str()).unwrap_or_default().to_owned()
}
