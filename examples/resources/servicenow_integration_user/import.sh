# By its user name or its sys_id. The password cannot be read; it is sent when its version is set.
terraform import servicenow_integration_user.orders orders.shop
