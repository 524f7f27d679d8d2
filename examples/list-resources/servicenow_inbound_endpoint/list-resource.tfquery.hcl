list "servicenow_inbound_endpoint" "found" {
  provider = servicenow

  config {
    active = true
  }
}
