data "servicenow_retry_policies" "found" {
  query = "nameSTARTSWITHStandard"
}

output "names" {
  value = data.servicenow_retry_policies.found.objects[*].name
}
