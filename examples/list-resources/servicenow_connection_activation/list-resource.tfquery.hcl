list "servicenow_connection_activation" "found" {
  provider = servicenow
}
