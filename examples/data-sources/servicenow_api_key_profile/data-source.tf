data "servicenow_api_key_profile" "orders" {
  name = "Orders keys"
}

output "parameter" {
  value = data.servicenow_api_key_profile.orders.parameter
}
