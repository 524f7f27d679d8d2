# By its name or its sys_id. The key cannot be read; it is sent when its version is set.
terraform import servicenow_inbound_api_key.orders "Orders shop"
