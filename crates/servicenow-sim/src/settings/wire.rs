//! Settings of the web services: what they answer, who may ask, and how much.

use super::{Allowed, Setting};

/// Whether rows are counted before or after access controls hide some.
pub const TOTAL_COUNT: &str = "total_count";
/// What a list of a table answers that the user may not read.
pub const UNREADABLE_TABLE: &str = "unreadable_table";
/// What becomes of a condition on a column that the user may not read.
pub const UNREADABLE_COLUMN_IN_QUERY: &str = "unreadable_column_in_query";
/// Whether a write that names a column without write access is saved without it.
pub const UNWRITABLE_COLUMN: &str = "unwritable_column";
/// How long a session may rest.
pub const SESSION_TIMEOUT_MS: &str = "session_timeout_ms";
/// The second factor behind passwords.
pub const MFA_CODE: &str = "mfa_code";
/// Whether an API key needs an access policy.
pub const API_KEY_NEEDS_POLICY: &str = "api_key_needs_policy";
/// What is answered to somebody who created a row that it may not read.
pub const UNREADABLE_RESULT: &str = "unreadable_result";
/// Whether users see rows of other domains.
pub const DOMAIN_SEPARATION: &str = "domain_separation";

/// The settings.
pub const WIRE: &[Setting] = &[
    Setting {
        name: TOTAL_COUNT,
        allowed: Allowed::Words(&["before_access", "after_access"]),
        default: "before_access",
        meaning: "Whether X-Total-Count counts rows that access controls then hide.",
        source: "documented that it may exceed the visible rows",
    },
    Setting {
        name: UNREADABLE_TABLE,
        allowed: Allowed::Words(&["empty", "forbidden"]),
        default: "empty",
        meaning: "What a list of a table answers that the user may not read at all: no rows, or 403.",
        source: "no rows is documented and seen; the refusal is assumed",
    },
    Setting {
        name: UNREADABLE_COLUMN_IN_QUERY,
        allowed: Allowed::Words(&["dropped", "forbidden"]),
        default: "dropped",
        meaning: "A condition on a column that the user may not read is left out, or the request is refused.",
        source: "assumed",
    },
    Setting {
        name: UNWRITABLE_COLUMN,
        allowed: Allowed::Words(&["dropped", "forbidden"]),
        default: "dropped",
        meaning: "A written column without write access keeps what it has and the rest is saved, or the \
                  whole write is refused.",
        source: "assumed; a support article knows access controls that silence columns",
    },
    Setting {
        name: SESSION_TIMEOUT_MS,
        allowed: Allowed::Milliseconds,
        default: "60000",
        meaning: "Milliseconds that a session may rest before its cookie stands for nobody.",
        source: "documented: property glide.integration.session_timeout, one to five minutes",
    },
    Setting {
        name: MFA_CODE,
        allowed: Allowed::Text,
        default: "",
        meaning: "The code that users with a second factor put behind their password; none means that web \
                  services do not ask for it.",
        source: "documented: not asked for since Yokohama; the code itself is a wish of whoever tests",
    },
    Setting {
        name: API_KEY_NEEDS_POLICY,
        allowed: Allowed::Words(&["true", "false"]),
        default: "true",
        meaning: "Whether an API key is taken only where a REST API access policy admits API keys.",
        source: "documented",
    },
    Setting {
        name: UNREADABLE_RESULT,
        allowed: Allowed::Words(&["forbidden", "shown"]),
        default: "forbidden",
        meaning: "What is answered to somebody who creates a row that it may not read: 403 although the row \
                  is there, or the row.",
        source: "the title of a support article; the words of the answer are assumed",
    },
    Setting {
        name: DOMAIN_SEPARATION,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether rows of domains that are neither global nor the user's own are out of sight, unless \
                  sysparm_query_no_domain lifts that.",
        source: "documented; off unless a plugin is active",
    },
];
