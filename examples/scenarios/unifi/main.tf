# A Unifi integration that sends and receives. Each environment has its own endpoint, its own account at the other system and
# its own inbound user; one choice says which environment the integration talks to.

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

variable "process" {
  description = "Name of the Unifi process that the integration serves."
  type        = string
  default     = "Incident"
}

variable "environments" {
  description = "Where messages go by environment. Raise a version to hand over a new password."
  type = map(object({
    endpoint_url             = string
    password_version         = number
    inbound_password_version = number
  }))

  default = {
    Production = {
      endpoint_url             = "https://incidents.example.com/api"
      password_version         = 1
      inbound_password_version = 1
    }
    Test = {
      endpoint_url             = "https://incidents-test.example.com/api"
      password_version         = 1
      inbound_password_version = 1
    }
  }
}

variable "passwords" {
  description = "Password at the other system by environment. It is kept neither in the plan nor in the state."
  type        = map(string)
  ephemeral   = true
}

variable "inbound_passwords" {
  description = "Password with which the other system signs in here, by environment."
  type        = map(string)
  ephemeral   = true
}

variable "active" {
  description = "The environment that the integration talks to."
  type        = string
  default     = "Test"
}

# Calls are told apart by the user: each integration needs users of its own.
resource "servicenow_integration_user" "incidents" {
  for_each = var.environments

  user_name           = provider::servicenow::connection_name("svc-incidents", each.key)
  roles               = ["x_snd_eb.integration"]
  password_wo         = var.inbound_passwords[each.key]
  password_wo_version = each.value.inbound_password_version
}

resource "servicenow_unifi_integration" "incidents" {
  name           = "Incidents with the service provider"
  process        = var.process
  service_type   = "rest"
  message_format = "json"
}

resource "servicenow_unifi_connection" "incidents" {
  for_each = var.environments

  integration_id = servicenow_unifi_integration.incidents.id
  environment    = each.key
  endpoint_url   = each.value.endpoint_url
  inbound_user   = servicenow_integration_user.incidents[each.key].user_name

  authentication      = "Basic"
  user                = "servicenow"
  password_wo         = var.passwords[each.key]
  password_wo_version = each.value.password_version

  variables = {
    site = { value = lower(each.key), description = "Read by scripts of the messages" }
  }
}

resource "servicenow_unifi_activation" "incidents" {
  integration_id = servicenow_unifi_integration.incidents.id
  connection_id  = servicenow_unifi_connection.incidents[var.active].id
  on_destroy     = "deactivate"

  # Moves the pointer before the connection that it pointed to is destroyed.
  lifecycle {
    create_before_destroy = true
  }
}

# The endpoints that the other system calls belong to the process; the instance made their paths.
data "servicenow_unifi_integration" "incidents" {
  id = servicenow_unifi_integration.incidents.id
}

locals {
  paths = { for it in data.servicenow_unifi_integration.incidents.inbound_endpoints : it.kind => it.path }
}

output "message_path" {
  description = "Where the other system sends messages."
  value       = local.paths.message
}

output "action_path" {
  description = "Where the other system sends attachments."
  value       = local.paths.action
}
