data "servicenow_http_connection" "spare" {
  name = "Jira sandbox"
}

# terraform apply -invoke=action.servicenow_activate_connection.spare
action "servicenow_activate_connection" "spare" {
  config {
    connection_id = data.servicenow_http_connection.spare.id
  }
}
