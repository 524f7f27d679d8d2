terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# User name and password come from the environment.
provider "servicenow" {
  instance_url            = "https://dev12345.service-now.com"
  proxy_url               = "http://proxy.example.com:3128"
  proxy_exceptions        = ["example.internal"]
  ca_certificates_file    = "/etc/ssl/certs/company.pem"
  request_timeout_seconds = 120

  headers = {
    X-Gateway = "integrations"
  }
}
