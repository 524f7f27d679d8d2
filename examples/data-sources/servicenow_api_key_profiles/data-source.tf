data "servicenow_api_key_profiles" "active" {
  active = true
}

output "names" {
  value = data.servicenow_api_key_profiles.active.objects[*].name
}
