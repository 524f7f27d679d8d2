terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

variable "servicenow_credentials" {
  description = "User name and password, with a colon between them."
  type        = string
  ephemeral   = true
}

provider "servicenow" {
  instance_url = "https://dev12345.service-now.com"
  credentials  = var.servicenow_credentials
}
