# The groups of the company, so that they can be taken over.
list "servicenow_record" "found" {
  provider = servicenow

  config {
    table = "sys_user_group"
    query = "active=true^ORDERBYname"
  }
}
