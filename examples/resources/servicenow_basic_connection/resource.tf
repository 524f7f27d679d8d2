resource "servicenow_connection_alias" "host" {
  name            = "orders_host"
  connection_type = "sys_connection"
}

resource "servicenow_basic_connection" "orders" {
  name                = "orders-host"
  connection_alias_id = servicenow_connection_alias.host.id
  host                = "orders.example.com"
  use_mid             = true
  mid_capabilities    = ["SSH"]
}
