terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

provider "servicenow" {
  instance_url = "https://dev12345.service-now.com"

  mtls = {
    certificate_file = "/run/secrets/terraform.crt"
    private_key_file = "/run/secrets/terraform.key"
  }
}
