data "servicenow_api_access_policy" "orders" {
  name = "Orders in"
}

output "api_path" {
  value = data.servicenow_api_access_policy.orders.api_path
}
