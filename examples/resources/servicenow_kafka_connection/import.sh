# By its name or its sys_id.
terraform import servicenow_kafka_connection.orders orders-events
