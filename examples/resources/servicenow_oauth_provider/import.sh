# By its name or its sys_id. The client secret cannot be read; it is sent when its version is set.
terraform import servicenow_oauth_provider.orders Orders
