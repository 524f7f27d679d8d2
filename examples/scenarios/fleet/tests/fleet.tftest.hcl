# terraform test applies this against the instance of the environment, looks, and destroys everything again.

variables {
  integrations = {
    orders  = "https://orders.example.com"
    billing = "https://billing.example.com"
  }
  password = "for the test alone"
}

run "every_integration_has_an_active_connection" {
  assert {
    condition     = length(output.connections) == 2
    error_message = "There are ${length(output.connections)} connections for two integrations."
  }

  assert {
    condition     = length(distinct(values(output.connections))) == 2
    error_message = "Two integrations share a connection."
  }
}

run "an_address_without_encryption_is_refused" {
  command = plan

  variables {
    integrations = {
      orders = "http://orders.example.com"
    }
  }

  expect_failures = [var.integrations]
}
