data "servicenow_connection_alias" "jira" {
  qualified_name = "Jira"
}

# The connections of an alias that could be activated.
data "servicenow_http_connections" "spare" {
  connection_alias_id = data.servicenow_connection_alias.jira.id
  active              = false
}

# Conditions of ServiceNow's own, made from values that cannot add to them.
data "servicenow_http_connections" "found" {
  query = provider::servicenow::encoded_query({ "name STARTSWITH" = "Jira" })
}

output "spare" {
  value = data.servicenow_http_connections.spare.objects[*].name
}
