data "servicenow_connection_alias" "jira" {
  qualified_name = "Jira"
}

# Which connection of the alias is active at the moment.
data "servicenow_connection_activation" "jira" {
  connection_alias_id = data.servicenow_connection_alias.jira.id
}

output "active_connection_id" {
  value = data.servicenow_connection_activation.jira.connection_id
}
