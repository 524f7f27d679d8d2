# By its name or its sys_id. The password cannot be read; it is sent when its version is set.
terraform import servicenow_basic_auth_credential.orders "Orders service account"
