list "servicenow_basic_auth_credential" "found" {
  provider = servicenow

  config {
    active = true
  }
}
