# By the names of its integration and its environment, or by its sys_id. The password cannot be read; it is sent when its version is set.
terraform import servicenow_unifi_connection.orders Orders/Test
