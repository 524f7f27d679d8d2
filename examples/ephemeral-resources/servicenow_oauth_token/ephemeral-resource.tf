variable "client_secret" {
  type      = string
  ephemeral = true
}

# A token for as long as this run takes.
ephemeral "servicenow_oauth_token" "partner" {
  client_id     = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
  client_secret = var.client_secret
}
