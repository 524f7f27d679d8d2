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

# Several at once, for an alias that allows them, in the order in which they are to be taken.
resource "servicenow_connection_alias" "payments" {
  name                 = "payments"
  multiple_connections = true
}

resource "servicenow_http_connection" "payments" {
  for_each            = toset(["europe", "america"])
  name                = "payments-${each.key}"
  connection_alias_id = servicenow_connection_alias.payments.id
  connection_url      = "https://${each.key}.payments.example.com"
}

resource "servicenow_connection_activation" "payments" {
  connection_alias_id = servicenow_connection_alias.payments.id
  connection_ids = [
    servicenow_http_connection.payments["europe"].id,
    servicenow_http_connection.payments["america"].id,
  ]
  on_destroy = "deactivate"

  lifecycle {
    create_before_destroy = true
  }
}
