data "servicenow_oauth_profile" "jira" {
  name = "Jira default_profile"
}

output "jira_grant_type" {
  value = data.servicenow_oauth_profile.jira.grant_type
}
