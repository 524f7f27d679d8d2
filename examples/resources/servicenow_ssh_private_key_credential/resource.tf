# The values are handed through and kept neither in the plan nor in the state.
variable "orders_private_key" {
  type      = string
  ephemeral = true
}

variable "orders_passphrase" {
  type      = string
  ephemeral = true
}

resource "servicenow_ssh_private_key_credential" "orders" {
  name      = "Orders hosts"
  user_name = "svc.orders"

  # Raise a version whenever the key or the passphrase changes: that is what makes Terraform send it again.
  private_key_wo         = var.orders_private_key
  private_key_wo_version = 1
  passphrase_wo          = var.orders_passphrase
  passphrase_wo_version  = 1
}
