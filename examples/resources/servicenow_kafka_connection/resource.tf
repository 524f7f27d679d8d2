resource "servicenow_connection_alias" "events" {
  name            = "orders_events"
  connection_type = "kafka_connection"
}

resource "servicenow_kafka_connection" "orders" {
  name                = "orders-events"
  connection_alias_id = servicenow_connection_alias.events.id
  bootstrap_servers   = "one.example.com:9092,two.example.com:9092"
  consumer_group_id   = "orders"
}
