# By the integration's name or its sys_id.
terraform import servicenow_unifi_activation.orders Orders
