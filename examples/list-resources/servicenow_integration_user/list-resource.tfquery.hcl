list "servicenow_integration_user" "found" {
  provider = servicenow

  config {
    web_service_access_only = true
  }
}
