list "servicenow_retry_policy" "found" {
  provider = servicenow

  config {
    query = "nameSTARTSWITHStandard"
  }
}
