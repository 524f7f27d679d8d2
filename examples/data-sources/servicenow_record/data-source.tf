# One record of any table.
data "servicenow_record" "integration_user" {
  table  = "sys_user"
  query  = provider::servicenow::encoded_query({ user_name = "integration" })
  fields = ["name", "active"]
}

output "name" {
  value = data.servicenow_record.integration_user.values["name"]
}
