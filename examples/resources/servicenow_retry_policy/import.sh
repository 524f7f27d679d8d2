# By its name or its sys_id.
terraform import servicenow_retry_policy.orders "Orders, busy"
