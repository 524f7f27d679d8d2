data "servicenow_integration_users" "machines" {
  web_service_access_only = true
}

output "user_names" {
  value = data.servicenow_integration_users.machines.objects[*].user_name
}
