# One integration with two connections: change `active` and apply, and every flow that uses the alias talks to the
# other system. Nothing else changes, and both connections stay as they are.

terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# Instance, user name and password come from the environment: SERVICENOW_INSTANCE_URL, SERVICENOW_USERNAME,
# SERVICENOW_PASSWORD.
provider "servicenow" {}

variable "active" {
  description = "The connection that is active: blue or green."
  type        = string
  default     = "blue"

  validation {
    condition     = contains(["blue", "green"], var.active)
    error_message = "Choose blue or green."
  }
}

variable "password" {
  description = "The service account's password."
  type        = string
  ephemeral   = true
}

resource "servicenow_connection_alias" "orders" {
  name        = "orders"
  description = "Where orders go."
}

resource "servicenow_basic_auth_credential" "orders" {
  name                = "Orders service account"
  user_name           = "svc.orders"
  password_wo         = var.password
  password_wo_version = 1
}

resource "servicenow_http_connection" "orders" {
  for_each = {
    blue  = "https://blue.orders.example.com/api"
    green = "https://green.orders.example.com/api"
  }

  name                = "orders-${each.key}"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = each.value
  credential_id       = servicenow_basic_auth_credential.orders.id
}

resource "servicenow_connection_activation" "orders" {
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_id       = servicenow_http_connection.orders[var.active].id

  # When everything is destroyed, the active connection is switched off first.
  on_destroy = "deactivate"

  # Moves the pointer before the connection that it pointed to is destroyed.
  lifecycle {
    create_before_destroy = true
  }
}

output "deactivates" {
  description = "The connections that the last switch turned off."
  value       = servicenow_connection_activation.orders.deactivates
}
