data "servicenow_oauth_profiles" "found" {
  query = "nameSTARTSWITHJira"
}

output "names" {
  value = data.servicenow_oauth_profiles.found.objects[*].name
}
