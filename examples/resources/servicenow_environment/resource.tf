resource "servicenow_connection_alias" "orders" {
  name = "orders"
}

resource "servicenow_connection_alias" "invoices" {
  name = "invoices"
}

resource "servicenow_http_connection" "orders_test" {
  name                = "orders-test"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://orders.test.example.com/api"
}

resource "servicenow_http_connection" "invoices_test" {
  name                = "invoices-test"
  connection_alias_id = servicenow_connection_alias.invoices.id
  connection_url      = "https://invoices.test.example.com/api"
}

# Both integrations are switched together, or neither.
resource "servicenow_environment" "orders" {
  name = "test"

  connections = {
    (servicenow_connection_alias.orders.id)   = servicenow_http_connection.orders_test.id
    (servicenow_connection_alias.invoices.id) = servicenow_http_connection.invoices_test.id
  }

  # Lets a destroy of everything go through: what is active is not deleted.
  on_destroy = "deactivate"

  # Switches before a connection that is no longer declared is destroyed.
  lifecycle {
    create_before_destroy = true
  }
}
