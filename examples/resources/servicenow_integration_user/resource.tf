# The value is handed through and kept neither in the plan nor in the state.
variable "orders_password" {
  type      = string
  ephemeral = true
}

# A machine: it calls web services and cannot be used in a browser.
resource "servicenow_integration_user" "orders" {
  user_name  = "orders.shop"
  first_name = "Orders"
  last_name  = "Shop"
  roles      = ["itil"]

  # Raise the version whenever the password changes: that is what makes Terraform send it again.
  password_wo         = var.orders_password
  password_wo_version = 1
}
