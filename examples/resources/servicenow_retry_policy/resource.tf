resource "servicenow_retry_policy" "orders" {
  name      = "Orders, busy"
  condition = "status_code=429^ORstatus_code=503"

  # Waits 5, 10 and 20 seconds.
  strategy         = "exponential_backoff"
  max_retries      = 3
  interval_seconds = 5
}

resource "servicenow_connection_alias" "orders" {
  name         = "orders"
  retry_policy = servicenow_retry_policy.orders.name
}
