list "servicenow_inbound_api_key" "found" {
  provider = servicenow

  config {
    active = true
  }
}
