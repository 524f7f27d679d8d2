data "servicenow_oauth_profile" "jira" {
  name = "Jira machine"
}

output "jira_grant_type" {
  value = data.servicenow_oauth_profile.jira.grant_type
}
