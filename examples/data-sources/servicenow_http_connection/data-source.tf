data "servicenow_http_connection" "jira" {
  name = "Jira production"
}

output "jira_url" {
  value = data.servicenow_http_connection.jira.connection_url
}
