//! The messages about groups that are kept from sending during a switch, with their causes and the way out.

use servicenow_core::Kind;

use super::{Entry, failure, id};
use crate::dialects::unifi::CONNECTIONS as UNIFI;
use crate::errors::{self, Left, Undrained, Why};

/// Every message of [`draining`](crate::errors).
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "not_drained",
        cause: "`wait_until_inactive_drained` is set, and the integration could not be paused, its transactions could not be \
                seen, or they did not come to their end in time.",
        remedy: "The message names what was met, and the setting that corrects a column or a state.",
        example: || {
            let reason = Undrained::Late {
                longest_s: 600,
                states: [("queued".to_owned(), 2), ("sending".to_owned(), 1)].into(),
                oldest: Some(left()),
            };
            errors::not_drained(&UNIFI, "Incident with Jira", &reason, true)
        },
    },
    Entry {
        name: "waiting_goes_to_new",
        cause: "`queued = \"send_to_new\"` is set, and transactions waited when the connection was switched.",
        remedy: "Nothing, if that is what is meant.",
        example: || errors::waiting_goes_to_new(&UNIFI, "Incident with Jira", &[left()]),
    },
    Entry {
        name: "still_paused",
        cause: "An integration was paused for a switch, and it could not be resumed or nobody knows through which connection it \
                would send.",
        remedy: "Look at which connection is active, then set the state of the integration back on the instance.",
        example: || {
            let reason = Why::Refused(failure(Kind::Refused));
            errors::still_paused(&UNIFI, ("Incident with Jira", &id()), "active", &reason)
        },
    },
    Entry {
        name: "group_is_paused",
        cause: "An activation with `wait_until_inactive_drained` finds its integration paused.",
        remedy: "Set its state back on the instance when it is to send again.",
        example: || errors::group_is_paused(&UNIFI, "Incident with Jira", &id()),
    },
];

fn left() -> Left {
    Left {
        number: "TX0000042".to_owned(),
        state: "queued".to_owned(),
        since: "2026-01-31 12:00:00".to_owned(),
    }
}
