data "servicenow_unifi_environment" "production" {
  name = "Production"
}

output "environment_id" {
  value = data.servicenow_unifi_environment.production.id
}
