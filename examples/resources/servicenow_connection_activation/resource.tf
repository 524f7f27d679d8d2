resource "servicenow_connection_alias" "orders" {
  name = "orders"
}

resource "servicenow_http_connection" "production" {
  name                = "orders-production"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://orders.example.com/api"
}

resource "servicenow_connection_activation" "orders" {
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_id       = servicenow_http_connection.production.id

  # Lets a destroy of everything go through: what is active is not deleted.
  on_destroy = "deactivate"

  # Moves the pointer before the connection that it pointed to is destroyed.
  lifecycle {
    create_before_destroy = true
  }
}
