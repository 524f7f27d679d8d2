variable "prefix" {
  type    = string
  default = "Jira"
}

output "query" {
  # active=true^connection_alias.name=Jira^nameSTARTSWITHJira
  value = provider::servicenow::encoded_query({
    active                  = true
    "connection_alias.name" = "Jira"
    "name STARTSWITH"       = var.prefix
  })
}
