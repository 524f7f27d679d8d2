# By its name, by the name of its process with its own, or by its sys_id.
terraform import servicenow_unifi_integration.orders Orders
