# By its name or its sys_id.
terraform import servicenow_http_connection.orders orders-production
