# By its name or its sys_id.
terraform import servicenow_api_access_policy.orders "Orders in"
