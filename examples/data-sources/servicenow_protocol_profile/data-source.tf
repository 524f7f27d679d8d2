# The profile whose name is the scheme of the connection's URL.
data "servicenow_protocol_profile" "partner" {
  name = "mauth"
}
