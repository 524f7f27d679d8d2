resource "servicenow_connection_alias" "orders" {
  name = "orders"
}

# Without `active` it is created inactive; a servicenow_connection_activation chooses the active one.
resource "servicenow_http_connection" "orders" {
  name                = "orders-production"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://orders.example.com/api"
}
