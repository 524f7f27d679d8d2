data "servicenow_jdbc_connection" "warehouse" {
  name = "Warehouse"
}

output "warehouse_connection_url" {
  value = data.servicenow_jdbc_connection.warehouse.connection_url
}
