data "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

output "is_active" {
  value = data.servicenow_unifi_integration.orders.active
}
