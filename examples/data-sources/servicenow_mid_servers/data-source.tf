# The MID servers that could be used right now.
data "servicenow_mid_servers" "ready" {
  status    = "Up"
  validated = true
}

output "ready" {
  value = data.servicenow_mid_servers.ready.objects[*].name
}
