data "servicenow_ssh_private_key_credential" "backup" {
  name = "Backup host"
}

output "backup_user_name" {
  value = data.servicenow_ssh_private_key_credential.backup.user_name
}
