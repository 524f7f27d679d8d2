data "servicenow_oauth2_credential" "jira" {
  name = "Jira OAuth"
}

# terraform apply -invoke=action.servicenow_refresh_oauth_token.jira
action "servicenow_refresh_oauth_token" "jira" {
  config {
    credential_id = data.servicenow_oauth2_credential.jira.id
    endpoint_path = "/api/x_acme/oauth/refresh"
  }
}
