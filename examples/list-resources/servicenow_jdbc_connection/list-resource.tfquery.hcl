list "servicenow_jdbc_connection" "found" {
  provider = servicenow

  config {
    active = true
  }
}
