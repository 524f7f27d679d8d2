variable "name" {
  type    = string
  default = "orders"
}

variable "ports" {
  type    = list(number)
  default = [443, 8443]
}

variable "systems" {
  type = map(object({
    url     = string
    active  = optional(bool, true)
    timeout = optional(number)
    tags    = optional(list(string), [])
  }))
  default = {
    jira = { url = "https://jira.example.com", tags = ["a", "b"] }
    sap  = { url = "https://sap.example.com", active = false, timeout = "30" }
  }
}

variable "numbers" {
  type    = set(number)
  default = [3, 1, 2, 3]
}

variable "anything" {
  default = { list = [1, "two", true], nothing = null }
}

variable "pair" {
  type    = tuple([string, number])
  default = ["a", "1"]
}

locals {
  environment = "production"
  hosts       = { for name, it in var.systems : name => replace(it.url, "https://", "") }
  active      = [for name, it in var.systems : name if it.active]
  nested      = { a = { b = [{ c = 1 }, { c = 2 }] } }
  words       = toset(["b", "a", "c"])
  empty_list  = []
  empty_map   = {}
  long        = <<-EOT
    first ${var.name}
      second
    third
  EOT
}
