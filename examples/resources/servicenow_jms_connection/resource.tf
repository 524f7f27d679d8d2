resource "servicenow_connection_alias" "broker" {
  name            = "orders_broker"
  connection_type = "orch_jms_ds"
}

resource "servicenow_jms_connection" "orders" {
  name                    = "orders-broker"
  connection_alias_id     = servicenow_connection_alias.broker.id
  initial_context_factory = "org.apache.activemq.jndi.ActiveMQInitialContextFactory"
  provider_url            = "tcp://broker.example.com:61616"
  use_mid                 = true
}
