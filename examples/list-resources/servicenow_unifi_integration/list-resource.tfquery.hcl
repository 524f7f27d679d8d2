list "servicenow_unifi_integration" "found" {
  provider = servicenow

  config {
    query = "nameSTARTSWITHOrders"
  }
}
