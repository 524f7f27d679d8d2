data "servicenow_protocol_profiles" "all" {}

output "schemes" {
  value = data.servicenow_protocol_profiles.all.objects[*].name
}
