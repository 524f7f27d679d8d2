# By the alias's qualified name or its sys_id.
terraform import servicenow_connection_activation.orders orders
