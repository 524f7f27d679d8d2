# An integration that signs in at the other system with OAuth: who issues tokens, by which grant, and the connection that
# uses them. The client secret is handed through and kept neither in the plan nor in the state.

terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

provider "servicenow" {}

variable "client_secret" {
  description = "Client secret of this instance at the other system."
  type        = string
  ephemeral   = true
}

resource "servicenow_oauth_provider" "orders" {
  name               = "Orders login"
  client_id          = "servicenow"
  default_grant_type = "client_credentials"
  token_url          = "https://login.orders.example.com/token"

  client_secret_wo         = var.client_secret
  client_secret_wo_version = 1
}

resource "servicenow_oauth_profile" "orders" {
  name              = "Orders, client credentials"
  oauth_provider_id = servicenow_oauth_provider.orders.id
  grant_type        = "client_credentials"
}

resource "servicenow_oauth2_credential" "orders" {
  name             = "Orders OAuth"
  oauth_profile_id = servicenow_oauth_profile.orders.id
}

resource "servicenow_connection_alias" "orders" {
  name = "Orders_OAuth"
}

resource "servicenow_http_connection" "orders" {
  name                = "orders-oauth-production"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://api.orders.example.com"
  credential_id       = servicenow_oauth2_credential.orders.id
}

resource "servicenow_connection_activation" "orders" {
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_id       = servicenow_http_connection.orders.id
  on_destroy          = "deactivate"

  lifecycle {
    create_before_destroy = true
  }
}

# In which state the connection is, once it is there.
data "servicenow_connection_status" "orders" {
  connection_alias_id = servicenow_connection_activation.orders.id
}

output "status" {
  value = data.servicenow_connection_status.orders.status
}
