//! The messages about which member of a group is active, with their causes and the way out.

use std::collections::BTreeMap;

use reconcile::exclusive::Member;
use servicenow_core::Kind;

use super::super::Doing;
use super::{Entry, ID, failure, id};
use crate::claims::Together;
use crate::dialects::native::CONNECTIONS;
use crate::dialects::unifi::CONNECTIONS as UNIFI;
use crate::environment_hosts::Misfit;
use crate::errors;
use crate::switch::Row;

/// Every message of [`switching`](crate::errors).
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "no_member",
        cause: "The connection that is to become active does not belong to the alias.",
        remedy: "Refer to a connection of this alias.",
        example: || errors::no_member(&CONNECTIONS, &id(), &id()),
    },
    Entry {
        name: "no_such_group",
        cause: "The alias does not exist or is hidden from the user.",
        remedy: "Refer to the `id` of the alias that is meant.",
        example: || errors::no_such_group(&CONNECTIONS, "connection_alias_id", ID),
    },
    Entry {
        name: "several_allowed",
        cause: "The alias may have several active connections, so that choosing one would switch others off.",
        remedy: "Name all of them in `connection_ids`, or set `active` on each connection.",
        example: || errors::several_allowed(&CONNECTIONS, "orders"),
    },
    Entry {
        name: "unsteady",
        cause: "Somebody else switches the same alias at the same time.",
        remedy: "Find out who, then apply again.",
        example: || errors::unsteady(&CONNECTIONS, &id()),
    },
    Entry {
        name: "switch_failed",
        cause: "A switch was refused before anything was switched off.",
        remedy: "The message names what was refused and what is active now.",
        example: || {
            errors::switch_failed(
                &CONNECTIONS,
                &id(),
                "green",
                &failure(Kind::Refused),
                Ok(&["blue".to_owned()]),
            )
        },
    },
    Entry {
        name: "swap_failed",
        cause: "The second half of a switch was refused.",
        remedy: "The message says what was done about it and what is active now.",
        example: || {
            let (error, active) = (failure(Kind::Refused), ["blue".to_owned()]);
            errors::swap_failed(&CONNECTIONS, &id(), "green", &error, Some(("blue", None)), Ok(&active))
        },
    },
    Entry {
        name: "switched_outside",
        cause: "Somebody switched the active connection by hand.",
        remedy: "Apply to return to the declared one, or declare what is there.",
        example: || errors::switched_outside(&CONNECTIONS, "orders", "blue", &[]),
    },
    Entry {
        name: "will_deactivate",
        cause: "A new pointer takes the place of a connection that is active now.",
        remedy: "Nothing, if that is what is meant.",
        example: || errors::will_deactivate(&CONNECTIONS, "orders", &["blue".to_owned()]),
    },
    Entry {
        name: "trial_record_stays",
        cause: "A record that was created to find out who keeps the one-active rule could not be removed.",
        remedy: "Delete it by hand and set `one_active_rule`.",
        example: || errors::trial_record_stays("http_connection", &id(), &failure(Kind::Lost)),
    },
    Entry {
        name: "active_stays",
        cause: "A connection is to be deleted while it is the active one of its alias.",
        remedy: "The message names the three ways.",
        example: || {
            let doing = Doing { verb: "delete", noun: "HTTP connection", name: "blue" };
            errors::active_stays(&doing, &CONNECTIONS, "orders")
        },
    },
    Entry {
        name: "active_will_go",
        cause: "A plan deletes or replaces a connection that is active when the plan is made.",
        remedy: "Make sure that another one is active, or that it is to go, before its turn comes.",
        example: || errors::active_will_go("HTTP connection", &CONNECTIONS, "blue", false),
    },
    Entry {
        name: "member_goes_dark",
        cause: "A plan sets `active = false` on the active connection.",
        remedy: "Nothing, if that is what is meant.",
        example: || errors::member_goes_dark("HTTP connection", &CONNECTIONS, "blue"),
    },
    Entry {
        name: "group_goes_dark",
        cause: "An activation with `on_destroy = \"deactivate\"` is to be destroyed.",
        remedy: "Nothing, if that is what is meant.",
        example: || errors::group_goes_dark(&CONNECTIONS, "orders", &["blue".to_owned()]),
    },
    Entry {
        name: "foreign_active",
        cause: "A connection that somebody else activated is active, and `on_foreign_active` protects it.",
        remedy: "Name it in `connection_id`, or let it be switched off.",
        example: || errors::foreign_active(&CONNECTIONS, "orders", &["green".to_owned()]),
    },
    Entry {
        name: "foreign_adopted",
        cause: "A connection that somebody else activated is kept, because `on_foreign_active` says so.",
        remedy: "Name it in `connection_id` to make it permanent.",
        example: || errors::foreign_adopted(&CONNECTIONS, "orders", &["green".to_owned()]),
    },
    Entry {
        name: "activated_meanwhile",
        cause: "Another connection became active between plan and apply.",
        remedy: "Plan again, so that the plan names it.",
        example: || errors::activated_meanwhile(&CONNECTIONS, ID, &[&row()]),
    },
    Entry {
        name: "endpoint_misfit",
        cause: "The host of an endpoint is not among those of its environment.",
        remedy: "Correct the endpoint or the rule.",
        example: || {
            let (host, environment) = ("orders.example.com".to_owned(), "test".to_owned());
            let misfit = Misfit { host, environment, belongs_to: vec!["production".to_owned()] };
            errors::endpoint_misfit("connection", "orders-prod", &misfit)
        },
    },
    Entry {
        name: "environment_will_switch",
        cause: "A new environment chooses other connections than those that are active now.",
        remedy: "Nothing, if that is what is meant.",
        example: || errors::environment_will_switch("test", &lines("orders-prod -> orders-test")),
    },
    Entry {
        name: "environment_goes_dark",
        cause: "An environment with `on_destroy = \"deactivate\"` is to be destroyed.",
        remedy: "Nothing, if that is what is meant.",
        example: || errors::environment_goes_dark("test", &lines("orders-test")),
    },
    Entry {
        name: "environment_failed",
        cause: "One integration of an environment could not be switched.",
        remedy: "The message names it, why, and what became of the others.",
        example: || {
            let problem = errors::switch_failed(
                &CONNECTIONS,
                &id(),
                "green",
                &failure(Kind::Refused),
                Ok(&["blue".to_owned()]),
            );
            errors::environment_failed("test", "orders", &problem.into(), &lines("could not be switched"))
        },
    },
    Entry {
        name: "bad_environment_import",
        cause: "The id of an import of an environment is not `NAME/ALIAS,ALIAS`.",
        remedy: "Write it so.",
        example: || errors::bad_environment_import("test"),
    },
    Entry {
        name: "verify_failed",
        cause: "The other system of the connection does not answer as `verify` expects.",
        remedy: "Look at the other system, or correct `verify`.",
        example: || {
            let unverified = errors::Unverified {
                name: "green".to_owned(),
                question: "GET https://green.orders.example.com/health".to_owned(),
                sent: "from where Terraform runs",
                expected: "200".to_owned(),
                reason: "the other system answered with 503".to_owned(),
            };
            errors::verify_failed(
                &CONNECTIONS,
                &unverified,
                Some(&errors::LedBack { to: &["blue".to_owned()], worked: true }),
            )
        },
    },
    Entry {
        name: "pinned_elsewhere",
        cause: "A connection is to be active that another instance alone may send through, as after a clone.",
        remedy: "Correct `instance_name` of the connection, or check that this is the right instance.",
        example: || errors::pinned_elsewhere("Unifi connection", "orders - blue", "acme", "acmetest"),
    },
    Entry {
        name: "winner_doubtful",
        cause: "The credential of the connection that is to be active has expired, is inactive or was never used.",
        remedy: "Obtain a token or correct the credential, or add `verify`.",
        example: || {
            let reason = "the refresh token of \"green\" has run out";
            errors::winner_doubtful("connection", "green", "Expired", reason)
        },
    },
    Entry {
        name: "winner_unable",
        cause: "The connection that is to be active has no URL, or not what its way to sign in takes.",
        remedy: "Set what is missing, or choose another connection.",
        example: || errors::winner_unable(&UNIFI, "green", &["endpoint_url"]),
    },
    Entry {
        name: "group_does_not_follow",
        cause: "A Unifi integration is not active although one of its connections is.",
        remedy: "Look at the integration on the instance.",
        example: || errors::group_does_not_follow(&UNIFI, "orders"),
    },
    Entry {
        name: "two_claims",
        cause: "Two resources of one plan say which connection of an alias is active.",
        remedy: "Keep one of them.",
        example: || {
            errors::two_claims(
                &CONNECTIONS,
                Together::Against,
                "orders",
                "a `servicenow_connection_activation` that chooses \"blue\"",
                "the `servicenow_http_connection` \"green\" with `active = true`",
            )
        },
    },
];

fn lines(of_orders: &str) -> BTreeMap<String, String> {
    [("orders".to_owned(), of_orders.to_owned())].into()
}

pub(super) fn row() -> Row {
    Row {
        member: Member { sys_id: id(), active: true },
        name: "green".to_owned(),
        updated_by: "jane.doe".to_owned(),
        updated_on: "2026-01-31 12:00:00".to_owned(),
        class: "http_connection".to_owned(),
        place: None,
        domain: String::new(),
    }
}
