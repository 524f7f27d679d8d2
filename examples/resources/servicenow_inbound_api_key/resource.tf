# The value is handed through and kept neither in the plan nor in the state.
variable "orders_api_key" {
  type      = string
  ephemeral = true
}

resource "servicenow_integration_user" "orders" {
  user_name = "orders.shop"
}

# Whoever shows the key calls as the user. A policy has to admit keys: see servicenow_api_access_policy.
resource "servicenow_inbound_api_key" "orders" {
  name       = "Orders shop"
  user       = servicenow_integration_user.orders.user_name
  expires_at = "2031-01-31 00:00:00"

  # Raise the version whenever the key changes: that is what makes Terraform send it again.
  key_wo         = var.orders_api_key
  key_wo_version = 1
}
