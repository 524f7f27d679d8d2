# Every user that may use web services and nothing else.
data "servicenow_users" "machines" {
  web_service_access_only = true
  active                  = true
}

output "machines" {
  value = data.servicenow_users.machines.objects[*].user_name
}
