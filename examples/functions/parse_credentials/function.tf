variable "credentials" {
  type      = string
  default   = "svc.terraform:example"
  sensitive = true
}

output "user_name" {
  # svc.terraform
  value = nonsensitive(provider::servicenow::parse_credentials(var.credentials))
}
