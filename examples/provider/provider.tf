terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# User name and password come from the environment: SERVICENOW_USERNAME and SERVICENOW_PASSWORD.
provider "servicenow" {
  instance_url = "https://dev12345.service-now.com"
}
