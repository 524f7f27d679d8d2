terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

provider "servicenow" {
  instance_url = "https://dev12345.service-now.com"

  oauth = {
    client_id          = "f0b1c2d3e4f5061728394a5b6c7d8e9f"
    client_secret_file = "/run/secrets/servicenow-client-secret"
  }
}
