# By its name, by the name of its provider with its own, or by its sys_id.
terraform import servicenow_oauth_profile.orders "Orders/Orders, reading only"
