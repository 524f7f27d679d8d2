terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

provider "servicenow" {
  instance_url = "https://dev12345.service-now.com"
  api_key_file = "/run/secrets/servicenow-api-key"
}
