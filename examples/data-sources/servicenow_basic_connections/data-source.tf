data "servicenow_basic_connections" "found" {
  active = true
}

output "names" {
  value = data.servicenow_basic_connections.found.objects[*].name
}
