data "servicenow_oauth_provider" "jira" {
  name = "Jira"
}

output "jira_token_url" {
  value = data.servicenow_oauth_provider.jira.token_url
}
