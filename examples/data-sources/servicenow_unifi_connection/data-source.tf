data "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

data "servicenow_unifi_connection" "test" {
  integration_id = data.servicenow_unifi_integration.orders.id
  environment    = "Test"
}

output "endpoint_url" {
  value = data.servicenow_unifi_connection.test.endpoint_url
}
