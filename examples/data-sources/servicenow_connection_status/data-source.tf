data "servicenow_connection_alias" "jira" {
  qualified_name = "Jira"
}

data "servicenow_connection_status" "jira" {
  connection_alias_id = data.servicenow_connection_alias.jira.id
}

check "jira_status" {
  assert {
    condition     = contains(["Configured", "Connected"], data.servicenow_connection_status.jira.status)
    error_message = "Jira is ${data.servicenow_connection_status.jira.status}: ${data.servicenow_connection_status.jira.status_reason}."
  }
}

# An integration of Unifi whose last heartbeat that came through is at most a day old.
data "servicenow_unifi_integration" "jira" {
  name = "Incident with Jira"
}

data "servicenow_connection_status" "unifi" {
  unifi_integration_id = data.servicenow_unifi_integration.jira.id
  freshness            = "24h"
}

# What another system calls: whether somebody did within a week.
data "servicenow_inbound_endpoint" "orders" {
  name = "Orders in"
}

data "servicenow_connection_status" "orders" {
  inbound_endpoint_id = data.servicenow_inbound_endpoint.orders.id
  freshness           = "168h"
}

output "statuses" {
  value = {
    for name, it in {
      jira   = data.servicenow_connection_status.jira
      unifi  = data.servicenow_connection_status.unifi
      orders = data.servicenow_connection_status.orders
    } : name => "${it.status} (${it.status_source}): ${it.status_reason}"
  }
}
