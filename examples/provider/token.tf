terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

provider "servicenow" {
  instance_url  = "https://dev12345.service-now.com"
  token_command = ["vault", "read", "-field=token", "secret/servicenow"]
}
