data "servicenow_application" "orders" {
  scope = "x_acme_orders"
}

output "version" {
  value = data.servicenow_application.orders.version
}
