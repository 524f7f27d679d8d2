data "servicenow_oauth_providers" "found" {
  active = true
}

output "names" {
  value = data.servicenow_oauth_providers.found.objects[*].name
}
