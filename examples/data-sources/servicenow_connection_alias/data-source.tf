# An alias that belongs to an application, by the name that scripts use.
data "servicenow_connection_alias" "orders" {
  qualified_name = "x_acme_orders.Orders"
}

output "orders_alias_id" {
  value = data.servicenow_connection_alias.orders.id
}
