list "servicenow_jms_connection" "found" {
  provider = servicenow

  config {
    active = true
  }
}
