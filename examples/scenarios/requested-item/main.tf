# A requested item with three fields: its columns are named, and all others are left alone.

terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# Instance, user name and password come from the environment: SERVICENOW_INSTANCE_URL, SERVICENOW_USERNAME,
# SERVICENOW_PASSWORD.
provider "servicenow" {}

resource "servicenow_record" "keyboard" {
  table  = "sc_req_item"
  fields = { short_description = "A keyboard", quantity = "2", price = "49.90" }
}

output "number" {
  description = "What people know the requested item by."
  value       = data.servicenow_record.keyboard.values["number"]
}

data "servicenow_record" "keyboard" {
  table  = "sc_req_item"
  id     = servicenow_record.keyboard.id
  fields = ["number"]
}
