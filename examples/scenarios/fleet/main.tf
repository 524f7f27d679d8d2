# Many integrations that look alike: one module, and one line for each integration.

terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

provider "servicenow" {}

variable "integrations" {
  description = "URL of each integration by its name."
  type        = map(string)

  validation {
    condition     = alltrue([for url in values(var.integrations) : startswith(url, "https://")])
    error_message = "An integration is called over https."
  }
}

variable "password" {
  description = "Password of the service account, which is the same everywhere here."
  type        = string
  ephemeral   = true
}

module "integration" {
  source   = "./modules/integration"
  for_each = var.integrations

  name     = each.key
  url      = each.value
  password = var.password
}

output "connections" {
  description = "The active connection of each integration."
  value       = { for name, it in module.integration : name => it.connection_id }
}
