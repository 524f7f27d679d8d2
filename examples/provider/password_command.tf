terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# The command is a program and its arguments. No shell sees them.
provider "servicenow" {
  instance_url     = "https://dev12345.service-now.com"
  username         = "terraform"
  password_command = ["pass", "show", "servicenow/terraform"]
}
