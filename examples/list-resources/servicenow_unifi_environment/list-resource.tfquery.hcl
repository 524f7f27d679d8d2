list "servicenow_unifi_environment" "found" {
  provider = servicenow

  config {
    query = "nameSTARTSWITHPre"
  }
}
