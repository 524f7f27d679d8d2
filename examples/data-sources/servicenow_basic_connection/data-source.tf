data "servicenow_basic_connection" "backup" {
  name = "Backup host"
}

output "backup_host" {
  value = data.servicenow_basic_connection.backup.host
}
