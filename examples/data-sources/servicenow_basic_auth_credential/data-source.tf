# A credential that is managed elsewhere. Its password is never shown.
data "servicenow_basic_auth_credential" "jira" {
  name = "Jira production"
}

output "jira_user_name" {
  value = data.servicenow_basic_auth_credential.jira.user_name
}
