data "servicenow_oauth2_credential" "jira" {
  name = "Jira OAuth"
}

output "jira_name" {
  value = data.servicenow_oauth2_credential.jira.name
}
