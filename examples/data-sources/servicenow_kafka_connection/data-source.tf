data "servicenow_kafka_connection" "events" {
  name = "Events"
}

output "events_bootstrap_servers" {
  value = data.servicenow_kafka_connection.events.bootstrap_servers
}
