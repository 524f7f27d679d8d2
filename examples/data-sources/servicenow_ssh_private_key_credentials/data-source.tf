data "servicenow_ssh_private_key_credentials" "found" {
  active = true
}

output "names" {
  value = data.servicenow_ssh_private_key_credentials.found.objects[*].name
}
