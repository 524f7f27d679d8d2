resource "servicenow_connection_alias" "warehouse" {
  name            = "orders_warehouse"
  connection_type = "jdbc_connection"
}

# The instance makes the URL of databases that it knows.
resource "servicenow_jdbc_connection" "orders" {
  name                = "orders-warehouse"
  connection_alias_id = servicenow_connection_alias.warehouse.id
  format              = "mysql"
  host                = "warehouse.example.com"
  port                = 3306
  database_name       = "orders"
  use_mid             = true
}
