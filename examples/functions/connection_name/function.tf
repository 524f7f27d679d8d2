output "name" {
  # jira-pre-production
  value = provider::servicenow::connection_name("Jira", "Pre-Production")
}
