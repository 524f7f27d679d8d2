list "servicenow_unifi_activation" "found" {
  provider = servicenow
}
