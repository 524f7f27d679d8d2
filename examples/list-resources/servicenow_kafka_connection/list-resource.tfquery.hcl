list "servicenow_kafka_connection" "found" {
  provider = servicenow

  config {
    active = true
  }
}
