data "servicenow_inbound_api_key" "orders" {
  name = "Orders shop"
}

output "expires_at" {
  value = data.servicenow_inbound_api_key.orders.expires_at
}
