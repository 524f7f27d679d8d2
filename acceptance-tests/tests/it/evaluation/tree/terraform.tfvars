systems = {
  jira = { production = "https://jira.example.com" }
  sap = {
    production  = "https://sap.example.com"
    test        = "https://test.sap.example.com"
    credentials = true
  }
}
