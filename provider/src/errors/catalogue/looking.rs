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
        name: "kind_unseen",
        cause: "A kind of connections is in a table that the user may not read.",
        remedy: "Give the user read access, or name the kinds that are meant in `types`.",
        example: || {
            let reason = "`sys_ws_definition` has 7 rows, and the user that signs in sees none of them";
            super::super::kind_unseen("sys_ws_definition", reason)
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
        name: "fields_missing",
        cause: "A data source asks for columns of a table that do not exist or that the user may not read.",
        remedy: "Correct the names, or give the user read access.",
        example: || super::super::fields_missing("incident", &["short_descripton".to_owned()]),
    },
    Entry {
        name: "unknown_type",
        cause: "A preflight names a type of resources that this provider does not have.",
        remedy: "Correct the name.",
        example: || super::super::unknown_type("servicenow_connection", &["servicenow_http_connection"]),
    },
    Entry {
        name: "test_failed",
        cause: "The other system of a connection did not answer, or not as the test asks for.",
        remedy: "The word in the message says what it is about; check that first.",
        example: || super::super::test_failed("Jira production", "name", "the name of the host is unknown"),
    },
    Entry {
        name: "no_token",
        cause: "The instance was asked to obtain an OAuth token, said that it did, and has no valid one.",
        remedy: "Look at the instance's log for what the other system answered.",
        example: || super::super::no_token(ID, Some("2026-01-31 12:00:00")),
    },
    Entry {
        name: "grant_lacks",
        cause: "A token is asked for by a grant without what the grant needs.",
        remedy: "Set the attribute.",
        example: || super::super::grant_lacks("password", "username"),
    },
    Entry {
        name: "token_refused",
        cause: "The instance does not issue a token to an application.",
        remedy: "Check the client id and secret, and the record of the application.",
        example: || super::super::token_refused("0a1b2c", "\"server_error: access_denied\""),
    },
    Entry {
        name: "other_instance",
        cause: "An import names an object by an identity of another instance.",
        remedy: "Import from the instance that the identity names, or leave `instance` out.",
        example: || super::super::other_instance(ID, "prod.service-now.com", "dev12345.service-now.com"),
    },
];
