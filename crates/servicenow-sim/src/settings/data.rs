//! Settings of the rows and rules, of the state the instance is in, and of its latency.

use super::{Allowed, Setting};

/// What the instance does when a second connection of an alias becomes active.
pub const ONE_ACTIVE_RULE: &str = "one_active_rule";
/// Whether two active connections may share a credential.
pub const CREDENTIAL_ONCE_RULE: &str = "credential_once_rule";
/// Which characters the name of an alias may have.
pub const ALIAS_NAME_CHARACTERS: &str = "alias_name_characters";
/// How a two-way password reads.
pub const PASSWORD2_READ: &str = "password2_read";
/// When a written two-way password is encrypted.
pub const PASSWORD2_WRITE: &str = "password2_write";
/// Whether a query with an invalid part answers no rows.
pub const INVALID_QUERY_RETURNS_NO_ROWS: &str = "invalid_query_returns_no_rows";
/// Whether a choice column takes a value outside its choices.
pub const CHOICE_ALLOWS_NON_EXISTING_VALUE: &str = "choice_allows_non_existing_value";
/// Whether mandatory columns are enforced for web services.
pub const MANDATORY_COLUMNS: &str = "mandatory_columns";
/// What happens to references to a deleted record.
pub const DELETE_OF_REFERENCED: &str = "delete_of_referenced";

/// The settings.
pub const DATA: &[Setting] = &[
    Setting {
        name: ONE_ACTIVE_RULE,
        allowed: Allowed::Words(&["cascade", "refuse", "none"]),
        default: "cascade",
        meaning: "When a connection becomes active beside an active one of its alias and domain: deactivate \
                  the others, refuse the write, or allow both.",
        source: "documented that there is at most one active connection; how the instance keeps it is assumed",
    },
    Setting {
        name: CREDENTIAL_ONCE_RULE,
        allowed: Allowed::Words(&["refuse", "none"]),
        default: "refuse",
        meaning: "When a second active connection uses the same credential: refuse the write or allow it.",
        source: "documented",
    },
    Setting {
        name: ALIAS_NAME_CHARACTERS,
        allowed: Allowed::Words(&["wide", "word", "any"]),
        default: "wide",
        meaning: "Characters in the name of an alias: the wide set of newer releases, only letters, digits \
                  and underscore as in older documents, or any.",
        source: "documented, differently for different releases",
    },
    Setting {
        name: PASSWORD2_READ,
        allowed: Allowed::Words(&["ciphertext", "empty", "mask"]),
        default: "ciphertext",
        meaning: "What reading a two-way password gives: its ciphertext, an empty text or asterisks.",
        source: "seen differently by different clients",
    },
    Setting {
        name: PASSWORD2_WRITE,
        allowed: Allowed::Words(&["always", "display_value_only", "raw_unless_display_value"]),
        default: "display_value_only",
        meaning: "When a written two-way password is encrypted: always; only with \
                  sysparm_input_display_value=true and discarded without it; or stored raw, and so unusable, \
                  without it.",
        source: "documented for encrypted columns that the display-value path is needed; the rest is assumed",
    },
    Setting {
        name: INVALID_QUERY_RETURNS_NO_ROWS,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether a query with an unknown column or operator answers no rows instead of ignoring that \
                  part.",
        source: "documented: property glide.invalid_query.returns_no_rows",
    },
    Setting {
        name: CHOICE_ALLOWS_NON_EXISTING_VALUE,
        allowed: Allowed::Words(&["false", "true"]),
        default: "false",
        meaning: "Whether a choice column stores a value outside its choices; otherwise it keeps what it had.",
        source: "documented: property glide.rest.choice.allow_non_existing_value; that the old value stays is assumed",
    },
    Setting {
        name: MANDATORY_COLUMNS,
        allowed: Allowed::Words(&["ignored", "data_policy"]),
        default: "ignored",
        meaning: "Whether mandatory columns bind web services through a data policy.",
        source: "assumed",
    },
    Setting {
        name: DELETE_OF_REFERENCED,
        allowed: Allowed::Words(&["clear", "keep"]),
        default: "clear",
        meaning: "What happens to references to a deleted record: cleared, or kept without a target.",
        source: "assumed",
    },
];
