list "servicenow_api_access_policy" "found" {
  provider = servicenow

  config {
    active = true
  }
}
