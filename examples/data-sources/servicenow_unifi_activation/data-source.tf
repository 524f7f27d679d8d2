data "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

# Which connection of the integration is active at the moment.
data "servicenow_unifi_activation" "orders" {
  integration_id = data.servicenow_unifi_integration.orders.id
}

output "active_connection_id" {
  value = data.servicenow_unifi_activation.orders.connection_id
}
