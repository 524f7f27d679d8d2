# By its qualified name, its name, or its sys_id.
terraform import servicenow_connection_alias.orders orders
