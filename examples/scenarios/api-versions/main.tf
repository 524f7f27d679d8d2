# An API in two versions: who calls it without naming a version gets the first one, and whoever is ready names the second.
# The endpoint is the API with its first version; the second one is made of records, which the endpoint leaves alone.

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

# The version of an endpoint is the default of its API. Without a default an instance answers calls that name no version with
# the newest one or not at all: pages of the vendor contradict each other.
resource "servicenow_inbound_endpoint" "orders" {
  name    = "Orders in"
  api_id  = "orders_in"
  version = 1

  operations = {
    create = { method = "POST", path = "/orders" }
    read   = { path = "/orders/{number}" }
  }
}

resource "servicenow_record" "second" {
  table = "sys_ws_version"
  fields = {
    web_service_definition = servicenow_inbound_endpoint.orders.id
    version                = "2"
  }
}

resource "servicenow_record" "second_create" {
  table = "sys_ws_operation"
  fields = {
    web_service_definition = servicenow_inbound_endpoint.orders.id
    web_service_version    = servicenow_record.second.id
    name                   = "create"
    http_method            = "POST"
    relative_path          = "/orders"
  }
}

output "first" {
  description = "Where orders are created in the first version."
  value       = servicenow_inbound_endpoint.orders.operation_urls["create"]
}

output "base_path" {
  description = "The path of the API without a version."
  value       = servicenow_inbound_endpoint.orders.base_path
}
