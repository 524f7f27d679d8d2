# By its name or its sys_id.
terraform import servicenow_jdbc_connection.orders orders-warehouse
