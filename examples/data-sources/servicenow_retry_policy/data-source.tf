data "servicenow_retry_policy" "standard" {
  name = "Standard retry"
}

output "standard_strategy" {
  value = data.servicenow_retry_policy.standard.strategy
}
