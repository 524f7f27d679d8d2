data "servicenow_jdbc_connections" "found" {
  active = true
}

output "names" {
  value = data.servicenow_jdbc_connections.found.objects[*].name
}
