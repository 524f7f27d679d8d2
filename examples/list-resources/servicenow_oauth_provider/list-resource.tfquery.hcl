list "servicenow_oauth_provider" "found" {
  provider = servicenow

  config {
    active = true
  }
}
