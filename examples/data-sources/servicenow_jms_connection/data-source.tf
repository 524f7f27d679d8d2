data "servicenow_jms_connection" "broker" {
  name = "Broker"
}

output "broker_provider_url" {
  value = data.servicenow_jms_connection.broker.provider_url
}
