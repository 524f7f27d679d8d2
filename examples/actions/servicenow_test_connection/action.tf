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

# A connection of Unifi, judged as its own connection test judges.
data "servicenow_connections" "unifi" {
  types = ["servicenow_unifi_connection"]
  query = "integration.name=Incident with Jira^active=true"
}

action "servicenow_test_connection" "unifi" {
  config {
    unifi_connection_id = one(data.servicenow_connections.unifi.ids)
    mode                = "unifi_compatible"
  }
}
