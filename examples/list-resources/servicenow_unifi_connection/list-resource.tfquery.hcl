list "servicenow_unifi_connection" "found" {
  provider = servicenow

  config {
    environment = "Test"
  }
}
