resource "servicenow_inbound_endpoint" "orders" {
  name        = "Orders in"
  api_id      = "orders_in"
  description = "The shop hands in orders."

  operations = {
    create = {
      method = "POST"
      path   = "/orders"
      script = <<-SCRIPT
        (function process(request, response) {
          response.setStatus(202);
        })(request, response);
      SCRIPT
    }
    state = {
      path = "/orders/{number}"
    }
  }
}

# What to tell the shop: the URLs by the names of the operations.
output "orders_urls" {
  value = servicenow_inbound_endpoint.orders.operation_urls
}
