//! The messages about secrets that were written and asked about, with examples.

use super::Entry;
use crate::errors::{self, Rotated};

const ROTATED: Rotated<'static> = Rotated {
    noun: "basic auth credential",
    name: "Billing",
    secret: "password_wo",
    version: "password_wo_version",
    is_new: false,
};

/// These messages.
pub const ENTRIES: &[Entry] = &[
    Entry {
        name: "secret_not_accepted",
        cause: "A secret was written, and a system that it is for does not answer as `verify` expects to who signs in with \
                it. For what was just created it is a warning: after an error Terraform would replace it.",
        remedy: "Have the other system accept the secret, or write the right one with another version.",
        example: || {
            let question = "`GET https://billing.example.com/health` was sent from where Terraform runs, and 200 was expected";
            let outcomes = [
                "\"billing-eu\": it accepts the secret".to_owned(),
                format!("\"billing-us\": {question}: the other system answered with 401"),
            ];
            errors::secret_not_accepted(&ROTATED, &outcomes)
        },
    },
    Entry {
        name: "secret_not_proven",
        cause: "A secret was written, and `verify` could not ask every connection that signs in with it.",
        remedy: "Test the connections on the instance, or have the instance ask.",
        example: || {
            let reason = "\"billing-db\": not asked, because it is no HTTP connection";
            errors::secret_not_proven(&ROTATED, &[reason.to_owned()])
        },
    },
];
