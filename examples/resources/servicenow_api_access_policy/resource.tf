resource "servicenow_inbound_endpoint" "orders" {
  name   = "Orders in"
  api_id = "orders_in"

  operations = {
    create = { method = "POST", path = "/orders" }
  }
}

resource "servicenow_api_key_profile" "orders" {
  name     = "Orders keys"
  location = "header"
}

# The endpoint is called with a key and in no other way.
resource "servicenow_api_access_policy" "orders" {
  name                    = "Orders in"
  api_path                = servicenow_inbound_endpoint.orders.base_path
  authentication_profiles = [servicenow_api_key_profile.orders.name]
}
