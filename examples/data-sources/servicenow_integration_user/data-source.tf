data "servicenow_integration_user" "robot" {
  user_name = "integration"
}

output "roles" {
  value = data.servicenow_integration_user.robot.roles
}
