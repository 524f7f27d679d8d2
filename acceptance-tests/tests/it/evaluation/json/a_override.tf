variable "prefix" {
  default = "overridden"
}

locals {
  overridden = "from the first override"
}

resource "servicenow_connection_alias" "single" {
  description = "from the first override"

  timeouts {
    update = "30m"
  }

  lifecycle {
    create_before_destroy = true
  }
}

output "path" {
  value = "after ${path.module}"
}
