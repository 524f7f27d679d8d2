# The same integration on two instances, each with its own account. Terraform applies to both in one run; the provider makes
# sure that neither is mistaken for the other.

terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

variable "instances" {
  description = "Address of each instance."
  type = object({
    production  = string
    development = string
  })
}

variable "passwords" {
  description = "Password of the user `admin` on each instance."
  type = object({
    production  = string
    development = string
  })
  ephemeral = true
}

provider "servicenow" {
  alias        = "production"
  instance_url = var.instances.production
  username     = "admin"
  password     = var.passwords.production
}

provider "servicenow" {
  alias        = "development"
  instance_url = var.instances.development
  username     = "admin"
  password     = var.passwords.development
}

resource "servicenow_connection_alias" "production" {
  provider = servicenow.production

  name        = "Orders"
  description = "Where orders go."
}

resource "servicenow_connection_alias" "development" {
  provider = servicenow.development

  name        = servicenow_connection_alias.production.name
  description = servicenow_connection_alias.production.description
}

resource "servicenow_http_connection" "production" {
  provider = servicenow.production

  name                = "orders-production"
  connection_alias_id = servicenow_connection_alias.production.id
  connection_url      = "https://orders.example.com/api"
}

resource "servicenow_http_connection" "development" {
  provider = servicenow.development

  name                = "orders-development"
  connection_alias_id = servicenow_connection_alias.development.id
  connection_url      = "https://orders-dev.example.com/api"
}
