# Every alias of an application.
data "servicenow_connection_aliases" "orders" {
  scope = "x_acme_orders"
}

output "orders_alias_names" {
  value = data.servicenow_connection_aliases.orders.objects[*].name
}
