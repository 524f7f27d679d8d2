# Another one in every run; it is stored in the run in which `password_wo_version` changes, and in no other.
ephemeral "servicenow_inbound_secret" "orders" {}

resource "servicenow_basic_auth_credential" "orders" {
  name                = "Orders, made up"
  user_name           = "svc.orders"
  password_wo         = ephemeral.servicenow_inbound_secret.orders.secret
  password_wo_version = "2026-01"
}
