# Every alias that has an active connection, with that connection.
data "servicenow_connection_activations" "all" {}

output "active_connections" {
  value = { for it in data.servicenow_connection_activations.all.objects : it.connection_alias_id => it.connection_id }
}
