data "servicenow_api_access_policies" "active" {
  active = true
}

output "api_paths" {
  value = data.servicenow_api_access_policies.active.objects[*].api_path
}
