resource "servicenow_oauth_provider" "orders" {
  name               = "Orders"
  client_id          = "servicenow"
  default_grant_type = "client_credentials"
  token_url          = "https://login.example.com/token"
}

resource "servicenow_oauth_profile" "orders" {
  name              = "Orders for flows"
  oauth_provider_id = servicenow_oauth_provider.orders.id
  grant_type        = "client_credentials"
}

resource "servicenow_oauth2_credential" "orders" {
  name             = "Orders tokens"
  oauth_profile_id = servicenow_oauth_profile.orders.id
}
