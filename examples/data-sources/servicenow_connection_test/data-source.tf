data "servicenow_http_connection" "jira" {
  name = "Jira production"
}

# Whether the machine that runs Terraform reaches Jira. A warning in the plan when it does not.
check "jira" {
  data "servicenow_connection_test" "jira" {
    connection_id = data.servicenow_http_connection.jira.id
  }

  assert {
    condition     = data.servicenow_connection_test.jira.passed
    error_message = "Jira cannot be reached: ${data.servicenow_connection_test.jira.reason}."
  }
}
