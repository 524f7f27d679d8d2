# One Jira in three environments. Each has its own address and its own account; flows refer to the alias and get the
# environment that is active. Nothing that belongs to one environment is shared with another.

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

variable "environments" {
  description = "Address and account of Jira by environment. Raise the version to hand over a new password."
  type = map(object({
    url              = string
    user_name        = string
    password_version = number
  }))

  default = {
    production = {
      url              = "https://jira.example.com/rest"
      user_name        = "svc-servicenow"
      password_version = 1
    }
    staging = {
      url              = "https://jira-staging.example.com/rest"
      user_name        = "svc-servicenow-staging"
      password_version = 1
    }
    development = {
      url              = "https://jira-dev.example.com/rest"
      user_name        = "svc-servicenow-dev"
      password_version = 1
    }
  }
}

variable "passwords" {
  description = "Password by environment. It is kept neither in the plan nor in the state."
  type        = map(string)
  ephemeral   = true
}

variable "active" {
  description = "The environment that flows talk to."
  type        = string
  default     = "development"
}

resource "servicenow_connection_alias" "jira" {
  name        = "Jira"
  description = "Change requests are mirrored to Jira."
}

resource "servicenow_basic_auth_credential" "jira" {
  for_each = var.environments

  name                = provider::servicenow::connection_name("Jira", each.key)
  user_name           = each.value.user_name
  password_wo         = var.passwords[each.key]
  password_wo_version = each.value.password_version
}

resource "servicenow_http_connection" "jira" {
  for_each = var.environments

  name                = provider::servicenow::connection_name("Jira", each.key)
  connection_alias_id = servicenow_connection_alias.jira.id
  connection_url      = each.value.url
  credential_id       = servicenow_basic_auth_credential.jira[each.key].id
}

resource "servicenow_connection_activation" "jira" {
  connection_alias_id = servicenow_connection_alias.jira.id
  connection_id       = servicenow_http_connection.jira[var.active].id
  on_destroy          = "deactivate"

  # Moves the pointer before the connection that it pointed to is destroyed.
  lifecycle {
    create_before_destroy = true
  }
}
