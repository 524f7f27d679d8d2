resource "servicenow_unifi_environment" "orders" {
  name  = "Rehearsal"
  order = 350
}
