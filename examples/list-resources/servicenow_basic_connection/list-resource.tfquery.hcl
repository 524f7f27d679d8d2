list "servicenow_basic_connection" "found" {
  provider = servicenow

  config {
    active = true
  }
}
