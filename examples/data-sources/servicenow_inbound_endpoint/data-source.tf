# Where other systems hand in orders.
data "servicenow_inbound_endpoint" "orders" {
  name = "Orders in"
}

output "orders_base_url" {
  value = data.servicenow_inbound_endpoint.orders.base_url
}
