resource "servicenow_oauth_provider" "orders" {
  name               = "Orders"
  client_id          = "servicenow"
  default_grant_type = "client_credentials"
  token_url          = "https://login.example.com/token"

  scopes = {
    "Orders, reading" = { scope = "orders:read" }
  }
}

resource "servicenow_oauth_profile" "orders" {
  name              = "Orders, reading only"
  oauth_provider_id = servicenow_oauth_provider.orders.id
  grant_type        = "client_credentials"
  scopes            = [servicenow_oauth_provider.orders.scopes["Orders, reading"].id]
}
