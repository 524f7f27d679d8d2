# By its name or its sys_id.
terraform import servicenow_unifi_environment.orders Rehearsal
