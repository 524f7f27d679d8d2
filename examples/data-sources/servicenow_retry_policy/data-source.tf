data "servicenow_retry_policy" "standard" {
  name = "Standard retry"
}

output "standard_retry_strategy" {
  value = data.servicenow_retry_policy.standard.retry_strategy
}
