data "servicenow_kafka_connections" "found" {
  active = true
}

output "names" {
  value = data.servicenow_kafka_connections.found.objects[*].name
}
