data "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

output "is_active" {
  value = data.servicenow_unifi_integration.orders.active
}

# Where the other system calls; nothing where the integration has no process.
output "inbound_urls" {
  value = [
    for it in coalesce(data.servicenow_unifi_integration.orders.inbound_endpoints, []) :
    provider::servicenow::endpoint_url("https://dev12345.service-now.com", it.path) if it.active
  ]
}
