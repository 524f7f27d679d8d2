output "name" {
  # dev12345
  value = provider::servicenow::instance_name("https://dev12345.service-now.com/")
}
