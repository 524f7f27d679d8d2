# What the user that signs in lacks for this configuration.
data "servicenow_preflight" "this" {
  resource_types = [
    "servicenow_connection_alias",
    "servicenow_http_connection",
    "servicenow_basic_auth_credential",
  ]

  roles = ["connection_admin", "credential_admin"]
}

check "preflight" {
  assert {
    condition     = data.servicenow_preflight.this.ready
    error_message = join(" ", data.servicenow_preflight.this.problems)
  }
}
