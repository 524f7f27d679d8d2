# The value is handed through and kept neither in the plan nor in the state.
variable "orders_password" {
  type      = string
  ephemeral = true
}

resource "servicenow_basic_auth_credential" "orders" {
  name      = "Orders service account"
  user_name = "svc.orders"

  # Raise the version whenever the password changes: that is what makes Terraform send it again.
  password_wo         = var.orders_password
  password_wo_version = 1
}
