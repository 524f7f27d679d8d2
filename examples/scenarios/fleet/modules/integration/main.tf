# One integration: an alias, an account, a connection, and the choice of it.

terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

variable "name" {
  description = "Name of the integration."
  type        = string
}

variable "url" {
  description = "Base URL of the other system."
  type        = string
}

variable "password" {
  description = "Password of the service account."
  type        = string
  ephemeral   = true
}

resource "servicenow_connection_alias" "this" {
  name = var.name
}

resource "servicenow_basic_auth_credential" "this" {
  name                = provider::servicenow::connection_name(var.name, "account")
  user_name           = "svc.${var.name}"
  password_wo         = var.password
  password_wo_version = 1
}

resource "servicenow_http_connection" "this" {
  name                = provider::servicenow::connection_name(var.name, "production")
  connection_alias_id = servicenow_connection_alias.this.id
  connection_url      = var.url
  credential_id       = servicenow_basic_auth_credential.this.id
}

resource "servicenow_connection_activation" "this" {
  connection_alias_id = servicenow_connection_alias.this.id
  connection_id       = servicenow_http_connection.this.id
  on_destroy          = "deactivate"

  lifecycle {
    create_before_destroy = true
  }
}

output "connection_id" {
  description = "The sys_id of the active connection."
  value       = servicenow_connection_activation.this.connection_id
}
