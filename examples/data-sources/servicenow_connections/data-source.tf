# Everything that is active, whatever its kind and whoever manages it.
data "servicenow_connections" "active" {
  active = true
}

# What leads to other systems through the platform's own connections, with a condition of your own.
data "servicenow_connections" "jira" {
  types = ["servicenow_http_connection"]
  query = "nameSTARTSWITHJira^ORDERBYname"
}

# An inventory: a line for each connection, for a report or for a review.
output "inventory" {
  value = [
    for it in data.servicenow_connections.active.objects : join(" | ", [
      it.direction,
      coalesce(it.resource_type, it.table),
      coalesce(it.connection_alias, it.unifi_integration, "-"),
      it.name,
      coalesce(it.environment, "-"),
      coalesce(it.url, "-"),
      "${it.updated_by} ${it.updated_on}",
    ])
  ]
}
