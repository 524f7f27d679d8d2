data "servicenow_jms_connections" "found" {
  active = true
}

output "names" {
  value = data.servicenow_jms_connections.found.objects[*].name
}
