data "servicenow_oauth2_credentials" "found" {
  active = true
}

output "names" {
  value = data.servicenow_oauth2_credentials.found.objects[*].name
}
