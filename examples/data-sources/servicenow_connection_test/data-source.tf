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

# A connection of Unifi, judged as its own connection test judges: it asks a second time when the first time fails.
data "servicenow_connections" "unifi" {
  types = ["servicenow_unifi_connection"]
  query = "integration.name=Incident with Jira^active=true"
}

check "unifi" {
  data "servicenow_connection_test" "unifi" {
    unifi_connection_id = one(data.servicenow_connections.unifi.ids)
    mode                = "unifi_compatible"
  }

  assert {
    condition     = data.servicenow_connection_test.unifi.passed
    error_message = "Unifi cannot reach it: ${data.servicenow_connection_test.unifi.reason}."
  }
}
