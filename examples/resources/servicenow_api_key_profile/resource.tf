# Callers put their key into a header of this name.
resource "servicenow_api_key_profile" "orders" {
  name      = "Orders keys"
  parameter = "x-orders-key"
  location  = "header"
}
