# By its name or its sys_id.
terraform import servicenow_basic_connection.orders orders-host
