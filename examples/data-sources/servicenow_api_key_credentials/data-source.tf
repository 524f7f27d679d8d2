data "servicenow_api_key_credentials" "found" {
  active = true
}

output "names" {
  value = data.servicenow_api_key_credentials.found.objects[*].name
}
