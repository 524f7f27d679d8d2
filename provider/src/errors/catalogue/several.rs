//! The messages about groups in which several members are active by declaration, with their causes and the way out.

use servicenow_core::Kind;

use super::switching::row;
use super::{Entry, failure, id};
use crate::dialects::native::CONNECTIONS;
use crate::errors::{self, WayBack};

/// Every message of [`several`](crate::errors).
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "one_allowed",
        cause: "Several active connections are declared of an alias that may have one.",
        remedy: "Set `multiple_connections = true` on the alias, or name one connection.",
        example: || errors::one_allowed(&CONNECTIONS, "orders"),
    },
    Entry {
        name: "several_failed",
        cause: "One of several connections could not be activated or deactivated.",
        remedy: "The message says what was done about it and what is active now.",
        example: || {
            let (wished, active) = (["blue".to_owned(), "green".to_owned()], ["red".to_owned()]);
            let error = failure(Kind::Refused);
            errors::several_failed(&CONNECTIONS, &id(), &wished, &error, (WayBack::AsBefore, Ok(&active)))
        },
    },
    Entry {
        name: "several_switched_outside",
        cause: "Somebody changed by hand which of several connections are active, or in which order.",
        remedy: "Apply to return to the declared ones, or declare what is there.",
        example: || {
            let declared = ["blue".to_owned(), "green".to_owned()];
            errors::several_switched_outside(&CONNECTIONS, "orders", &declared, &[row()])
        },
    },
    Entry {
        name: "order_not_kept",
        cause: "Several active connections are declared, and the instance shows no column for their order.",
        remedy: "Name the column in the provider setting `columns`, if the instance has one.",
        example: || errors::order_not_kept(&CONNECTIONS),
    },
];
