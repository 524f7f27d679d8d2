data "servicenow_connection_alias" "jira" {
  qualified_name = "Jira"
}

data "servicenow_connection_status" "jira" {
  connection_alias_id = data.servicenow_connection_alias.jira.id
}

check "jira_status" {
  assert {
    condition     = contains(["Configured", "Connected"], data.servicenow_connection_status.jira.status)
    error_message = "Jira is ${data.servicenow_connection_status.jira.status}: ${data.servicenow_connection_status.jira.status_reason}."
  }
}
