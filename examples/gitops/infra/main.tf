# One integration, so that the jobs have something to look at.

terraform {
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

variable "orders_url" {
  description = "Where orders are sent."
  type        = string
}

resource "servicenow_connection_alias" "orders" {
  name        = "orders"
  description = "Where orders go."
}

resource "servicenow_http_connection" "orders" {
  name                = "orders"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = var.orders_url
}
