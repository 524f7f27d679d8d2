list "servicenow_api_key_credential" "found" {
  provider = servicenow

  config {
    active = true
  }
}
