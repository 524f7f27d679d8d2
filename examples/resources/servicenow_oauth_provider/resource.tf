# The value is handed through and kept neither in the plan nor in the state.
variable "orders_client_secret" {
  type      = string
  ephemeral = true
}

resource "servicenow_oauth_provider" "orders" {
  name               = "Orders"
  client_id          = "servicenow"
  default_grant_type = "client_credentials"
  token_url          = "https://login.example.com/token"

  # Raise the version whenever the secret changes: that is what makes Terraform send it again.
  client_secret_wo         = var.orders_client_secret
  client_secret_wo_version = 1

  scopes = {
    "Orders, reading" = { scope = "orders:read" }
    "Orders, writing" = { scope = "orders:write" }
  }
}
