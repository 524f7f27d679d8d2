data "servicenow_mid_server" "warehouse" {
  name = "mid-warehouse"
}

# A warning in the plan when the MID server is not up, which stops nothing.
check "mid_server" {
  assert {
    condition     = data.servicenow_mid_server.warehouse.status == "Up"
    error_message = "The MID server of the warehouse is ${data.servicenow_mid_server.warehouse.status}."
  }
}
