# Records of any table, with what a reference leads to.
data "servicenow_records" "active" {
  table  = "http_connection"
  query  = "active=true^ORDERBYname"
  fields = ["name", "connection_alias.id"]
  limit  = 20
}

output "aliases" {
  value = { for it in data.servicenow_records.active.records : it["name"] => it["connection_alias.id"] }
}
