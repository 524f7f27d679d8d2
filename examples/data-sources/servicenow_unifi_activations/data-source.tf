data "servicenow_unifi_activations" "all" {}

output "active_connections" {
  value = { for it in data.servicenow_unifi_activations.all.objects : it.integration_id => it.connection_id }
}
