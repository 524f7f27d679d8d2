data "servicenow_connection_alias" "jira" {
  name = "Jira"
}

data "servicenow_http_connection" "spare" {
  name = "Jira sandbox"
}

# terraform apply -invoke=action.servicenow_switch_environment.spare
action "servicenow_switch_environment" "spare" {
  config {
    connections = {
      (data.servicenow_connection_alias.jira.id) = data.servicenow_http_connection.spare.id
    }
  }
}
