resource "servicenow_basic_auth_credential" "robot" {
  name      = "robot"
  user_name = "before"
  active    = false
}

output "path" {
  value = "before ${path.root}"
}
