data "servicenow_connection_alias" "service_accounts" {
  qualified_name = "Service_Accounts"
}

# The credentials that serve a credential alias.
data "servicenow_basic_auth_credentials" "service_accounts" {
  credential_alias_ids = [data.servicenow_connection_alias.service_accounts.id]
}

output "user_names" {
  value = data.servicenow_basic_auth_credentials.service_accounts.objects[*].user_name
}
