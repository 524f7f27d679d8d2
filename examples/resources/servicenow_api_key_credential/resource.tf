# The value is handed through and kept neither in the plan nor in the state.
variable "orders_api_key" {
  type      = string
  ephemeral = true
}

resource "servicenow_api_key_credential" "orders" {
  name        = "Orders API key"
  header_name = "X-Api-Key"

  # Raise the version whenever the key changes: that is what makes Terraform send it again.
  api_key_wo         = var.orders_api_key
  api_key_wo_version = 1
}
