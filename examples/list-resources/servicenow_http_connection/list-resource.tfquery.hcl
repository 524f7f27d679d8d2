list "servicenow_http_connection" "found" {
  provider = servicenow
  limit    = 200

  config {
    active = true
    query  = "nameSTARTSWITHJira"
  }
}
