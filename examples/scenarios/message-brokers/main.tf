# Orders go to a JMS broker, and events come from a Kafka cluster. There are no resources for the credentials of either, because
# their tables are not documented; servicenow_record makes them in the tables that the instance has.

terraform {
  required_version = ">= 1.11"

  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# Instance, user name and password come from the environment: SERVICENOW_INSTANCE_URL, SERVICENOW_USERNAME,
# SERVICENOW_PASSWORD.
provider "servicenow" {}

variable "password" {
  description = "Password at the broker. It is kept neither in the plan nor in the state."
  type        = string
  ephemeral   = true
}

variable "password_version" {
  description = "Another text hands over the password again."
  type        = string
  default     = "2026-01"
}

resource "servicenow_connection_alias" "broker" {
  name            = "orders_broker"
  connection_type = "orch_jms_ds"
}

resource "servicenow_record" "broker_credential" {
  table             = "jms_credentials"
  fields            = { name = "Orders broker", user_name = "svc.orders" }
  fields_wo         = { password = var.password }
  fields_wo_version = var.password_version
}

resource "servicenow_jms_connection" "broker" {
  name                    = "orders-broker"
  connection_alias_id     = servicenow_connection_alias.broker.id
  initial_context_factory = "org.apache.activemq.jndi.ActiveMQInitialContextFactory"
  provider_url            = "tcp://broker.example.com:61616"
  credential_id           = servicenow_record.broker_credential.id
  use_mid                 = true
}

resource "servicenow_connection_alias" "events" {
  name            = "orders_events"
  connection_type = "kafka_connection"
}

resource "servicenow_record" "events_credential" {
  table  = "kafka_ssl_credentials"
  fields = { name = "Orders events" }
}

resource "servicenow_kafka_connection" "events" {
  name                = "orders-events"
  connection_alias_id = servicenow_connection_alias.events.id
  bootstrap_servers   = "one.example.com:9092,two.example.com:9092"
  credential_id       = servicenow_record.events_credential.id
}

# Which connection of each alias is active.
resource "servicenow_connection_activation" "it" {
  for_each = {
    broker = [servicenow_connection_alias.broker.id, servicenow_jms_connection.broker.id]
    events = [servicenow_connection_alias.events.id, servicenow_kafka_connection.events.id]
  }

  connection_alias_id = each.value[0]
  connection_id       = each.value[1]
  on_destroy          = "deactivate"

  lifecycle {
    create_before_destroy = true
  }
}
