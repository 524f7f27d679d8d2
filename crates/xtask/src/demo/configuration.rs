//! The configuration that the story is about.

use std::fmt;

/// Which of the two connections is active.
#[derive(Clone, Copy, Debug)]
pub enum Colour {
    /// The first.
    Blue,
    /// The second.
    Green,
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Colour::Blue => "blue",
            Colour::Green => "green",
        })
    }
}

/// Rows of the story on the instance: none may be left at the end.
pub const OURS: &[(&str, &str)] = &[
    ("sys_alias", "nameSTARTSWITHdemo_"),
    ("sys_connection", "nameSTARTSWITHdemo-"),
    ("discovery_credentials", "nameSTARTSWITHDemo "),
];

/// Takes over what a colleague clicked together.
pub const IMPORT: &str = r#"import {
  to = servicenow_connection_alias.payments
  id = "demo_payments"
}

import {
  to = servicenow_http_connection.payments
  id = "demo-payments"
}
"#;

/// The orders integration with this connection active.
pub fn orders(active: Colour) -> String {
    ORDERS.replace("COLOUR", &active.to_string())
}

/// The part of a configuration that is worth reading.
pub fn resources(text: &str) -> &str {
    text.find("resource ").and_then(|start| text.get(start..)).unwrap_or(text)
}

const ORDERS: &str = r#"terraform {
  required_version = ">= 1.11"
  required_providers {
    servicenow = {
      source = "snowdrift/servicenow"
    }
  }
}

# The instance and the sign-in come from the environment: SERVICENOW_INSTANCE_URL and its neighbours.
provider "servicenow" {}

variable "orders_password" {
  type      = string
  ephemeral = true
}

resource "servicenow_connection_alias" "orders" {
  name        = "demo_orders"
  description = "Where orders go."
}

resource "servicenow_basic_auth_credential" "orders" {
  name                = "Demo orders"
  user_name           = "svc.orders"
  password_wo         = var.orders_password
  password_wo_version = 1
}

resource "servicenow_http_connection" "blue" {
  name                = "demo-orders-blue"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://blue.orders.example.com"
  credential_id       = servicenow_basic_auth_credential.orders.id
}

resource "servicenow_http_connection" "green" {
  name                = "demo-orders-green"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://green.orders.example.com"
  credential_id       = servicenow_basic_auth_credential.orders.id
}

resource "servicenow_connection_activation" "orders" {
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_id       = servicenow_http_connection.COLOUR.id
  on_destroy          = "deactivate"

  lifecycle {
    create_before_destroy = true
  }
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blue_and_green_differ_in_one_line() {
        let (blue, green) = (orders(Colour::Blue), orders(Colour::Green));
        let differing = blue.lines().zip(green.lines()).filter(|(one, other)| one != other).count();
        assert_eq!((differing, blue.lines().count()), (1, green.lines().count()));
    }

    #[test]
    fn the_readable_part_begins_with_the_first_resource() {
        assert!(resources(&orders(Colour::Blue)).starts_with("resource \"servicenow_connection_alias\""));
    }
}
