# By its name or its sys_id.
terraform import servicenow_oauth2_credential.orders "Orders tokens"
