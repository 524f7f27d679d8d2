variable "systems" {
  type = map(object({
    production  = string
    test        = optional(string)
    credentials = optional(bool, false)
  }))
}

variable "region" {
  type    = string
  default = "eu"
}

variable "password" {
  type      = string
  sensitive = true
  default   = "changed-elsewhere"
}

locals {
  plain = { for name, it in var.systems : name => it if !it.credentials }
  sides = toset(["a", "b"])
}

module "integration" {
  source   = "./modules/integration"
  for_each = var.systems

  name        = each.key
  production  = each.value.production
  test        = each.value.test
  credentials = each.value.credentials
  labels      = { region = var.region, kind = "outbound" }
}

module "counted" {
  source = "./modules/integration"
  count  = length(local.plain) > 0 ? 2 : 0

  name       = "counted-${count.index}"
  production = module.integration["jira"].endpoint
}

resource "servicenow_connection_alias" "side" {
  for_each = local.sides
  name     = "side-${each.key}"
}

resource "servicenow_connection_alias" "numbered" {
  count       = 2
  name        = format("numbered-%d", count.index)
  description = length(servicenow_connection_alias.side) == 2 ? "pair of ${servicenow_connection_alias.side["a"].name}" : null
}

resource "servicenow_basic_auth_credential" "shared" {
  name      = "shared-${terraform.workspace}"
  user_name = coalesce("", lower("ROBOT"))
}

resource "servicenow_http_connection" "pinned" {
  name                = "pinned"
  connection_alias_id = servicenow_connection_alias.numbered[1].id
  credential_id       = servicenow_basic_auth_credential.shared.id
  connection_url      = "${module.integration["jira"].endpoint}/pinned"
  active              = "false"

  lifecycle {
    ignore_changes = [credential_id]
  }
}

output "endpoints" {
  value = { for name, it in module.integration : name => it.endpoint }
}

output "aliases" {
  value = servicenow_connection_alias.numbered[*].name
}

output "secret" {
  value     = "it is ${var.password}"
  sensitive = true
}
