resource "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

resource "servicenow_unifi_connection" "test" {
  integration_id = servicenow_unifi_integration.orders.id
  environment    = "Test"
  endpoint_url   = "https://orders-test.example.com/api"
}

resource "servicenow_unifi_activation" "orders" {
  integration_id = servicenow_unifi_integration.orders.id
  connection_id  = servicenow_unifi_connection.test.id

  # Nothing that was meant for the connection that was active before is sent to the new one: what is on its way comes to its
  # end first, while the integration is paused.
  wait_until_inactive_drained = {
    longest_wait = "10m"
  }

  # Before everything is destroyed the active connection is switched off: one that is active is not deleted.
  on_destroy = "deactivate"

  # Moves the pointer before the connection that it pointed to is destroyed.
  lifecycle {
    create_before_destroy = true
  }
}
