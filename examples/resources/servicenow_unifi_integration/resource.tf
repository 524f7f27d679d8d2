resource "servicenow_unifi_integration" "orders" {
  name           = "Orders"
  service_type   = "rest"
  message_format = "json"
  retry_limit    = 3
}
