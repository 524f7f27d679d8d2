list "servicenow_oauth2_credential" "found" {
  provider = servicenow

  config {
    active = true
  }
}
