# By a name for people, and the qualified names or sys_ids of the aliases.
terraform import servicenow_environment.orders test/orders,invoices
