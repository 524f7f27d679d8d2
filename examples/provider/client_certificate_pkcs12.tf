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
    pkcs12_file     = "/run/secrets/terraform.p12"
    passphrase_file = "/run/secrets/terraform.passphrase"
  }
}
