# The value is handed through and kept neither in the plan nor in the state.
variable "orders_password" {
  type      = string
  ephemeral = true
}

resource "servicenow_unifi_integration" "orders" {
  name = "Orders"
}

# Without `active` it is created inactive; a servicenow_unifi_activation chooses the active one.
resource "servicenow_unifi_connection" "orders" {
  integration_id = servicenow_unifi_integration.orders.id
  environment    = "Test"
  endpoint_url   = "https://orders-test.example.com/api"

  authentication      = "basic"
  user                = "svc.orders"
  password_wo         = var.orders_password
  password_wo_version = 1

  variables = {
    site = { value = "north", description = "Which warehouse sends" }
  }
}
