terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# The client secret is in SERVICENOW_OAUTH_CLIENT_SECRET.
provider "servicenow" {
  instance_url = "https://dev12345.service-now.com"

  oauth = {
    grant_type       = "jwt_bearer"
    client_id        = "f0b1c2d3e4f5061728394a5b6c7d8e9f"
    private_key_file = "/run/secrets/servicenow-jwt.pem"
    key_id           = "terraform-2026"
    subject          = "terraform"
  }
}
