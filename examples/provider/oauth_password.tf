terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# The password is in SERVICENOW_PASSWORD, the client secret in SERVICENOW_OAUTH_CLIENT_SECRET.
provider "servicenow" {
  instance_url = "https://dev12345.service-now.com"
  username     = "terraform"

  oauth = {
    grant_type = "password"
    client_id  = "f0b1c2d3e4f5061728394a5b6c7d8e9f"
  }
}
