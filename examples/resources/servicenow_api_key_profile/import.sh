# By its name or its sys_id.
terraform import servicenow_api_key_profile.orders "Orders keys"
