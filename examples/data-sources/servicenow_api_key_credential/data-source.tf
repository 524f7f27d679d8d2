data "servicenow_api_key_credential" "monitoring" {
  name = "Monitoring key"
}

output "monitoring_api_key_header_name" {
  value = data.servicenow_api_key_credential.monitoring.api_key_header_name
}
