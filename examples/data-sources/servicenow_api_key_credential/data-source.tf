data "servicenow_api_key_credential" "monitoring" {
  name = "Monitoring key"
}

output "monitoring_header_name" {
  value = data.servicenow_api_key_credential.monitoring.header_name
}
