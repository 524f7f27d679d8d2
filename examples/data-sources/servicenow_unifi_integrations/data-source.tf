data "servicenow_unifi_integrations" "all" {
  query = "ORDERBYname"
}

output "integrations" {
  value = data.servicenow_unifi_integrations.all.objects[*].name
}
