resource "servicenow_connection_alias" "orders" {
  name            = "orders"
  connection_type = "http_connection"
  description     = "Where orders go."
}
