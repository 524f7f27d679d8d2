data "servicenow_http_connection" "jira" {
  name = "Jira production"
}

# terraform apply -invoke=action.servicenow_test_connection.jira
action "servicenow_test_connection" "jira" {
  config {
    connection_id   = data.servicenow_http_connection.jira.id
    timeout_seconds = 5
  }
}
