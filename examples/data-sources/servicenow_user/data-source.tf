data "servicenow_user" "integration" {
  user_name = "integration"
}

check "integration_user" {
  assert {
    condition     = data.servicenow_user.integration.active && !data.servicenow_user.integration.locked_out
    error_message = "The integration user cannot sign in."
  }
}
