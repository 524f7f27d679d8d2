output "webhook" {
  # https://dev12345.service-now.com/api/x_acme/orders/incoming
  value = provider::servicenow::endpoint_url("dev12345", "/api/x_acme/orders", "incoming")
}
