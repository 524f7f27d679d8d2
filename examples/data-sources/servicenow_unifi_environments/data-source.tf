data "servicenow_unifi_environments" "all" {}

output "environments" {
  value = data.servicenow_unifi_environments.all.objects[*].name
}
