//! The messages about what was looked up.

use super::{Entry, ID};

/// Every message of [`looking`](super::super::looking).
pub const LOOKING: &[Entry] = &[
    Entry {
        name: "nothing_found",
        cause: "A data source or an action names something that is not there, or that the user may not see.",
        remedy: "Correct the name, or give the user read access.",
        example: || {
            super::super::nothing_found(
                "HTTP connection",
                "http_connection",
                &["`name` is `orders-porduction`".to_owned()],
                &["orders-production".to_owned()],
            )
        },
    },
    Entry {
        name: "several_found",
        cause: "A data source or an action names something that is there more than once.",
        remedy: "Give another condition, or the sys_id.",
        example: || {
            super::super::several_found(
                "basic auth credential",
                &["`name` is `orders`".to_owned()],
                &[("orders", ID), ("orders", "fedcba9876543210fedcba9876543210")],
            )
        },
    },
    Entry {
        name: "no_condition",
        cause: "A data source sets nothing by which to find something.",
        remedy: "Set `id` or another of the attributes that it names.",
        example: || super::super::no_condition("HTTP connection", &["name", "connection_alias_id"]),
    },
    Entry {
        name: "id_and_condition",
        cause: "A data source sets `id` and something else.",
        remedy: "Remove one of the two.",
        example: || super::super::id_and_condition("HTTP connection", "name"),
    },
    Entry {
        name: "bad_condition",
        cause: "A value holds something that ServiceNow's queries cannot express.",
        remedy: "Look the object up by its sys_id.",
        example: || {
            let reason =
                "a value with `^` cannot be looked up, because ServiceNow's queries have no escape for it";
            super::super::bad_condition("HTTP connection", "name", reason)
        },
    },
    Entry {
        name: "condition_left_out",
        cause: "A condition is about a column that the table does not have or that the user may not read, and the instance \
                answered as if it had not been asked.",
        remedy: "Use another condition, or give the user read access.",
        example: || super::super::condition_left_out("HTTP connection", "http_connection", "sys_scope.scope"),
    },
    Entry {
        name: "gone_again",
        cause: "Something was deleted between being found and being read, or may be listed and not read.",
        remedy: "Run Terraform again; if it stays so, give the user read access.",
        example: || super::super::gone_again("HTTP connection", "orders"),
    },
    Entry {
        name: "unknown_type",
        cause: "A preflight names a type of resources that this provider does not have.",
        remedy: "Correct the name.",
        example: || super::super::unknown_type("servicenow_connection", &["servicenow_http_connection"]),
    },
    Entry {
        name: "other_instance",
        cause: "An import names an object by an identity of another instance.",
        remedy: "Import from the instance that the identity names, or leave `instance` out.",
        example: || super::super::other_instance(ID, "prod.service-now.com", "dev12345.service-now.com"),
    },
];
