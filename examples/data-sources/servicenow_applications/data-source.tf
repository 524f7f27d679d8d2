# Applications of one vendor.
data "servicenow_applications" "acme" {
  query = "scopeSTARTSWITHx_acme_"
}

output "scopes" {
  value = data.servicenow_applications.acme.objects[*].scope
}
