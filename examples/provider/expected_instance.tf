terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# User name and password come from the environment.
provider "servicenow" {
  instance_url   = "https://example.service-now.com"
  validate_table = "sys_alias"

  expected_instance = {
    name = "example"
    id   = "4f5a0d1c9b7e4a3f8c2d6e0b1a9f8e7d"
  }
}
