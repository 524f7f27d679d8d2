list "servicenow_connection_alias" "found" {
  provider = servicenow

  config {
    scope = "x_acme_orders"
  }
}
