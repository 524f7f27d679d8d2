list "servicenow_oauth_profile" "found" {
  provider = servicenow

  config {
    query = "nameSTARTSWITHJira"
  }
}
