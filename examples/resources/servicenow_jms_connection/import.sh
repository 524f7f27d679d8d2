# By its name or its sys_id.
terraform import servicenow_jms_connection.orders orders-broker
