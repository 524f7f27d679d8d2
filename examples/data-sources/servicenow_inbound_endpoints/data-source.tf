data "servicenow_inbound_endpoints" "active" {
  active = true
  query  = "nameSTARTSWITHOrders"
}

output "base_urls" {
  value = data.servicenow_inbound_endpoints.active.objects[*].base_url
}
