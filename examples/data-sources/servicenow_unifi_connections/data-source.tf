# Every connection of an environment, whatever its integration.
data "servicenow_unifi_connections" "test" {
  environment = "Test"
}

output "endpoint_urls" {
  value = data.servicenow_unifi_connections.test.objects[*].endpoint_url
}
