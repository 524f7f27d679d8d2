data "servicenow_inbound_api_keys" "active" {
  active = true
}

output "users" {
  value = data.servicenow_inbound_api_keys.active.objects[*].user
}
