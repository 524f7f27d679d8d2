terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

variable "name" {
  type     = string
  nullable = false
}

variable "production" { type = string }

variable "test" {
  type    = string
  default = null
}

variable "credentials" {
  type    = bool
  default = false
}

variable "labels" {
  type    = map(string)
  default = {}
}

locals {
  connections = merge(
    { production = var.production },
    var.test == null ? {} : { test = var.test },
  )
}

module "label" {
  source = "./modules/label"
  words  = concat([var.name], [for name, it in var.labels : "${name}=${it}"])
}

resource "servicenow_connection_alias" "this" {
  name        = var.name
  description = module.label.text
}

resource "servicenow_basic_auth_credential" "this" {
  count     = var.credentials ? 1 : 0
  name      = "${var.name} robot"
  user_name = "robot.${var.name}"
}

resource "servicenow_http_connection" "this" {
  for_each            = local.connections
  name                = "${var.name}-${each.key}"
  connection_alias_id = servicenow_connection_alias.this.id
  connection_url      = each.value
  credential_id       = one(servicenow_basic_auth_credential.this[*].id)
}

output "endpoint" {
  value = servicenow_http_connection.this["production"].connection_url
}
