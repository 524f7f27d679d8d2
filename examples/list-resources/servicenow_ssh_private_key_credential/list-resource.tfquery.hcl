list "servicenow_ssh_private_key_credential" "found" {
  provider = servicenow

  config {
    active = true
  }
}
