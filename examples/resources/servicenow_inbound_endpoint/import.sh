# By its name, its API id, or its sys_id.
terraform import servicenow_inbound_endpoint.orders "Orders in"
