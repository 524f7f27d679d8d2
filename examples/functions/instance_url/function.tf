output "address" {
  # https://dev12345.service-now.com
  value = provider::servicenow::instance_url("dev12345")
}
