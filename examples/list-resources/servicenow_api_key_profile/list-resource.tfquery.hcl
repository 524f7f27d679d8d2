list "servicenow_api_key_profile" "found" {
  provider = servicenow

  config {
    active = true
  }
}
